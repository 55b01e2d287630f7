"""Eight households beside what a good clerk would tell them: what is true of each, and the plan and the forms that follow.

A plan may hold more that is optional; it must not lack what is named, nor hold what is excluded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from forms import Definition
from forms.catalogue.vocabulary import procedure_files, shipped
from forms.fields import FieldType, GroupField
from forms.fields.group import rows_of
from forms.routing import UNSURE, Facts, KnownFact, Plan, Router
from tests.kit.catalogue import loaded

HOME = {"label": "曙町2丁目", "town": "曙町", "lon": 139.4136, "lat": 35.6979}
NOT_OTHERWISE = {"birth": False, "bereavement": False, "disaster": False}


@dataclass(frozen=True)
class Person:
    """Somebody by name, reading and day of birth, as forms ask for them."""

    given: str
    kana: str
    birthday: str

    def answers(self) -> dict[str, Any]:
        """By the last words of the shared items."""
        return {
            "name": {"family": "佐藤", "given": self.given},
            "kana": {"family": "サトウ", "given": self.kana},
            "birthday": self.birthday,
        }


APPLICANT = Person("美咲", "ミサキ", "1990-04-02")
STUDENT = Person("美咲", "ミサキ", "2004-06-01")
PARTNER = Person("健太", "ケンタ", "1988-07-15")
PUPIL = Person("葵", "アオイ", "2017-05-03")
TODDLER = Person("陽", "ハル", "2024-08-10")
BABY = Person("陽", "ハル", "2026-11-10")


@dataclass(frozen=True)
class Household:
    """What is true of it, on which day it asks by which window, and what its plan must and must not hold.

    Facts that are not written are answered with no. `due` has last days by procedure. `people` are those whom its forms are about.
    """

    today: date
    events: frozenset[str]
    entrance: Mapping[str, Any]
    truth: Mapping[str, Any]
    needed: frozenset[str]
    excluded: frozenset[str]
    due: Mapping[str, date] = field(default_factory=dict)
    to_confirm: frozenset[str] = frozenset()
    people: tuple[Person, ...] = ()


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
        people=(APPLICANT, PARTNER, PUPIL, TODDLER),
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
        people=(BABY,),
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
        due={"livelihood-recovery-grant": date(2027, 11, 11), "school-supplies": date(2026, 10, 26)},
        people=(APPLICANT, PUPIL),
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
        people=(STUDENT,),
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
        people=(APPLICANT,),
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
        people=(APPLICANT,),
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
    """The procedures that come with Madoguchi."""
    return tuple(loaded(path) for path in procedure_files())


@cache
def router() -> Router:
    """The router over all of them."""
    return Router(definitions(), shipped().facts)


def among(events: Iterable[str]) -> frozenset[str]:
    """The procedures of these life events."""
    return frozenset(
        made.procedure
        for made in definitions()
        if made.routing and not set(events).isdisjoint(made.routing.life_events)
    )


@dataclass(frozen=True)
class Asked:
    """The plan of a household, how many pages were asked, how many facts it could rest on, and what is known by then."""

    plan: Plan
    pages: int
    used: int
    facts: Facts


@cache
def ask(name: str) -> Asked:
    """Lead a household to its plan."""
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
    plan = router().plan(facts, today=household.today, among=keys)
    return Asked(plan, pages, len(router().facts_of(keys)), facts)


def forms_of(name: str) -> list[Definition]:
    """The procedures with a form among those that the household needs, in the order of its plan."""
    plan = ask(name).plan
    by_key = {made.procedure: made for made in definitions()}
    needed = [by_key[entry.key] for entry in plan.included if entry.key in HOUSEHOLDS[name].needed]
    return [made for made in needed if made.has_form]


def answers_of(name: str, definition: Definition) -> dict[str, Any]:
    """What a household answers in one form: the first example of the form without faults, about the people of the household."""
    people = HOUSEHOLDS[name].people
    example = next(example for example in definition.examples if not example.expect.errors)
    answers = dict(example.answers)
    first = STUDENT if STUDENT in people else APPLICANT
    known = {f"person.{word}": value for word, value in first.answers().items()} | {
        "person.address": HOME_ADDRESS,
        "household.head": first.answers()["name"],
    }
    for question in definition.fields.values():
        if question.item in known and question.id in answers:
            answers[question.id] = known[question.item]
        elif isinstance(question, GroupField) and (meant := _PEOPLE.get(question.item or "")):
            rows = rows_of(answers[question.id])
            answers[question.id] = [
                _about(question.fields, rows[min(number, len(rows) - 1)], person)
                for number, person in enumerate(person for person in people if meant[0] <= person.birthday < meant[1])
            ]
    return answers


HOME_ADDRESS = {
    "postal_code": "1900012",
    "prefecture": "東京都",
    "city": "立川市",
    "town": "曙町",
    "block": "2丁目17番3号",
    "building": "402",
}
#: Born between which days the people are whom a group asks for, on the day of the examples.
_PEOPLE: Mapping[str, tuple[str, str]] = {
    "household.members": ("1900", "2100"),
    "household.insured": ("1900", "2100"),
    "household.children": ("2008-04-02", "2100"),
    "household.pupils": ("2011-04-02", "2020-04-02"),
    "household.infants": ("2020-04-02", "2100"),
}


def _about(questions: Iterable[FieldType], row: Mapping[str, Any], person: Person) -> dict[str, Any]:
    answers = person.answers()
    words = {question.id: (question.item or "").rpartition(".")[2] for question in questions}
    return {name: answers.get(words[name], value) for name, value in row.items()}
