"""Eight households beside what a good clerk would tell them, by the router and the procedures that come with Madoguchi.

A plan may hold more that is optional; it must not lack what is named, nor hold what is excluded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from forms import Definition
from forms.catalogue.vocabulary import procedure_files, shipped
from forms.routing import UNSURE, KnownFact, Plan, Router, order_cycle
from tests.kit.catalogue import loaded

HOME = {"label": "曙町2丁目", "lon": 139.4136, "lat": 35.6979}
NOT_OTHERWISE = {"birth": False, "bereavement": False, "disaster": False}


@dataclass(frozen=True)
class Household:
    """What is true of it, on which day it asks by which window, and what its plan must and must not hold.

    Facts that are not written are answered with no. `due` has last days by procedure.
    """

    today: date
    events: frozenset[str]
    entrance: Mapping[str, Any]
    truth: Mapping[str, Any]
    needed: frozenset[str]
    excluded: frozenset[str]
    due: Mapping[str, date] = field(default_factory=dict)
    to_confirm: frozenset[str] = frozenset()


HOUSEHOLDS = {
    "a family of four with a dog moves in": Household(
        today=date(2027, 3, 30),
        events=frozenset({"moving"}),
        entrance={"moving": True, **NOT_OTHERWISE},
        truth={
            "move_kind": "in",
            "moved_on": date(2027, 3, 28),
            "new_home": HOME,
            "school_district": "第二小学校",
            "has_my_number_card": True,
            "household_has_children": True,
            "has_school_children": True,
            "wants_childcare": True,
            "has_dog": True,
            "has_bulky_waste": True,
        },
        needed=frozenset(
            {"moving-in", "my-number-card-address", "child-allowance", "child-medical", "school-transfer"}
            | {"childcare-application", "dog-registration", "bulky-waste", "seal-registration", "water-service"}
        ),
        excluded=frozenset(
            {"national-health-insurance-join", "national-pension-join", "national-pension-address"}
            | {"care-certification-transfer", "residence-card-address", "moving-out", "household-change"}
        ),
        due={
            "moving-in": date(2027, 4, 12),
            "child-allowance": date(2027, 4, 12),
            "dog-registration": date(2027, 4, 27),
        },
    ),
    "a first child is born": Household(
        today=date(2027, 4, 22),
        events=frozenset({"birth", "childcare", "school"}),
        entrance={"moving": False, "bereavement": False, "disaster": False},
        truth={
            "birth": True,
            "child_born_on": date(2027, 4, 20),
            "is_first_child": True,
            "low_birth_weight": True,
            "uses_national_health_insurance": True,
            "mother_pays_national_pension": True,
            "wants_childcare": UNSURE,
        },
        needed=frozenset(
            {"birth-notification", "child-allowance", "national-health-insurance-join", "child-medical"}
            | {"childbirth-lump-sum", "low-birth-weight", "maternity-pension-exemption"}
            | {"maternity-insurance-reduction", "newborn-visit"}
        ),
        excluded=frozenset({"child-allowance-workplace", "single-parent-support", "child-allowance-change"}),
        due={
            "birth-notification": date(2027, 5, 6),
            "child-allowance": date(2027, 5, 6),
            "national-health-insurance-join": date(2027, 5, 6),
            "childbirth-lump-sum": date(2029, 4, 20),
        },
        to_confirm=frozenset({"childcare-application"}),
    ),
    "a widow, for whom a daughter asks": Household(
        today=date(2027, 1, 7),
        events=frozenset({"mourning"}),
        entrance={"bereavement": True, "moving": False, "birth": False, "disaster": False},
        truth={
            "death_known_on": date(2027, 1, 5),
            "deceased_insurance": "late_elderly",
            "deceased_pension": "employees",
            "deceased_had_care_insurance": True,
            "deceased_owned_property": True,
            "deceased_cemetery": True,
            "deceased_owned_light_vehicle": True,
        },
        needed=frozenset(
            {"death-notification", "late-elderly-insurance-death", "late-elderly-funeral", "care-insurance-card-return"}
            | {"pension-death", "pension-unpaid", "property-owner", "light-vehicle-transfer", "cemetery-succession"}
            | {"bereavement-counter", "inheritance-registration", "inheritance-tax", "inheritance-renunciation"}
        ),
        excluded=frozenset(
            {"new-household-head", "national-health-insurance-death", "farmland-inheritance", "city-housing-succession"}
        ),
        due={
            "death-notification": date(2027, 1, 12),
            "care-insurance-card-return": date(2027, 1, 19),
            "late-elderly-funeral": date(2029, 1, 5),
            "property-owner": date(2027, 4, 5),
        },
    ),
    "a flooded house": Household(
        today=date(2026, 10, 14),
        events=frozenset({"disaster"}),
        entrance={"disaster": True, "moving": False, "birth": False, "bereavement": False},
        truth={
            "damage_cause": "nature",
            "damaged_on": date(2026, 10, 11),
            "home_damaged": True,
            "home_unlivable": True,
            "belongings_damaged": True,
            "severely_damaged": True,
            "has_debris": True,
            "household_has_children": True,
            "has_school_children": True,
            "has_bulky_waste": True,
        },
        needed=frozenset(
            {"disaster-certificate", "damage-certificate", "emergency-repair", "temporary-housing", "debris-removal"}
            | {"livelihood-recovery-grant", "tax-reductions", "waste-fee-exemption", "school-supplies"}
        ),
        excluded=frozenset({"fire-certificate", "condolence-grant", "injury-grant", "reassessment"}),
        due={"livelihood-recovery-grant": date(2027, 11, 11)},
    ),
    "a student from abroad": Household(
        today=date(2027, 4, 5),
        events=frozenset({"moving"}),
        entrance={"moving": True, **NOT_OTHERWISE},
        truth={
            "move_kind": "from_abroad",
            "moved_on": date(2027, 4, 1),
            "has_foreign_national": True,
            "uses_national_health_insurance": True,
            "pays_national_pension": True,
            "is_student": True,
            "new_home": HOME,
        },
        needed=frozenset(
            {"moving-in", "from-abroad-papers", "residence-card-address", "national-health-insurance-join"}
            | {"national-pension-join", "student-pension-deferral", "my-number-card-application"}
        ),
        excluded=frozenset({"my-number-card-address", "child-allowance", "dog-registration", "moving-out"}),
        due={
            "moving-in": date(2027, 4, 15),
            "national-health-insurance-join": date(2027, 4, 15),
            "residence-card-address": date(2027, 4, 15),
        },
    ),
    "leaving for another city": Household(
        today=date(2027, 2, 20),
        events=frozenset({"moving"}),
        entrance={"moving": True, **NOT_OTHERWISE},
        truth={
            "move_kind": "out",
            "moved_on": date(2027, 3, 1),
            "has_my_number_card": True,
            "uses_national_health_insurance": True,
            "has_small_motorcycle": True,
        },
        needed=frozenset({"moving-out", "national-health-insurance-leave", "motorcycle-deregistration"}),
        excluded=frozenset({"moving-out-certificate", "seal-registration", "moving-in", "motorcycle-plate"}),
        due={"moving-out": date(2027, 3, 11), "national-health-insurance-leave": date(2027, 3, 15)},
    ),
    "arriving from another city of this installation": Household(
        today=date(2027, 3, 2),
        events=frozenset({"moving"}),
        entrance={"moving": True, **NOT_OTHERWISE},
        truth={
            "move_kind": "in",
            "moved_on": date(2027, 3, 1),
            "has_my_number_card": True,
            "new_home": HOME,
            "uses_national_health_insurance": True,
            "has_small_motorcycle": True,
        },
        needed=frozenset({"moving-in", "national-health-insurance-join", "motorcycle-plate", "my-number-card-address"}),
        excluded=frozenset({"moving-out", "moving-out-certificate", "national-health-insurance-leave"}),
        due={"moving-in": date(2027, 3, 15), "national-health-insurance-join": date(2027, 3, 15)},
    ),
    "a scaffold on a city road": Household(
        today=date(2026, 12, 1),
        events=frozenset({"business", "building"}),
        entrance={"moving": False, **NOT_OTHERWISE},
        truth={"occupies_road": True, "occupancy_start": date(2027, 1, 12)},
        needed=frozenset({"road-occupancy", "road-use-permit"}),
        excluded=frozenset({"outdoor-sign", "loud-works"}),
        due={"road-occupancy": date(2026, 12, 28)},  # 29 December is closed: the open day before
    ),
}


@cache
def definitions() -> tuple[Definition, ...]:
    return tuple(loaded(path) for path in procedure_files())


@cache
def router() -> Router:
    return Router(definitions(), shipped().facts)


def among(events: Iterable[str]) -> frozenset[str]:
    return frozenset(
        made.procedure
        for made in definitions()
        if made.routing and not set(events).isdisjoint(made.routing.life_events)
    )


@cache
def ask(name: str) -> tuple[Plan, int, int]:
    """The plan, how many pages were asked, and how many facts it rests on."""
    household = HOUSEHOLDS[name]
    keys = among(household.events)
    facts = {name: KnownFact(value, "entrance") for name, value in household.entrance.items()}
    pages = 0
    while (question := router().next_question(facts, today=household.today, among=keys)) is not None:
        pages += 1
        assert pages < 30
        for fact_name in question.together:
            facts[fact_name] = KnownFact(household.truth.get(fact_name, False))
            if router().facts[fact_name].type == "place":
                facts |= {  # as the portal does: the map answers at the address
                    other: KnownFact(household.truth.get(other, False), "map")
                    for other, fact in router().facts.items()
                    if fact.from_map and fact.from_map.at == fact_name and other in household.truth
                }
    used = router().facts_of(keys)
    return router().plan(facts, today=household.today, among=keys), pages, len(used)


@pytest.mark.parametrize("name", HOUSEHOLDS)
def test_a_household_is_told_what_a_good_clerk_would_tell_it(name: str) -> None:
    household = HOUSEHOLDS[name]
    plan, _pages, _used = ask(name)
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
    shares = [Fraction(pages, used) for _plan, pages, used in map(ask, HOUSEHOLDS)]
    assert sum(shares) / len(shares) <= Fraction(1, 2)


def test_a_broken_street_light_is_reported_at_once() -> None:
    """Who comes for it is asked nothing."""
    facts = {"found_road_damage": KnownFact(True, "entrance")}
    known = {"today": date(2027, 1, 4), "among": {"road-damage"}}
    assert router().next_question(facts, **known) is None
    assert [entry.key for entry in router().plan(facts, **known).included] == ["road-damage"]


def test_what_waits_for_another_procedure_stands_behind_it() -> None:
    plan, _pages, _used = ask("a family of four with a dog moves in")
    keys = [entry.key for entry in plan.included]
    assert keys.index("moving-in") < min(
        keys.index(key) for key in ("my-number-card-address", "child-medical", "school-transfer")
    )
    assert plan.entry("school-transfer").shown == ("school_district",)


def test_no_procedure_waits_for_itself_in_the_end() -> None:

    after = {made.procedure: made.routing.after if made.routing else () for made in definitions()}
    assert [way for key in after if (way := order_cycle(after, key))] == []
    assert {key for keys in after.values() for key in keys} <= after.keys()
