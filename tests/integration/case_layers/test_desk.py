"""The desk's map filters the cases of a procedure by their answers, and gives them as a file with their codes in words."""

import io
import json
import zipfile
from pathlib import Path

import pyogrio
import pytest
from sqlalchemy import select

from portal.core.database import city_session
from portal.core.events import Event
from tests.integration.case_layers.conftest import CENTRE, CITY, MARKET, PLOTS, STAFF, Market, number_of
from tests.integration.tile_reading import read as read_tile
from tests.integration.tile_reading import tile_of

ONE = f"status=open&status=closed&procedure={MARKET}"


def test_list_map_and_time_bar_are_filtered_by_answers(market: Market) -> None:
    page = market.clerk.get(f"/desk?{ONE}").text
    assert f'value="{MARKET}:use:shop"' in page
    assert "使い方：舞台" in page
    assert "書き出す" in page
    assert f'value="{MARKET}:faces' not in page, "rows that name people are sealed as a whole"
    z, x, y = tile_of(*CENTRE, 16)
    for answers, cases in (
        ("shop", {market.waiting}),
        ("stage", {market.permitted}),
        ("nothing", set()),
        (f"shop&answer={MARKET}:use:stage", {market.waiting, market.permitted}),
    ):
        query = f"{ONE}&answer={MARKET}:use:{answers}"
        listed = market.clerk.get(f"/desk?{query}").text
        for case in (market.waiting, market.permitted):
            assert (f'data-case-id="{case}"' in listed) == (case in cases), answers
        near = read_tile(market.clerk.get(f"/desk/map/cases/{z}/{x}/{y}.mvt?{query}").data)
        assert {pin["properties"]["case_id"] for pin in near.get("pins", [])} == cases
        assert market.clerk.get(f"/desk/map/cases/12/{x >> 4}/{y >> 4}.mvt?{query}").status_code == 200
        assert market.clerk.get(f"/desk/period?{query}").status_code == 200
    other = market.clerk.get(f"/desk?{ONE}&answer=dog-registration:use:nothing").text
    assert f'data-case-id="{market.waiting}"' in other, "an answer of another procedure is left out"


def test_answers_are_no_way_to_learn_what_is_not_shown(market: Market) -> None:
    for who in (market.inspector, market.cashier):
        assert "data-case-id" in who.get(f"/desk?{ONE}").text
        assert "data-case-id" not in who.get(f"/desk?{ONE}&answer={MARKET}:use:shop").text


@pytest.mark.parametrize(
    "answer", ["", ":", "a:b", f"{MARKET}:use:%00", f"{MARKET}:USE:x", f"{MARKET}:{'x' * 300}:y", "🐟:🐟:🐟"]
)
def test_an_answer_that_cannot_be_read_is_left_out(market: Market, answer: str) -> None:
    assert f'data-case-id="{market.waiting}"' in market.clerk.get(f"/desk?{ONE}&answer={answer}").text


def test_cases_are_given_as_files_after_rights_and_filter(market: Market, tmp_path: Path) -> None:
    path = f"/desk/case-layers/{STAFF}"
    answer = market.clerk.get(f"{path}.geojson?{ONE}&answer={MARKET}:use:shop")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={MARKET}.geojson"
    [feature] = json.loads(answer.data)["features"]
    told = feature["properties"]
    assert (told["番号"], told["状態"], told["使い方"], told["motto"] if "motto" in told else told["店の名前"]) == (
        number_of(market.waiting),
        "受付待ち",
        "店",
        "焼きそば",
    )
    assert feature["geometry"]["coordinates"] == pytest.approx(CENTRE)
    rows = market.clerk.get(f"{path}.csv?{ONE}").data.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("番号,状態,")
    assert len(rows) == 3
    assert "市場" not in "".join(rows)
    (tmp_path / "plots.gpkg").write_bytes(market.clerk.get(f"/desk/case-layers/{PLOTS}.gpkg?{ONE}").data)
    package = pyogrio.raw.read(tmp_path / "plots.gpkg", layer=MARKET)
    assert len(package[2]) == 4
    assert "机の数" in list(package[0]["fields"])
    shapes = zipfile.ZipFile(io.BytesIO(market.clerk.get(f"{path}.zip?{ONE}").data))
    assert f"{MARKET}.shp" in shapes.namelist()
    assert "舞台" in market.clerk.get(f"{path}.kml?{ONE}").data.decode()
    with city_session(CITY) as session:
        made = select(Event.data).where(Event.name == "export.made", Event.data["what"].astext.startswith(STAFF))
        assert [data["rows"] for data in session.scalars(made)] == [1, 2, 2, 2]


def test_who_sees_no_places_gets_no_file(market: Market) -> None:
    path = f"/desk/case-layers/{STAFF}.geojson?{ONE}"
    assert market.cashier.get(path).status_code == 404
    assert market.citizens.get(path).status_code in {200, 404}
    assert json.loads(market.citizens.get(path).data or b'{"features": []}').get("features", []) == []
    assert market.anybody.get(path).status_code == 303
    assert "使い方" in market.inspector.get(path).text
    assert "焼きそば" not in market.inspector.get(path).text
    for wrong in (f"{STAFF}.exe", f"cases.{MARKET}.csv", "x.csv"):
        assert market.clerk.get(f"/desk/case-layers/{wrong}?{ONE}").status_code == 404
    nothing = market.clerk.get(f"/desk/case-layers/{STAFF}.gpkg?{ONE}&answer={MARKET}:use:nothing")
    assert (nothing.status_code, "条件に合う案件がない" in nothing.text) == (404, True)
