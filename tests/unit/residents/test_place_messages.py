"""The map's results are codes; each reader gets them in their own language, in a request or outside of one."""

from datetime import date

import pytest

from forms.text.localized import Text
from portal.cases.occupancy import OccupancyConflict
from portal.cases.place_messages import (
    conflict_messages,
    no_conflict_messages,
    place_error_messages,
    rule_error_messages,
)
from portal.cases.places import PlaceInspection, RuleFailure, RulePass
from portal.core.text import current_language

OTHER = OccupancyConflict(1, "立-1", date(2026, 12, 7), date(2026, 12, 11), 3.0, {}, {})
INSPECTION = PlaceInspection(
    unreadable={"line"},
    rule_failures={
        "area": [
            RuleFailure(0, "inside", "city", Text.of("市内で選んでください。", en="Choose a place in the city.")),
            RuleFailure(1, "intersects", "roads", None),
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
    assert "立-1" in conflict
    assert "3.00 m²" in conflict


def test_places_with_an_objection_are_named_once() -> None:
    assert sorted(INSPECTION.failed_fields) == ["area", "line"]
