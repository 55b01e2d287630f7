"""Procedures asked together: each judges its own share, and nothing is asked twice, lost, or out of reach."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import Definition, inputs_of, read_step
from forms.bundling import Composition, compose
from forms.catalogue.vocabulary import procedure_files
from forms.definition.procedure import questions_in
from forms.evaluation.program import program_of
from forms.fields import GroupField
from forms.fields.offering import OffersOptions
from forms.fields.path import head_of
from tests.kit.catalogue import loaded
from tests.unit.bundling.procedures import FILE, TODAY, answered, procedures
from tests.unit.forms.making import choice, definition, field, judged

Answered = tuple[Sequence[Definition], Composition, Mapping[str, Any]]


@cache
def with_forms() -> dict[str, Definition]:
    """The procedures of the catalogue that have a form of their own, by key."""
    definitions = map(loaded, procedure_files())
    return {made.procedure: made for made in definitions if made.has_form and not made.based_on}


def shipped(*keys: str) -> list[Definition]:
    return [with_forms()[key] for key in keys]


@given(answered())
def test_each_procedure_says_of_its_share_what_the_whole_says(given_: Answered) -> None:
    made, composition, answers = given_
    whole, shares = judged(composition, dict(answers)), composition.split(answers)
    for each in made:
        outcome, renaming = judged(each, shares[each.procedure]), composition.members[each.procedure].renaming
        assert {renaming.path(path) for path in outcome.visible} <= set(whole.visible)
        for path, errors in outcome.field_errors.items():
            together = whole.field_errors[renaming.path(path) or ""]
            assert {error.code for error in errors} <= {error.code for error in together}
        assert renaming.values(outcome.answers).keys() <= whole.answers.keys()
        assert outcome.fee == whole.shares[each.procedure].fee
    assert whole.complete == all(judged(each, shares[each.procedure]).complete for each in made)
    visible = {
        composition.members[each.procedure].renaming.path(path)
        for each in made
        for path in whole.shares[each.procedure].visible
    }
    assert visible == set(whole.visible)


@given(answered())
def test_shares_put_together_are_the_answers_and_do_not_depend_on_the_order_of_the_procedures(given_: Answered) -> None:
    made, composition, answers = given_
    kept = {name: value for name, value in answers.items() if not _has_strange_rows(composition, name, value)}
    assert composition.join(composition.split(kept)) == kept
    assert compose(made[::-1]).split(answers) == composition.split(answers)


@given(answered(junk=False), st.data())
def test_nothing_typed_on_a_page_is_lost(given_: Answered, data: st.DataObject) -> None:
    _made, composition, answers = given_
    step = data.draw(st.sampled_from(composition.steps))
    form = {name: [text] for name, text in _texts(composition, step.id, _without_empty_rows(answers)).items()}
    reading = read_step(composition, step.id, form, {}, {}, today=TODAY, files={"f1": FILE})
    kept = composition.join(composition.split(reading.answers))
    typed = composition.join_by_path(composition.split_by_path(reading.typed))
    assert _written(inputs_of(composition, step.id, kept, typed)) == {
        name: texts for name, texts in _written(form).items() if not _is_file_of_nobody(name, reading.answers)
    }


@given(answered(junk=False))
def test_a_page_is_read_as_its_procedures_judge_it(given_: Answered) -> None:
    _made, composition, answers = given_
    whole = judged(composition, dict(answers))
    for step in composition.steps:
        inputs = inputs_of(composition, step.id, answers)
        form = {name: [text] if isinstance(text, str) else text for name, text in inputs.items()}
        reading = read_step(composition, step.id, form, answers, {}, today=TODAY, files={"f1": FILE})
        here = {field.id for field in step.fields}
        if {name: value for name, value in reading.answers.items() if name in here} == {
            name: value for name, value in whole.answers.items() if name in here and name in answers
        }:
            judged_here = {head_of(path) for path in whole.field_errors if head_of(path) in here}
            assert judged_here <= {head_of(path) for path in reading.errors}


@given(procedures())
def test_everything_is_asked_under_ids_of_its_own_and_after_what_decides_it(made: Sequence[Definition]) -> None:
    composition = together(*made)
    page = {field.id: number for number, step in enumerate(composition.steps) for field in step.fields}
    assert page.keys() == composition.fields.keys()
    for each in made:
        renaming, program = composition.members[each.procedure].renaming, program_of(each)
        assert renaming.names.keys() == each.fields.keys()
        for name in each.fields:
            joint = renaming.names[name]
            if composition.fields[joint].show_when is not None:
                deciding = program.questions(*program.conditions.get(name, ()))
                assert all(page[renaming.names[other]] <= page[joint] for other in deciding)
    for question in composition.fields.values():
        for inner in questions_in(question):
            ids = [row.id for row in questions_in(inner)[1:]]
            assert len(ids) == len(set(ids))
    names = [field.id for step in composition.steps for field in step.fields]
    assert len(names) == len(set(names))


def test_a_single_procedure_is_its_own_form() -> None:
    (made,) = shipped("dog-registration")
    answers, typed = {"dog_name": "ムギ"}, {"name.family": "佐"}
    assert compose([made]) is made
    assert made.join(made.split(answers)) == answers
    assert made.join_by_path(made.split_by_path(typed)) == typed
    assert judged(made, answers).share("dog-registration") == judged(made, answers)


def test_the_shipped_procedures_ask_shared_questions_once() -> None:
    composition = compose(list(with_forms().values()))
    apart = {"person.address", "household.head"}  # of moving in and of moving out, which nobody does at once
    items = Counter(question.item for question in composition.fields.values() if question.item)
    items = Counter({item: count for item, count in items.items() if item not in apart})
    assert {item: count for item, count in items.items() if count > 1} == {}


def test_pages_follow_the_way_people_think() -> None:
    composition = compose(shipped("moving-in", "child-allowance", "dog-registration"))
    pages = [step.id for step in composition.steps]
    assert pages[:2] == ["who", "where"]
    subjects = [subject.procedure for page in pages if (subject := composition.subject(page))]
    changes = [first for first, second in pairwise([*subjects, ""]) if first != second]
    assert changes == ["moving-in", "child-allowance", "dog-registration"]
    assert composition.subject("who") is None
    assert [question.id for question in composition.step("who").fields] == [
        "person_name", "person_kana", "person_birthday", "person_phone",
    ]  # fmt: skip


def test_who_moves_gives_the_new_address_once() -> None:
    composition = compose(shipped("moving-in", "dog-registration"))
    address: Any = {"prefecture": "東京都", "city": "立川市", "town": "曙町", "block": "2-9-1"}
    shares = composition.split({"move_new_address": address})
    assert shares == {"moving-in": {"new_address": address}, "dog-registration": {"address": address}}


def test_the_stricter_of_two_limits_counts_while_both_ask() -> None:
    short = definition(field("pet", "text", item="dog.name", max_length=3), procedure="short")
    long = definition(field("dog", "text", item="dog.name", max_length=9), procedure="long")
    composition = together(long, short)
    reading = read_step(composition, "long__first", {"dog_name": ["コロコロ"]}, {}, {}, today=TODAY)
    assert list(reading.errors) == ["dog_name"]
    assert reading.typed == {"dog_name": "コロコロ"}


def test_a_limit_counts_only_while_its_procedure_asks() -> None:
    short = definition(
        field("has", "yes_no"), field("pet", "text", item="dog.name", max_length=3, show_when="has"), procedure="short"
    )
    long = definition(field("dog", "text", item="dog.name", max_length=9), procedure="long")
    composition = together(long, short)
    answers = {"dog_name": "コロコロ", "short__has": False}
    assert judged(composition, answers).complete
    assert list(judged(composition, answers | {"short__has": True}).errors) == ["dog_name"]


def test_an_answer_is_demanded_while_a_procedure_that_shows_it_demands_it() -> None:
    needs = definition(
        field("has", "yes_no"), field("pet", "text", item="dog.name", show_when="has"), procedure="needs"
    )
    may = definition(field("dog", "text", item="dog.name", required=False), procedure="may")
    composition = together(may, needs)
    assert judged(composition, {"needs__has": False}).complete
    demanded = judged(composition, {"needs__has": True})
    assert "dog_name" in demanded.required
    assert "dog_name" in demanded.errors


def test_a_check_stands_on_the_page_that_asks_the_last_of_what_it_speaks_of() -> None:
    rule = {"assert": "size(dog) < 4 || size == 'large'", "message": {"ja": "大きい犬です。"}}
    steps = [
        {"id": "one", "title": {"ja": "1"}, "fields": [field("dog", "text", item="dog.name")], "checks": []},
        {"id": "two", "title": {"ja": "2"}, "fields": [choice("size", "small", "large")], "checks": [rule]},
    ]
    composition = compose([definition(procedure="dogs", steps=steps), definition(procedure="other")])
    outcome = judged(composition, {"dog_name": "コロコロ", "dogs__size": "small", "other__note": "-"})
    assert outcome.errors == {"checks.dogs__two": ["大きい犬です。"]}


def test_what_several_procedures_say_alike_of_one_answer_stands_once() -> None:
    check = {"assert": "dog != 'ポチ'", "field": "dog", "message": {"ja": "ポチはいけません。"}}
    step = {"id": "one", "title": {"ja": "1"}, "fields": [field("dog", "text", item="dog.name")], "checks": [check]}
    composition = compose([definition(procedure=key, steps=[step]) for key in ("one", "two", "three")])
    assert judged(composition, {"dog_name": "ポチ"}).errors == {"dog_name": ["ポチはいけません。"]}


def test_help_that_only_one_procedure_gives_names_it() -> None:
    helps = definition(
        field("pet", "text", item="dog.name", help={"ja": "鑑札の名前です。"}), procedure="helps", title={"ja": "登録"}
    )
    silent = definition(field("dog", "text", item="dog.name"), procedure="silent")
    help_ = together(silent, helps).fields["dog_name"].help
    assert help_ is not None
    assert help_.root == {"ja": "「登録」：鑑札の名前です。"}


def together(*made: Definition) -> Composition:
    composition = compose(made)
    assert isinstance(composition, Composition)
    return composition


def test_procedures_that_cannot_be_put_together_are_refused() -> None:
    made = definition()
    for wrong in ([], [made, made]):
        with pytest.raises(ValueError, match="composition"):
            compose(wrong)


def _has_strange_rows(composition: Composition, name: str, value: Any) -> bool:
    """Whether rows, or parts of an answer, are none that a page could have read."""
    question = composition.fields[name]
    if question.type == "group":
        return not isinstance(value, list) or any(
            not isinstance(row, dict) or not row.keys() <= {inner.id for inner in questions_in(question)[1:]}
            for row in value
        )
    return isinstance(value, dict) and question.type == "applicant"


def _without_empty_rows(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Nobody types rows in which nothing stands."""
    return {
        name: [row for row in value if row] if isinstance(value, list) else value for name, value in answers.items()
    }


def _texts(composition: Composition, step_id: str, answers: Mapping[str, Any]) -> dict[str, str]:
    """What a person has typed into a page: answers, and something half done in every text."""
    texts = inputs_of(composition, step_id, answers)
    return {name: text for name, text in texts.items() if isinstance(text, str)}


def _written(inputs: Mapping[str, Any]) -> dict[str, list[str]]:
    listed = {name: [texts] if isinstance(texts, str) else list(texts) for name, texts in inputs.items()}
    return {name: texts for name, texts in listed.items() if any(texts)}


def _is_file_of_nobody(name: str, answers: Mapping[str, Any]) -> bool:
    return name.endswith(".files") and head_of(name) not in answers


def test_options_of_questions_in_rows_are_offered() -> None:
    composition = compose(shipped("moving-in", "dog-registration"))
    movers = composition.fields["household_members"]
    offers = judged(composition, {}).offers
    assert isinstance(movers, GroupField) and offers is not None
    assert not offers.is_plain(movers)
    row = offers.row(movers, [{}], 0)
    relation = row.questions["mover_relation"]
    assert isinstance(relation, OffersOptions)
    assert [option.id for option in row.offers.shown(relation)] == ["self", "spouse", "child", "parent", "other"]


def test_what_begins_with_the_same_answer_in_each_is_asked_once() -> None:
    both = compose(shipped("moving-in", "household-change"))
    [head] = [question for question in both.fields.values() if question.item == "household.head"]
    name = {"family": "山田", "given": "花子"}
    [question_id] = [question.id for question in both.fields.values() if question.item == "person.name"]
    whole = judged(both, {question_id: name})
    assert whole.answers[head.id] == name
    assert head.id in whole.defaults
    shares = both.split({question_id: name, head.id: {"family": "山田", "given": "太郎"}})
    assert {share["head"]["given"] for share in shares.values()} == {"太郎"}


def test_where_the_new_home_is_is_asked_once_and_answers_both() -> None:
    both = compose(shipped("moving-in", "school-transfer"))
    assert [field.id for field in both.fields.values() if field.is_place] == ["move_home"]
    place = {"geometry": {"type": "Point", "coordinates": [139.41, 35.7]}, "source": "address", "label": "曙町二丁目"}
    shares = both.split({"move_home": place})
    assert [shares[key]["home"] for key in ("moving-in", "school-transfer")] == [place, place]


def test_places_that_are_told_with_the_cases_of_a_procedure_are_asked_by_themselves() -> None:
    both = compose(shipped("road-occupancy", "road-damage"))
    assert sum(field.is_place for field in both.fields.values()) == sum(
        field.is_place for made in shipped("road-occupancy", "road-damage") for field in made.fields.values()
    )
