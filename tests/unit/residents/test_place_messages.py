"""The map's results are codes; each reader gets them in their own language, in a request or outside of one."""

from datetime import date
from typing import Any, get_args

import pytest

from forms.definition.place_rules import RELATIONS, Take
from forms.text.localized import Text
from portal.cases.occupancy import OccupancyConflict
from portal.cases.place_findings import PlaceFinding
from portal.cases.place_messages import (
    conflict_messages,
    no_conflict_messages,
    place_error_messages,
    rule_error_messages,
)
from portal.cases.place_reasons import finding_reason
from portal.cases.places import PlaceInspection, RuleFailure, RulePass
from portal.core.text import current_language

OTHER = OccupancyConflict(
    1,
    "立-1",
    date(2026, 12, 7),
    date(2026, 12, 11),
    3.0,
    {},
    {},
    works={"ja": "ガス管入替え工事", "en": "Gas main works"},
    office={"ja": "道路課", "en": "Roads"},
)


def finding(number: int, relation: str, holds: bool | None, **values: Any) -> PlaceFinding:
    whole: dict[str, Any] = {"layer_version": 3, "title": {"ja": "市道", "en": "City roads"}, "public": True}
    whole |= {"value": 4.5, "unit": "m²", "near_boundary": False, "by_law": False, "holds": holds}
    return PlaceFinding(f"rules.{number}", relation, "roads", **(whole | values))


IN_TOWN = Text.of("市内で選んでください。", en="Choose a place in the city.")
INSPECTION = PlaceInspection(
    unreadable={"line"},
    rule_failures={
        "area": [
            RuleFailure(0, "inside", "city", IN_TOWN, finding(0, "inside", False)),
            RuleFailure(1, "intersects", "roads", None, finding(1, "intersects", False)),
        ]
    },
    conflicts={"area": [OTHER]},
    passed={"spot": [RulePass(0, "inside", "city"), RulePass(1, "clear_of", "stall")]},
)


@pytest.mark.parametrize("language", ["en", "ja-easy", "ja"])
def test_every_result_is_in_the_requested_language(language: str) -> None:
    sentences = {
        place: [*place_error_messages(INSPECTION, place, language), *no_conflict_messages(INSPECTION, place, language)]
        for place in ("area", "line", "spot")
    }
    assert [len(messages) for messages in sentences.values()] == [3, 1, 1]
    everything = "".join(sentence for messages in sentences.values() for sentence in messages)
    assert ("permit" in everything) == (language == "en")
    assert any("ぁ" <= letter <= "ん" for letter in everything) == (language != "en")
    assert current_language() == "ja"


def test_conflicts_are_distinguished_from_rules() -> None:
    assert len(rule_error_messages(INSPECTION, "area", "en")) == 2
    assert rule_error_messages(INSPECTION, "area", "en")[0] == "Choose a place in the city."
    (conflict,) = conflict_messages(INSPECTION, "area", "en")
    assert "Gas main works" in conflict
    assert "Roads" in conflict
    assert "立-1" not in conflict, "another applicant's number is nobody else's"
    assert "3.00 m²" in conflict


def test_places_with_an_objection_are_named_once() -> None:
    assert sorted(INSPECTION.failed_fields) == ["area", "line"]


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en", "zh", "ko"])
def test_every_relation_and_every_value_has_its_reason(language: str) -> None:
    reasons = [
        finding_reason(finding(0, relation, holds, within=20, at_least=1, at_most=5), language)
        for relation in RELATIONS
        for holds in (True, False)
    ]
    reasons += [finding_reason(finding(0, take, None), language) for take in get_args(Take)]
    assert not any("{" in reason for reason in reasons)
    assert sum("4.5" in reason for reason in reasons) >= 15
    assert any("City roads" in reason for reason in reasons) == (language == "en")


def test_a_layer_of_staff_is_not_named_to_residents() -> None:
    assert "市道" not in finding_reason(finding(0, "outside", False, public=False), "ja")
    assert "市道" in finding_reason(finding(0, "outside", False), "ja")


def test_a_reason_says_what_it_rests_on() -> None:
    reason = finding_reason(finding(0, "largest", None, value=26, by_law=True, near_boundary=True), "ja")
    assert "町名・番地の定め" in reason
    assert "境界のすぐ近く" in reason
    assert "境界" in rule_error_messages(near_the_edge(), "area", "ja")[0]


def near_the_edge() -> PlaceInspection:
    failure = RuleFailure(0, "inside", "city", IN_TOWN, finding(0, "inside", False, near_boundary=True))
    return PlaceInspection(rule_failures={"area": [failure]})
