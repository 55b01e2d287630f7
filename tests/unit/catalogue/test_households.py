"""Eight households beside what a good clerk would tell them, by the router and the procedures that come with Madoguchi."""

from datetime import date
from fractions import Fraction

import pytest

from forms import evaluate
from forms.routing import KnownFact, order_cycle
from tests.kit.entries import CITY, DAY, bundles
from tests.kit.households import HOUSEHOLDS, ask, definitions, router


@pytest.mark.parametrize("name", HOUSEHOLDS)
def test_a_household_is_told_what_a_good_clerk_would_tell_it(name: str) -> None:
    household = HOUSEHOLDS[name]
    plan = ask(name).plan
    included = {entry.key for entry in plan.included}
    assert household.needed - included == set()
    assert household.excluded & included == set()
    certain = {entry.key for entry in plan.entries if entry.status in ("needed", "optional")}
    assert {entry.key for entry in plan.entries if entry.status == "to_confirm"} == household.to_confirm
    assert household.needed <= certain
    due = {entry.key: entry.due.day for entry in plan.entries if entry.due}
    assert {key: due.get(key) for key in household.due} == household.due
    assert plan.open == 0


def test_at_most_half_of_the_facts_are_asked_on_average() -> None:
    shares = [Fraction(interview.pages, interview.used) for interview in map(ask, HOUSEHOLDS)]
    assert sum(shares) / len(shares) <= Fraction(1, 2)


def test_a_broken_street_light_is_reported_at_once() -> None:
    """Who comes for it is asked nothing."""
    facts = {"found_road_damage": KnownFact(True, "entrance")}
    known = {"today": date(2027, 1, 4), "among": {"road-damage"}}
    assert router().next_question(facts, **known) is None
    assert [entry.key for entry in router().plan(facts, **known).included] == ["road-damage"]


def test_what_waits_for_another_procedure_stands_behind_it() -> None:
    plan = ask("a family of four with a dog moves in").plan
    keys = [entry.key for entry in plan.included]
    assert keys.index("moving-in") < min(
        keys.index(key) for key in ("my-number-card-address", "child-medical", "school-transfer")
    )
    assert plan.entry("school-transfer").shown == ("school_district",)


def test_no_procedure_waits_for_itself_in_the_end() -> None:

    after = {made.procedure: made.routing.after if made.routing else () for made in definitions()}
    assert [way for key in after if (way := order_cycle(after, key))] == []
    assert {key for keys in after.values() for key in keys} <= after.keys()


def test_a_household_can_send_its_bundle() -> None:
    assert len(bundles()) > 3
    for name, bundle in bundles().items():
        outcome = evaluate(bundle.form, bundle.answers, bundle.facts, today=DAY, city=CITY)
        errors = {path: [error.code for error in errors] for path, errors in outcome.field_errors.items()}
        assert errors == {}, name
        assert outcome.check_failures == (), name
        assert outcome.complete, name


def test_a_bundle_spares_most_entries_of_its_separate_forms() -> None:
    spared = {name: bundle.spared for name, bundle in bundles().items()}
    assert sum(spared.values()) / len(spared) >= Fraction(3, 5), {name: float(share) for name, share in spared.items()}
