"""A permitted place is shown to everybody while its definition says so: as exactly, with such answers and as long as it says."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from portal.cases.models import CasePlace
from portal.core.clock import today
from portal.core.database import city_session
from tests.integration.case_layers.conftest import (
    CENTRE,
    CITY,
    MARKET,
    PUBLIC,
    SOURCE,
    Market,
    number_of,
    publish,
    put_in_state,
)
from tests.integration.ogc import schemas
from tests.integration.ogc.test_features import read
from tests.integration.tile_reading import read as read_tile
from tests.integration.tile_reading import tile_of

ITEMS = f"/ogc/collections/{PUBLIC}/items"


def shown(market: Market, **arguments: str) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = read(market.anybody, ITEMS, schemas.FEATURES, **arguments)["features"]
    return features


def test_everybody_sees_permitted_places_and_nothing_more(market: Market) -> None:
    listed = read(market.anybody, "/ogc/collections", schemas.COLLECTIONS)["collections"]
    assert [each["title"] for each in listed if each["id"] == PUBLIC] == ["開いている市"]
    [feature] = shown(market)
    assert feature["properties"].keys() == {"starts_on", "ends_on", "use"}
    assert feature["properties"]["use"] == "stage"
    assert number_of(market.permitted) not in market.anybody.get(ITEMS).text
    assert shown(market, use="shop") == []
    for name in ("motto", "number", "status", "name"):
        assert market.anybody.get(f"{ITEMS}?{name}=x").status_code == 400
    page = market.anybody.get(f"/ogc/collections/{PUBLIC}?f=html").text
    assert "開いている市" in page
    assert market.anybody.get(f"{ITEMS}?f=html").text.count("舞台") == 1


def test_the_place_is_no_more_exact_than_the_definition_says(market: Market) -> None:
    [feature] = shown(market)
    ring = feature["geometry"]["coordinates"][0]
    assert feature["geometry"]["type"] == "Polygon"
    metres = (max(x for x, _y in ring) - min(x for x, _y in ring)) * 90_500
    assert metres == pytest.approx(100, abs=5)
    assert list(CENTRE) not in ring
    z, x, y = tile_of(*CENTRE, 16)
    tile = read_tile(market.anybody.get(f"/ogc/collections/{PUBLIC}/tiles/WebMercatorQuad/{z}/{y}/{x}").data)
    assert [part["properties"]["use"] for part in tile[PUBLIC]] == ["stage"]
    z, x, y = tile_of(*CENTRE, 12)
    far = read_tile(market.anybody.get(f"/ogc/collections/{PUBLIC}/tiles/WebMercatorQuad/{z}/{y}/{x}").data)
    assert [part["geometry"]["type"] for part in far[PUBLIC]] == ["Point"], "what is too small to be seen is a point"
    narrow = f"{CENTRE[0] - 1e-6},{CENTRE[1] - 1e-6},{CENTRE[0] + 1e-6},{CENTRE[1] + 1e-6}"
    (x1, y1), (x2, y2) = ring[0], ring[2]
    inside = (x1 + 0.1 * (x2 - x1), y1 + 0.1 * (y2 - y1))
    corner = f"{inside[0]},{inside[1]},{inside[0] + 1e-6},{inside[1] + 1e-6}"
    assert len(shown(market, bbox=narrow)) == len(shown(market, bbox=corner)) == 1, (
        "a box does not find the exact place"
    )


@pytest.mark.parametrize("state", ["withdrawn", "refused", "accepted", "received"])
def test_a_case_leaves_the_layer_with_its_state(market: Market, state: str) -> None:
    put_in_state(market.permitted, state, "no")
    try:
        assert shown(market) == []
    finally:
        put_in_state(market.permitted, "approved", "ok")
    assert len(shown(market)) == 1


@pytest.mark.parametrize(("start", "end", "features"), [(-30, -1, 0), (-30, 0, 1), (40, 60, 1)])
def test_a_case_leaves_the_layer_when_its_period_is_over(market: Market, start: int, end: int, features: int) -> None:
    first, last = (today() + timedelta(days=days) for days in (start, end))
    with city_session(CITY) as session:
        kept = session.query(CasePlace.starts_on, CasePlace.ends_on).filter_by(case_id=market.permitted).first()
        assert kept
        change = update(CasePlace).where(CasePlace.case_id == market.permitted)
        session.execute(change.values(starts_on=first, ends_on=last))
    try:
        assert len(shown(market)) == features
    finally:
        with city_session(CITY) as session:
            session.execute(change.values(starts_on=kept.starts_on, ends_on=kept.ends_on))


def test_a_later_version_shows_less_of_older_cases_and_never_more(market: Market) -> None:
    def republish(old: str, new: str) -> None:
        assert old in SOURCE
        with city_session(CITY) as session:
            publish(session, MARKET, SOURCE.replace(old, new))

    try:
        republish("answers: [use], cell_m: 100", "answers: [use, motto], exactness: exact")
        [feature] = shown(market)
        assert feature["geometry"]["type"] == "Polygon", "the applicant was promised a square"
        assert feature["properties"]["motto"] is None
        republish("answers: [use], cell_m: 100", "cell_m: 500")
        [feature] = shown(market)
        assert "use" not in feature["properties"]
        ring = feature["geometry"]["coordinates"][0]
        assert (max(x for x, _y in ring) - min(x for x, _y in ring)) * 90_500 == pytest.approx(500, abs=20)
        republish("answers: [use], cell_m: 100", "exactness: street, streets: city-roads, cell_m: 300")
        assert len(shown(market)) == 1
        republish(
            "        public_layer: {title: {ja: 開いている市}, states: [approved], answers: [use], cell_m: 100}\n", ""
        )
        assert market.anybody.get(ITEMS).status_code == 404
    finally:
        with city_session(CITY) as session:
            publish(session, MARKET, SOURCE + "\n")
    assert len(shown(market)) == 1


def test_applicants_are_told_before_they_draw(market: Market) -> None:
    market.anybody.get(f"/procedures/{MARKET}")
    started = market.anybody.post(f"/apply/{MARKET}")
    assert started.status_code == 303, started.text
    page = market.anybody.get(started.location).text
    assert "おおよその場所だけを「開いている市」として" in page
