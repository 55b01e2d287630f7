"""What a change does to the examples that a department saved."""

import json
from typing import Any

from forms import ExampleEffect, example_effects, load
from tests.unit.forms.hall import Edit, fields, hall, option
from tests.unit.forms.making import field


def effects(edit: Edit) -> list[ExampleEffect]:
    saved, edited = hall(), hall()
    edit(edited)
    return example_effects(load(json.dumps(saved)), load(json.dumps(edited)))


def test_a_new_price_says_which_saved_examples_fail_with_both_fees() -> None:
    [effect] = effects(lambda d: option(d, 0)["values"].update(price=6000))
    assert (effect.name, effect.before, effect.after, effect.draft) == ("午前に2時間", 1500, 12300, "kept")
    assert effect.failures == ("手数料は1,500円のはずですが、12,300円です。",)
    assert effects(lambda d: option(d, 1)["values"].update(price=6000)) == []


def test_a_saved_example_that_the_draft_corrected_or_dropped() -> None:
    def corrected(definition: dict[str, Any], fee: int) -> None:
        option(definition, 0)["values"]["price"] = 6000
        definition["examples"][0]["expect"]["fee"] = fee

    def dropped(definition: dict[str, Any]) -> None:
        option(definition, 0)["values"]["price"] = 6000
        definition["examples"] = []

    [effect] = effects(lambda d: corrected(d, 12300))
    assert (effect.after, effect.draft) == (12300, "corrected")
    [effect] = effects(lambda d: corrected(d, 9000))
    assert (effect.after, effect.draft) == (12300, "failing")
    [effect] = effects(dropped)
    assert (effect.before, effect.after, effect.draft) == (1500, 12300, "dropped")


def test_a_fee_that_no_example_expects_is_compared_all_the_same() -> None:
    saved, edited = hall(), hall()
    for definition in (saved, edited):
        definition["examples"][0]["expect"] = {}
    edited["fee"].pop()
    [effect] = example_effects(load(json.dumps(saved)), load(json.dumps(edited)))
    assert (effect.before, effect.after, effect.failures) == (1500, 1200, ())


def test_a_new_question_does_not_make_an_example_fail() -> None:
    assert effects(lambda d: fields(d).append(field("more", "text"))) == []
