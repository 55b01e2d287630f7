"""At which question of which page the map's objections are shown."""

import pytest

from forms import load
from forms.text.localized import Text
from portal.cases.occupancy import OccupancyConflict
from portal.cases.place_findings import PlaceFinding
from portal.cases.place_messages import conflict_message
from portal.cases.places import PlaceInspection, RuleFailure
from portal.residents.affected_places import affected_places, objections

SOURCE = """
procedure: stall
kind: permit
title: {{ja: 出店}}
department: roads
steps:
  - id: where
    title: {{ja: 場所}}
    fields:
      - id: area
        type: polygon
        label: {{ja: 範囲}}
        rules:
          - inside: city
          - clear_of: {{procedure: stall, states: [approved], during: period}}
      {here}
  - id: other
    title: {{ja: ほか}}
    fields:
      - {{id: words, type: text, label: {{ja: 言葉}}}}
      {there}
workflow: {{preset: permit}}
"""
PERIOD = "- {id: period, type: date_range, label: {ja: 期間}}"
OTHER = OccupancyConflict(1, "立-1", None, None, 3.0, {}, {})
OUTSIDE = PlaceFinding("rules.0", "inside", "city", 1, {}, True, False, 5.0, "m²", False, False)
FAILURE = RuleFailure(0, "inside", "city", Text.of("市内で"), OUTSIDE)
FOUND = PlaceInspection(rule_failures={"area": [FAILURE]}, conflicts={"area": [OTHER]})


@pytest.mark.parametrize(
    ("together", "page", "answered", "unsound", "messages"),
    [
        (True, "where", {"area", "period"}, set(), {"area": ["市内で", conflict_message(OTHER, "ja")]}),
        (True, "where", {"area"}, {"period"}, {"area": ["市内で"]}),
        (True, "where", {"area"}, set(), {"area": ["市内で", conflict_message(OTHER, "ja")]}),
        (False, "where", {"area"}, set(), {"area": ["市内で"]}),
        (False, "where", {"area", "period"}, set(), {"area": ["市内で", conflict_message(OTHER, "ja")]}),
        (False, "other", {"area", "period"}, set(), {"period": [conflict_message(OTHER, "ja")]}),
        (False, "other", {"area"}, {"period"}, {}),
    ],
)
def test_a_conflict_is_an_error_where_it_can_be_fixed_and_once_the_period_is_answered(
    together: bool, page: str, answered: set[str], unsound: set[str], messages: dict[str, list[str]]
) -> None:
    definition = load(SOURCE.format(here=PERIOD if together else "", there="" if together else PERIOD))
    step = definition.step(page)
    assert affected_places(definition, step) == {"area"}
    assert objections(definition, step, {key: {} for key in answered}, unsound, FOUND) == messages


def test_a_page_without_place_and_period_has_nothing_to_do_with_the_map() -> None:
    definition = load(SOURCE.format(here=PERIOD, there=""))
    assert objections(definition, definition.step("other"), {"area": {}}, set(), FOUND) == {}
