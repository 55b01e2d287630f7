"""The earlier case in expressions: typed names, nothing found where it says nothing, and the walk makes cases up."""

import pytest

from forms import DefinitionError, check, evaluate, load
from tests.unit.forms import making

BASED_ON = {
    "procedure": "road-occupancy",
    "states": ["approved"],
    "values": [
        {"id": "until", "type": "date", "of": "period.end"},
        {"id": "area", "type": "double", "of": "site.area_m2"},
    ],
}
BEGIN = making.field("begins", "date")


def text(check_: str, **more: object) -> str:
    checks = [{"assert": check_, "message": {"ja": "許可の期間のうちの日にしてください。"}}]
    step = {"id": "first", "title": {"ja": "着手"}, "fields": [BEGIN], "checks": checks}
    return making.text(steps=[step], based_on=BASED_ON, **more)


def failures(source: str, **earlier: object) -> list[str]:
    outcome = evaluate(load(source), {"begins": "2026-04-10"}, {"earlier": earlier}, today=making.TODAY)
    return [failure.message for failure in outcome.check_failures]


def test_a_check_holds_within_what_was_permitted() -> None:
    source = text("begins <= earlier.until && earlier.area > 2.0")
    assert failures(source, until="2026-04-10", area=2.5) == []
    assert failures(source, until="2026-04-09", area=2.5) != []
    assert failures(source, area=2.5) != [], "what was not found refuses, as a look-up does"


def test_number_days_and_amounts_are_there_without_being_declared() -> None:
    source = text("earlier.number != '' && earlier.submitted_on < begins && earlier.payout + earlier.fee < 500")
    assert failures(source, number="立-1", submitted_on="2026-04-01", payout=100, fee=300) == []
    assert failures(source, number="立-1", submitted_on="2026-04-01", payout=300, fee=300) != []


@pytest.mark.parametrize(
    ("written", "near"),
    [("begins <= earlier.untill", "earlier.until"), ("begins <= earlier.number", "日付と文字は比べられません")],
)
def test_names_and_types_are_checked(written: str, near: str) -> None:
    with pytest.raises(DefinitionError) as fault:
        load(text(written))
    [only] = fault.value.diagnostics
    assert near in f"{only.message}{only.remedy}"


def test_a_definition_that_follows_no_case_has_no_earlier_one() -> None:
    with pytest.raises(DefinitionError):
        load(making.text(making.field("note", "text", show_when="earlier.number == ''")))


def test_names_that_every_case_has_are_not_declared_again() -> None:
    values = [{"id": "number", "type": "string", "of": "x"}, {"id": "until", "type": "date", "of": "x"}]
    source = making.text(BEGIN, based_on={**BASED_ON, "values": [*values, values[1]]})
    with pytest.raises(DefinitionError) as fault:
        load(source)
    assert [item.path for item in fault.value.diagnostics] == ["based_on.values.0.id", "based_on.values.2.id"]


def test_the_walk_makes_earlier_cases_up_and_examples_say_theirs() -> None:
    example = {
        "on": "2026-04-01",
        "answers": {"begins": "2026-04-10"},
        "facts": {"earlier": {"until": "2026-05-01"}},
        "expect": {"state": "received"},
    }
    faults = check(text("begins <= earlier.until", examples=[example]), today=making.TODAY)
    assert [fault for fault in faults if fault.severity == "error"] == []
