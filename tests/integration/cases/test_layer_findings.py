"""Rules and look-ups of a definition, from the layers of the city to conditions, fees, and what a case keeps."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Definition, evaluate, load
from geo.layer_import import LayerMetadata, import_layer
from portal.cases import layer_rules
from portal.cases.models import CasePlace
from portal.cases.places import inspect_places
from tests.integration.geo.stalls import rectangle
from tests.kit.office import open_office

DEFINITION = """
procedure: test-signs
kind: permit
title: {ja: 看板の許可}
department: road-management
steps:
  - id: where
    title: {ja: 場所}
    fields:
      - {id: period, type: date_range, label: {ja: 期間}}
      - id: spot
        type: polygon
        label: {ja: 範囲}
        rules:
          - {outside: zones, only: {zone: [住居]}}
          - {farther: hydrants, within: 5}
          - {share: zones, only: {zone: [商業]}, at_least: 60}
          - {outside: works, since: from, until: until, during: period}
        look_up:
          - {layer: zones, property: zone, as: zones, take: all}
          - {layer: hydrants, property: name, as: hydrant, take: nearest, within: 100, type: string}
          - {layer: zones, as: commercial, take: share, only: {zone: [商業]}}
          - {layer: hydrants, as: near, take: count, within: 50}
          - {layer: zones, property: office, as: office, law: area, type: string}
      - {id: reason, type: text, label: {ja: 理由}, show_when: "'工業' in spot.zones"}
fee:
  - {label: {ja: 手数料}, amount: "spot.commercial >= 50 ? 100 * spot.near : 0"}
workflow: {preset: permit}
"""
PERIOD = {"start": "2026-12-01", "end": "2026-12-10"}


def add(session: Session, key: str, *features: tuple[dict[str, Any], dict[str, Any]]) -> None:
    listed = [{"type": "Feature", "properties": properties, "geometry": shape} for properties, shape in features]
    metadata = LayerMetadata(key, {"ja": key, "en": key.title()}, "polygon")
    import_layer(session, metadata, {"type": "FeatureCollection", "features": listed})


@pytest.fixture
def definition(city_db: Session) -> Definition:
    add(
        city_db,
        "zones",
        ({"zone": "商業", "office": "東", "area": "泉町899"}, rectangle(0, 0, 40, 40)),
        ({"zone": "工業", "office": "西", "area": "泉町841"}, rectangle(40, 0, 40, 40)),
        ({"zone": "住居", "office": "北", "area": "緑町の全部"}, rectangle(0, 40, 40, 40)),
    )
    add(city_db, "hydrants", ({"name": "1号"}, rectangle(5, 5, 1, 1)), ({"name": "2号"}, rectangle(30, 5, 1, 1)))
    add(city_db, "works", ({"from": "2026-12-08", "until": "2026-12-20"}, rectangle(0, 0, 9, 40)))
    return load(DEFINITION)


def answers(shape: dict[str, Any], **label: str) -> dict[str, Any]:
    return {"period": PERIOD, "spot": {"geometry": shape, "source": "address" if label else "drawn", **label}}


def test_rules_that_fail_say_why_and_from_which_features(city_db: Session, definition: Definition) -> None:
    inspection = inspect_places(city_db, definition, answers(rectangle(2, 20, 10, 22)))
    assert [failure.kind for failure in inspection.rule_failures["spot"]] == ["outside", "outside"]
    assert [passed.kind for passed in inspection.passed["spot"]] == ["farther", "share"]
    home, works = (failure.finding for failure in inspection.rule_failures["spot"])
    assert (home.layer_version, home.value, home.unit) == (1, pytest.approx(20, abs=0.05), "m²")
    assert len(home.features) == len(works.features) == 1
    later = inspect_places(
        city_db,
        definition,
        answers(rectangle(2, 20, 10, 10)) | {"period": {"start": "2026-12-21", "end": "2026-12-22"}},
    )
    assert "spot" not in later.rule_failures


def test_conditions_and_fees_count_with_what_was_looked_up(city_db: Session, definition: Definition) -> None:
    given = answers(rectangle(34, 20, 10, 10)) | {"reason": "見本"}
    facts = inspect_places(city_db, definition, given).facts
    assert facts["spot"]["zones"] == ["商業", "工業"]
    assert facts["spot"]["hydrant"] == "2号"
    assert facts["spot"]["commercial"] == pytest.approx(60, abs=0.1)
    outcome = evaluate(definition, given, facts, today=date(2026, 11, 1))
    assert outcome.is_visible("reason")
    assert outcome.fee.total == 200
    elsewhere = answers(rectangle(10, 20, 10, 10))
    facts = inspect_places(city_db, definition, elsewhere).facts
    assert not evaluate(definition, elsewhere, facts, today=date(2026, 11, 1)).is_visible("reason")


@pytest.mark.parametrize(("label", "office"), [("泉町841-3", "西"), ("泉町5", "東"), ("", "東")])
def test_the_text_of_the_law_decides_for_an_address(
    city_db: Session, definition: Definition, label: str, office: str
) -> None:
    given = answers(rectangle(10, 20, 1, 1), **({"label": label} if label else {}))
    inspection = inspect_places(city_db, definition, given)
    assert inspection.facts["spot"]["office"] == office
    (finding,) = (each for each in inspection.findings["spot"] if each.subject == "look_up.office")
    assert finding.by_law == (label == "泉町841-3")


def test_a_case_keeps_what_the_layers_gave(city_db: Session, definition: Definition) -> None:
    office = open_office(city_db, {"test-signs": DEFINITION})
    case = office.apply("test-signs", answers(rectangle(12, 20, 10, 10)))
    place = city_db.scalars(select(CasePlace).where(CasePlace.case_id == case.id)).one()
    kept = {finding["subject"]: finding for finding in place.findings}
    assert set(kept) == {
        *(f"rules.{number}" for number in range(4)),
        *(f"look_up.{name}" for name in ("zones", "hydrant", "commercial", "near", "office")),
    }
    assert (kept["look_up.near"]["value"], kept["look_up.near"]["layer_version"]) == (2, 1)
    assert kept["rules.1"]["holds"] is True


def test_rules_about_layers_are_asked_with_their_days(definition: Definition) -> None:
    place = definition.place_fields["spot"]
    rules = layer_rules(place, {"period": (date(2026, 12, 1), date(2026, 12, 10))})
    assert [rule.kind for rule in rules] == ["outside", "farther", "share", "outside"]
    assert (rules[3].selection.starts_on, rules[3].selection.until) == (date(2026, 12, 1), "until")
    assert not any(rule.kept_when_moved for rule in rules)
