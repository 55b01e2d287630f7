"""Publishing a procedure that asks for a place makes its cases a collection, for those who see them and no others."""

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.cases.models import Case
from portal.core.database import city_session
from portal.core.events import Event
from tests.integration.case_layers.conftest import CENTRE, CITY, MARKET, PLOTS, PUBLIC, STAFF, Market, number_of
from tests.integration.ogc import schemas
from tests.integration.ogc.test_features import read
from tests.integration.tile_reading import read as read_tile
from tests.integration.tile_reading import tile_of
from tests.kit.browser import Browser

ITEMS = f"/desk/ogc/collections/{STAFF}/items"


def items(browser: Browser, key: str = STAFF, **arguments: str) -> list[dict[str, Any]]:
    path = f"/desk/ogc/collections/{key}/items"
    return [feature["properties"] for feature in read(browser, path, schemas.FEATURES, **arguments)["features"]]


def test_a_published_procedure_has_its_collections_at_once(market: Market) -> None:
    seen = read(market.clerk, "/desk/ogc/collections", schemas.COLLECTIONS)["collections"]
    ids = [each["id"] for each in seen if each["id"].startswith("cases.")]
    assert ids == [STAFF, PLOTS]
    document = read(market.clerk, f"/desk/ogc/collections/{STAFF}", schemas.COLLECTION)
    assert document["extent"]["spatial"]["bbox"][0][:2] == pytest.approx(CENTRE, abs=1e-6)
    both = items(market.clerk)
    assert [row["number"] for row in both] == [number_of(market.waiting), number_of(market.permitted)]
    assert [(row["status"], row["use"], row["motto"]) for row in both] == [
        ("new", "shop", "焼きそば"),
        ("ok", "stage", "太鼓"),
    ]
    assert both[0]["period_start"] == both[0]["starts_on"]
    assert "市場" not in str(both), "who applies is told to no program"
    assert "name" not in both[0]


def test_places_in_rows_are_told_with_their_rows(market: Market) -> None:
    rows = items(market.clerk, PLOTS)
    assert sorted((row["number"], row["tables"]) for row in rows) == sorted(
        (number_of(case), tables) for case in (market.waiting, market.permitted) for tables in (1, 2)
    )
    assert "出店" not in str(rows)
    assert all("keeper" not in row for row in rows)


def test_cases_are_found_by_what_they_are(market: Market) -> None:
    first = number_of(market.waiting)
    for arguments in (
        {"use": "shop"},
        {"filter": "status = 'new'"},
        {"number": first},
        {"filter": "use = 'shop' AND starts_on < DATE('2099-01-01')"},
        {"filter": "CASEI(use) LIKE CASEI('SH%')"},
    ):
        assert [row["number"] for row in items(market.clerk, **arguments)] == [first], arguments
    west, south = CENTRE
    assert len(items(market.clerk, bbox=f"{west - 0.001},{south - 0.001},{west + 0.001},{south + 0.001}")) == 2
    assert items(market.clerk, bbox="0,0,1,1") == []
    assert items(market.clerk, datetime="2001-01-01/2001-12-31") == []
    assert len(items(market.clerk, datetime="2001-01-01/..")) == 2
    page = read(market.clerk, f"{ITEMS}?limit=1", schemas.FEATURES)
    assert {link["rel"] for link in page["links"]} >= {"next"}
    known = read(market.clerk, f"/desk/ogc/collections/{STAFF}/queryables", schemas.QUERYABLES)["properties"]
    assert known["use"]["oneOf"] == [{"const": "shop", "title": "店"}, {"const": "stage", "title": "舞台"}]
    assert known["use"]["title"] == "使い方"
    assert "motto" not in known, "what is sealed cannot be asked for"


def test_who_sees_no_place_of_an_office_sees_none_of_its_cases(market: Market) -> None:
    site_alone = items(market.inspector)
    assert [(row["status"], row["use"], row["motto"]) for row in site_alone] == [
        ("new", None, None),
        ("ok", None, None),
    ]
    assert items(market.inspector, use="shop") == [], "what is not shown is not found by"
    for who in (market.citizens, market.cashier, market.elsewhere):
        listed = read(who, "/desk/ogc/collections", schemas.COLLECTIONS)["collections"]
        if STAFF in [each["id"] for each in listed]:
            assert items(who) == []
            assert read(who, f"/desk/ogc/collections/{STAFF}", schemas.COLLECTION)["extent"] == {}
        else:
            assert who.get(f"/desk/ogc/collections/{STAFF}").status_code == 404
    assert market.anybody.get(f"/desk/ogc/collections/{STAFF}").status_code == 401
    for path in (f"/ogc/collections/{STAFF}", f"{ITEMS.replace('/desk', '')}"):
        assert market.anybody.get(path).status_code == 404


def test_tiles_count_far_out_and_show_each_case_near(market: Market) -> None:
    base = f"/desk/ogc/collections/{STAFF}/tiles/WebMercatorQuad"
    z, x, y = tile_of(*CENTRE, 12)
    [(name, cells)] = read_tile(market.clerk.get(f"{base}/{z}/{y}/{x}").data).items()
    assert (name, sum(cell["properties"]["n"] for cell in cells)) == ("cells", 2)
    z, x, y = tile_of(*CENTRE, 18)
    near = market.clerk.get(f"{base}/{z}/{y}/{x}")
    features = read_tile(near.data)[STAFF]
    assert {feature["properties"]["use"] for feature in features} == {"shop", "stage"}
    assert market.clerk.get(f"{base}/{z}/{y}/{x}", If_None_Match=near.headers["ETag"]).status_code == 304
    assert read_tile(market.citizens.get(f"{base}/{z}/{y}/{x}").data) == {}
    style = read(market.clerk, f"/desk/ogc/collections/{STAFF}/style", schemas.STYLE)
    assert "#115a36" in str(style)
    tilejson = read(market.clerk, f"{base}/tilejson", schemas.TILEJSON)
    assert {layer["id"] for layer in tilejson["vector_layers"]} == {STAFF, "cells"}


def test_pages_say_it_in_words(market: Market) -> None:
    page = market.clerk.get(f"{ITEMS}?f=html").text
    assert all(word in page for word in ("受付待ち", "舞台", "使い方", "焼きそば"))
    assert market.clerk.get(f"/desk/ogc/collections/{STAFF}?f=html").status_code == 200


@pytest.mark.parametrize(
    "key", [f"cases.{MARKET}", f"cases.{MARKET}.nothing", "cases..", "public.x.y", PUBLIC, "a.b" * 90]
)
def test_what_is_no_collection_is_not_found(market: Market, key: str) -> None:
    assert market.clerk.get(f"/desk/ogc/collections/{key}").status_code == 404


_WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
_NAMES = st.sampled_from(
    ["use", "number", "starts_on", "filter", "bbox", "datetime", "area_m2", "crs", "after", "limit"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(_NAMES, _WORDS, max_size=3))
def test_no_address_is_an_error_of_ours(market: Market, arguments: dict[str, str]) -> None:
    answer = market.clerk.get(f"{ITEMS}?{urlencode(arguments)}")
    assert answer.status_code in {200, 400, 404}, (arguments, answer.text)


def test_an_answer_that_is_not_of_its_type_is_no_answer(market: Market) -> None:
    with city_session(CITY) as session:
        case = session.get_one(Case, market.waiting)
        kept = dict(case.answers)
        case.answers = {**kept, "use": {"odd": [1]}, "period": "tomorrow"}
    try:
        assert [row["use"] for row in items(market.clerk)] == [None, "stage"]
        assert items(market.clerk, use="odd") == []
    finally:
        with city_session(CITY) as session:
            session.get_one(Case, market.waiting).answers = kept


PARTS = (
    *("", "/queryables", "/items", "/items?f=html", "/style", "/tiles", "/tiles/WebMercatorQuad"),
    *("/tiles/WebMercatorQuad/tilejson", "/tiles/WebMercatorQuad/14/1/1", "/tiles/WebMercatorQuad/17/1/1"),
)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_a_collection_opens_for_those_who_see_places(market: Market, part: str) -> None:
    nobody: set[str] = set()
    for who, door, keys in (
        ("clerk", "/desk/ogc", {STAFF, PLOTS}),
        ("inspector", "/desk/ogc", {STAFF, PLOTS}),
        ("cashier", "/desk/ogc", nobody),
        ("anybody", "/ogc", {PUBLIC}),
        ("elsewhere", "/desk/ogc", nobody),
    ):
        for key in (STAFF, PLOTS, PUBLIC):
            path = f"{door}/collections/{key}{part}"
            status = getattr(market, who).get(path).status_code
            assert status == (200 if key in keys else 404), (who, path)
    unsigned = market.anybody.get(f"/desk/ogc/collections/{STAFF}{part}")
    assert unsigned.status_code == (303 if "html" in part else 401)


def test_a_look_of_staff_at_cases_leaves_a_trace(market: Market) -> None:
    market.inspector.get(ITEMS)
    with city_session(CITY) as session:
        filters = session.scalars(
            select(Event.data["filters"].astext).where(Event.name == "list.viewed").order_by(Event.id)
        ).all()
    assert f"ogc {STAFF}" in filters


def test_layers_are_found_at_the_desk_and_by_residents(market: Market) -> None:
    page = market.clerk.get("/desk/layers").text
    assert all(key in page for key in (STAFF, PLOTS, PUBLIC))
    assert 'href="/map?need=works"' in market.anybody.get(f"/procedures/{MARKET}").text
    assert "road-management" not in market.clerk.get(f"{ITEMS}?f=html").text, "departments are called by their names"
