"""The questions of each life event beside the procedures that an answer brings, with their last days where the law sets one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from forms.routing import KnownFact, Plan
from tests.kit.households import HOME, among, router

MOVED, BORN, KNOWN, DAMAGED = date(2027, 3, 28), date(2027, 4, 20), date(2027, 1, 5), date(2026, 10, 11)
EVENTS: Mapping[str, tuple[set[str], dict[str, Any]]] = {
    "move": ({"moving"}, {"moving": True, "moved_on": MOVED, "new_home": HOME, "move_kind": "in"}),
    "birth": ({"birth"}, {"birth": True, "child_born_on": BORN}),
    "death": (
        {"mourning"},
        {"bereavement": True, "death_known_on": KNOWN, "deceased_insurance": "national", "deceased_pension": "none"},
    ),
    "disaster": ({"disaster"}, {"disaster": True, "damage_cause": "nature", "damaged_on": DAMAGED}),
}


@dataclass(frozen=True)
class Row:
    """What is true beside the event, and the procedures that the plan holds (with the last day, if the law sets one) or must not hold."""

    event: str
    truth: Mapping[str, Any]
    holds: Mapping[str, date | None]
    lacks: frozenset[str] = field(default=frozenset())


def row(event: str, holds: Mapping[str, date | None], lacks: str = "", **truth: Any) -> Row:
    return Row(event, truth, holds, frozenset(lacks.split()))


ROWS = {
    "M0 in": row("move", {"former-city-moving-out": date(2027, 4, 7), "moving-in": date(2027, 4, 12)}, "moving-out"),
    "M0 within": row("move", {"moving-within": date(2027, 4, 12)}, "moving-in seal-registration", move_kind="within"),
    "M0 out": row(
        "move", {"moving-out": date(2027, 4, 7), "moving-out-certificate": None}, "moving-in", move_kind="out"
    ),
    "M0 from abroad": row(
        "move",
        {"moving-in": date(2027, 4, 12), "from-abroad-papers": date(2027, 4, 12)},
        "former-city-moving-out",
        move_kind="from_abroad",
    ),
    "M0 abroad": row("move", {"moving-abroad": date(2027, 3, 26)}, "moving-out", move_kind="to_abroad"),
    "M1": row("move", {"household-change": date(2027, 4, 12)}, household_changes=True),
    "M2 in": row(
        "move",
        {"my-number-card-address": date(2027, 6, 28)},
        "my-number-card-application",
        has_my_number_card=True,
    ),
    "M2 within": row(
        "move", {"my-number-card-address": date(2027, 4, 12)}, move_kind="within", has_my_number_card=True
    ),
    "M2 out": row("move", {"moving-out": None}, "moving-out-certificate", move_kind="out", has_my_number_card=True),
    "M3": row("move", {"residence-card-address": date(2027, 4, 12)}, has_foreign_national=True),
    "M4 in": row("move", {"national-health-insurance-join": date(2027, 4, 12)}, uses_national_health_insurance=True),
    "M4 within": row(
        "move",
        {"national-health-insurance-address": date(2027, 4, 12)},
        "national-health-insurance-join",
        move_kind="within",
        uses_national_health_insurance=True,
    ),
    "M4 abroad": row(
        "move",
        {"national-health-insurance-leave": date(2027, 4, 12)},
        move_kind="to_abroad",
        uses_national_health_insurance=True,
    ),
    "M5 linked": row("move", {}, "national-pension-address", pays_national_pension=True, has_my_number_card=True),
    "M5 not linked": row("move", {"national-pension-address": date(2027, 4, 12)}, pays_national_pension=True),
    "M5 abroad": row("move", {"national-pension-abroad": None}, move_kind="to_abroad", pays_national_pension=True),
    "M6": row("move", {"late-elderly-insurance-move": date(2027, 4, 12)}, has_late_elderly=True),
    "M7 in": row("move", {"care-certification-transfer": date(2027, 4, 12)}, has_care_certification=True),
    "M7 out": row("move", {"care-insurance-move": date(2027, 4, 12)}, move_kind="out", has_care_certification=True),
    "M8 in": row("move", {"child-allowance": date(2027, 4, 12), "child-medical": None}, household_has_children=True),
    "M8 within": row(
        "move",
        {"child-allowance-address": date(2027, 4, 12), "child-medical-change": date(2027, 4, 12)},
        "child-allowance",
        move_kind="within",
        household_has_children=True,
    ),
    "M8 out": row(
        "move",
        {"child-allowance-end": None, "child-medical-change": None},
        "child-allowance",
        move_kind="out",
        household_has_children=True,
    ),
    "M9 in": row("move", {"school-transfer": None}, household_has_children=True, has_school_children=True),
    "M9 out": row(
        "move", {"school-leave": None}, move_kind="out", household_has_children=True, has_school_children=True
    ),
    "M10 in": row(
        "move",
        {"childcare-application": None, "after-school-care": None},
        "childcare-leave",
        household_has_children=True,
        wants_childcare=True,
        uses_after_school_care=True,
    ),
    "M10 out": row(
        "move",
        {"childcare-leave": None},
        "childcare-application",
        move_kind="out",
        household_has_children=True,
        wants_childcare=True,
    ),
    "M11": row("move", {"pregnancy-vouchers": None}, is_pregnant=True),
    "M12": row("move", {"disability-address": None}, has_disability_certificate=True),
    "M13": row(
        "move",
        {"dog-registration": date(2027, 4, 27), "motorcycle-plate": date(2027, 4, 12), "seal-registration": None},
        has_dog=True,
        has_small_motorcycle=True,
    ),
    "M13 out": row(
        "move",
        {"motorcycle-deregistration": None},
        "dog-registration seal-registration",
        move_kind="out",
        has_dog=True,
        has_small_motorcycle=True,
    ),
    "M14": row("move", {"water-service": date(2027, 3, 25), "bulky-waste": None}, has_bulky_waste=True),
    "N0": row("birth", {"birth-notification": date(2027, 5, 6)}),
    "N0 abroad": row("birth", {"birth-notification": date(2027, 7, 20)}, born_abroad=True),
    "N1 first": row("birth", {"child-allowance": date(2027, 5, 6)}, "child-allowance-change", is_first_child=True),
    "N1 second": row("birth", {"child-allowance-change": date(2027, 5, 6)}, "child-allowance"),
    "N1 public servant": row(
        "birth",
        {"child-allowance-workplace": date(2027, 5, 6)},
        "child-allowance child-allowance-change",
        is_public_servant=True,
    ),
    "N2 N3 N4 national": row(
        "birth",
        {"national-health-insurance-join": date(2027, 5, 6), "child-medical": None}
        | {"childbirth-lump-sum": date(2029, 4, 20)},
        "employee-insurance-child",
        uses_national_health_insurance=True,
    ),
    "N2 employer": row("birth", {"employee-insurance-child": None, "child-medical": None}, "childbirth-lump-sum"),
    "N5": row("birth", {"low-birth-weight": None, "premature-infant-care": None}, low_birth_weight=True),
    "N6": row("birth", {"newborn-visit": None, "infant-health": None, "birth-support-benefit": None}),
    "N7": row(
        "birth",
        {"single-parent-support": None, "child-disability-support": None},
        single_parent=True,
        child_has_disability=True,
    ),
    "N8": row(
        "birth",
        {"maternity-pension-exemption": None, "maternity-insurance-reduction": None},
        uses_national_health_insurance=True,
        mother_pays_national_pension=True,
    ),
    "N10 foreign": row(
        "birth",
        {"child-residence-status": date(2027, 5, 19), "child-passport": None},
        child_is_foreign=True,
    ),
    "N10 foreign, born abroad": row(
        "birth", {"child-passport": None}, "child-residence-status", child_is_foreign=True, born_abroad=True
    ),
    "N10 Japanese": row("birth", {}, "child-residence-status child-passport"),
    "N9": row("birth", {"childcare-application": None}, wants_childcare=True),
    "O0": row("death", {"death-notification": date(2027, 1, 12), "bereavement-counter": None}, "new-household-head"),
    "O0 filed by the undertaker": row(
        "death", {"bereavement-counter": None}, "death-notification", death_notification_filed=True
    ),
    "O0 abroad": row("death", {"death-notification": date(2027, 4, 5)}, died_abroad=True),
    "O1": row("death", {"new-household-head": date(2027, 1, 19)}, head_of_household_died=True),
    "O2 national": row(
        "death",
        {"national-health-insurance-death": date(2027, 1, 19), "national-health-funeral": date(2029, 1, 5)},
        "employee-funeral late-elderly-funeral",
    ),
    "O2 late elderly": row(
        "death",
        {"late-elderly-insurance-death": date(2027, 1, 19), "late-elderly-funeral": date(2029, 1, 5)},
        "national-health-funeral",
        deceased_insurance="late_elderly",
    ),
    "O2 employer": row(
        "death", {"employee-funeral": date(2029, 1, 5)}, "national-health-funeral", deceased_insurance="employee"
    ),
    "O3": row("death", {"care-insurance-card-return": date(2027, 1, 19)}, deceased_had_care_insurance=True),
    "O4 employees": row(
        "death",
        {"pension-death": date(2027, 1, 15), "pension-unpaid": date(2032, 1, 5), "survivors-pension": None},
        deceased_pension="employees",
    ),
    "O4 national": row("death", {"pension-death": date(2027, 1, 19)}, deceased_pension="national"),
    "O4 contributing": row(
        "death", {"survivors-pension": date(2029, 1, 5)}, "pension-unpaid", deceased_pension="contributing"
    ),
    "O5": row(
        "death",
        {"property-owner": date(2027, 4, 5), "inheritance-registration": date(2030, 1, 7)},
        deceased_owned_property=True,
    ),
    "O6 car": row(
        "death", {"light-vehicle-transfer": None}, "small-motorcycle-succession", deceased_owned_light_vehicle=True
    ),
    "O6 moped": row(
        "death", {"small-motorcycle-succession": None}, "light-vehicle-transfer", deceased_owned_small_motorcycle=True
    ),
    "O7": row("death", {"disability-return": None}, deceased_had_disability_certificate=True),
    "O8": row(
        "death",
        {"child-allowance-recipient": date(2027, 1, 20), "surviving-parent-support": None},
        deceased_had_children=True,
    ),
    "O9": row(
        "death",
        {"city-housing-succession": None, "cemetery-succession": None, "farmland-inheritance": date(2027, 11, 5)}
        | {"dog-owner-change": date(2027, 2, 4), "water-name-change": None},
        deceased_city_housing=True,
        deceased_cemetery=True,
        deceased_farmland=True,
        deceased_had_dog=True,
        deceased_water_contract=True,
    ),
    "O10": row(
        "death",
        {"inheritance-renunciation": date(2027, 4, 5), "final-tax-return": date(2027, 5, 6)}
        | {"inheritance-tax": date(2027, 11, 5)},
        deceased_filed_tax=True,
    ),
    "S0 fire": row(
        "disaster", {"fire-certificate": None}, "disaster-certificate", damage_cause="fire", home_damaged=True
    ),
    "S0 S1 home": row(
        "disaster", {"disaster-certificate": None}, "fire-certificate damage-certificate", home_damaged=True
    ),
    "S1 car": row("disaster", {"damage-certificate": None}, "disaster-certificate", belongings_damaged=True),
    "S4": row("disaster", {"reassessment": None}, home_damaged=True, disagrees_with_assessment=True),
    "S5": row(
        "disaster",
        {"evacuation-shelter": None, "temporary-housing": None, "emergency-repair": None, "debris-removal": None},
        home_damaged=True,
        home_unlivable=True,
        has_debris=True,
    ),
    "S6": row(
        "disaster",
        {"condolence-grant": None, "injury-grant": None},
        family_died_in_disaster=True,
        family_injured_in_disaster=True,
    ),
    "S7": row(
        "disaster",
        {"livelihood-recovery-grant": date(2027, 11, 11), "disaster-relief-loan": None},
        home_damaged=True,
        severely_damaged=True,
    ),
    "S8": row("disaster", {"tax-reductions": None, "waste-fee-exemption": None}, home_damaged=True),
}


def plan_of(told: Row) -> Plan:
    """The plan with what the row says, and no to everything else."""
    events, truth = EVENTS[told.event]
    told_of = {**truth, **told.truth}
    facts = {
        name: KnownFact(told_of.get(name, False))
        for name, fact in router().facts.items()
        if name in told_of or (fact.type == "bool" and not fact.computed and not fact.from_map)
    }
    return router().plan(facts, today=told_of.get("moved_on", truth.get("damaged_on", KNOWN)), among=among(events))


@pytest.mark.parametrize("name", ROWS)
def test_an_answer_brings_its_procedures_and_no_others_of_its_question(name: str) -> None:
    told = ROWS[name]
    plan = plan_of(told)
    included = {entry.key: entry.due.day if entry.due else None for entry in plan.included}
    assert told.holds.keys() <= included.keys(), sorted(told.holds.keys() - included.keys())
    assert told.lacks & included.keys() == set()
    assert {key: included[key] for key, day in told.holds.items() if day} == {
        key: day for key, day in told.holds.items() if day
    }


@pytest.mark.parametrize(
    ("insurance", "key"), [("national", "national-health-funeral"), ("late_elderly", "late-elderly-funeral")]
)
def test_what_is_paid_for_a_funeral_is_offered_and_not_taken_for_granted(insurance: str, key: str) -> None:
    """It is asked for with the receipt, once the funeral is over: beside 死亡届 nobody can fill it in."""
    assert plan_of(row("death", {}, deceased_insurance=insurance)).entry(key).status == "optional"
