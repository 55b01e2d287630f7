"""Printed maps: at a true scale, with what the person may see and nothing else, within bounds, for their own eyes, and forgotten."""

import math
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from common.plane import Plane
from geo.catalogue import change_entry
from geo.layer_import import LayerMetadata, import_layer
from portal import maps
from portal.core.clock import now
from portal.core.database import city_session
from portal.core.events import Event
from portal.core.tenancy import city
from portal.maps.print_models import MapPrint
from portal.maps.print_page import page_of
from portal.maps.prints import KEPT, PrintOrder, forget_prints
from tests.integration.desk.conftest import CITY, SOUTH, WEST, Office
from tests.integration.desk.pdf_drawing import lines_of, pages_of
from tests.kit.browser import Browser
from tests.kit.jobs import forget_jobs, work

# WeasyPrint leaves its own colour profile open until it is collected.
pytestmark = pytest.mark.filterwarnings(
    "ignore:unclosed file:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)

PRINTS = "/desk/prints"
PLANE = Plane(6677)
RED = "#d40000"
FORM = {"title": "点検用の図", "paper": "A4", "lying": "landscape", "scale": "1000", "base": "none"}
PLACE = {"lat": f"{SOUTH + 0.001:.6f}", "lon": f"{WEST + 0.002:.6f}"}


def load_baseline(key: str = "print-lines", **entry: Any) -> None:
    """A layer of one line of a hundred metres to the east and one of a hundred metres to the north, across the middle of the sheet."""
    [(x, y)] = PLANE.project([(float(PLACE["lon"]), float(PLACE["lat"]))])
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {"type": "LineString", "coordinates": PLANE.locate([start, end])},
        }
        for name, start, end in (("東", (x - 50, y), (x + 50, y)), ("北", (x, y - 50), (x, y + 50)))
    ]
    with city_session(CITY) as session:
        metadata = LayerMetadata(key, {"ja": "検測の線"}, "line", style={"stroke": RED, "width": 1, "opacity": 1})
        import_layer(session, metadata, {"type": "FeatureCollection", "features": features})
        change_entry(
            session, key, in_use=True, **{"visible_to": "staff", "source": "検測課", "licence": "CC BY 4.0"} | entry
        )


@pytest.fixture(autouse=True)
def put_back(office: Office) -> Iterator[None]:
    """Layers of these tests are out of use afterwards, and no job waits."""
    forget_jobs(CITY)
    load_baseline()
    yield
    forget_jobs(CITY)
    with city_session(CITY) as session:
        change_entry(session, "print-lines", in_use=False, visible_to="staff", owner=None)


def begin(browser: Browser, **posted: str) -> str:
    answer = browser.post(PRINTS, posted)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def order(browser: Browser, page: str, **changes: Any) -> bytes:
    answer = browser.post(page, {**FORM, **PLACE, **changes})
    assert answer.status_code == 303, re.findall(r'class="error"[^<]*<[^>]*>?([^<]*)', answer.text) or answer.text
    assert "maps.print_map" in work(CITY)
    content = browser.get(f"{page}/map.pdf")
    assert content.status_code == 200
    return content.data


def ordered(page: str) -> PrintOrder:
    with city_session(CITY) as session:
        stored = session.scalar(select(MapPrint).where(MapPrint.id == int(page.rsplit("/", 1)[1])))
        assert stored is not None and stored.ordered is not None
        return PrintOrder.from_stored(stored.ordered)


@pytest.mark.parametrize(("scale", "paper"), [("1000", "A4"), ("500", "A3"), ("2500", "A4"), ("10000", "A3")])
def test_a_hundred_metres_on_the_ground_have_their_length_on_the_paper(office: Office, scale: str, paper: str) -> None:
    content = order(
        office.roads, begin(office.roads, layer="print-lines"), scale=scale, paper=paper, layers="print-lines"
    )
    width, height = pages_of(content)[0]
    assert (round(width), round(height)) == {"A4": (297, 210), "A3": (420, 297)}[paper]
    red = [line for colour, line in lines_of(content) if colour == "0.831 0.000 0.000"]
    lengths = sorted(math.dist(line[0], line[-1]) for line in red)
    longest = lengths[-2:]
    assert longest == pytest.approx([100_000 / int(scale)] * 2, rel=0.005), red
    upright = [line for line in red if abs(line[0][0] - line[-1][0]) < 0.01]
    assert upright, "the north of the grid is the upper side of the paper"


def test_layers_lie_on_paper_as_they_lay_on_the_staff_map(office: Office) -> None:
    page = begin(office.roads, view=f"{SOUTH},{WEST},17", layers="city-roads:0.4,print-lines,no such:9")
    form = office.roads.get(page).text
    assert form.index("city-roads") < form.index("print-lines")
    assert "(濃さ40%)" in form
    order(office.roads, page, layers=["print-lines", "city-roads"])
    assert [(layer.key, layer.opacity) for layer in ordered(page).layers] == [("city-roads", 0.4), ("print-lines", 1)]


def test_the_paper_says_what_it_shows_and_for_whom(office: Office) -> None:
    page = begin(office.roads, layer="print-lines")
    assert "検測の線" in office.roads.get(page).text
    order(office.roads, page, layers="print-lines")
    with city_session(CITY) as session:
        text = page_of(session, city(CITY), ordered(page), now())
    for words in (
        "点検用の図",
        "1:1,000",
        "検測の線",
        "検測課",
        "CC BY 4.0",
        "・第",
        "第9系",
        "日野市",
        "背景の地図はありません",
    ):
        assert words in text
    listed = office.roads.get(PRINTS).text
    assert "点検用の図" in listed and "7日たつと消えます" in listed


def test_cases_are_numbered_listed_and_nobody_is_named(office: Office) -> None:
    page = begin(office.roads, filter="procedure=road-damage&status=open", view=f"{SOUTH},{WEST},17")
    order(office.roads, page, scale="2500", more=["cases", "tables"])
    made = ordered(page)
    (table,) = made.tables
    assert {place.number for place in made.places} == {row[0] for row in table.rows} != set()
    assert all(row[2] == "道路の損傷の連絡" for row in table.rows)
    assert "試験 " not in str([made.tables, made.places]), "the names of applicants"
    assert set(made.case_ids) <= office.reports
    with city_session(CITY) as session:
        viewed = session.scalars(select(Event.data).where(Event.name == "list.viewed").order_by(Event.id)).all()
    assert any(data.get("filters") == "map_print" for data in viewed)


def test_what_is_searched_for_stands_in_no_address(office: Office) -> None:
    page = begin(office.roads, filter="q=ｽｽﾞｷ&status=open", view=f"{SOUTH},{WEST},17")
    assert re.fullmatch(r"/desk/prints/\d+", page)
    order(office.roads, page, scale="2500", more=["cases"])
    assert len(ordered(page).places) <= 1


def test_somebody_who_sees_no_places_prints_none(office: Office) -> None:
    page = begin(office.citizens, filter="procedure=road-damage", view=f"{SOUTH},{WEST},17")
    order(office.citizens, page, scale="2500", more=["cases", "tables"])
    assert ordered(page).places == ()


def test_a_layer_that_somebody_does_not_see_is_on_no_paper_of_theirs(app: Flask, office: Office) -> None:
    page = begin(office.roads, layer="print-lines")
    content = order(office.roads, page, layers="print-lines")
    assert content.startswith(b"%PDF")
    with city_session(CITY) as session:
        change_entry(session, "print-lines", visible_to="groups", owner="citizens")
    assert office.roads.post(PRINTS, {"layer": "print-lines"}).status_code == 404
    assert office.roads.get(f"{page}/map.pdf").status_code == 404, "the right is that of today"
    other = begin(office.roads, view=f"{SOUTH},{WEST},17")
    assert "検測の線" not in office.roads.get(other).text
    assert office.roads.post(other, {**FORM, **PLACE, "layers": "print-lines"}).status_code == 404
    assert office.citizens.post(PRINTS, {"layer": "print-lines"}).status_code == 303


def test_nobody_else_comes_to_a_printed_map(app: Flask, office: Office) -> None:
    page = begin(office.roads, layer="print-lines")
    order(office.roads, page, layers="print-lines")
    for path in (page, f"{page}/map.pdf"):
        assert office.second.get(path).status_code == 404
        assert Browser(app, CITY, "192.0.2.201").get(path).status_code in {302, 303, 403}
    assert office.second.post(page, {**FORM, **PLACE}).status_code == 404
    assert office.second.post(f"{page}/again", {}).status_code == 404


def test_a_case_is_printed_by_who_may_see_its_place(office: Office) -> None:
    page = begin(office.roads, case=str(office.permit))
    order(office.roads, page, more=["cases", "tables"])
    assert [place.number for place in ordered(page).places] == [office.permit_number]
    assert office.citizens.post(PRINTS, {"case": str(office.permit)}).status_code in {403, 404}
    assert office.roads.post(PRINTS, {"case": "x"}).status_code == 404
    assert office.roads.post(PRINTS, {"dossier": "99999999"}).status_code == 404


def test_a_dossier_is_printed_with_its_tables(office: Office) -> None:
    made = office.roads.post("/desk/dossiers", {"words": "調べる場所", "positions": f"{PLACE['lat']}, {PLACE['lon']}"})
    page = begin(office.roads, dossier=made.location.rsplit("/", 1)[1])
    content = order(office.roads, page, more=["cases", "tables"])
    assert len(pages_of(content)) > 1
    assert ordered(page).tables[-1].title == "50 m以内の案件"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lat": "北緯"}, "数字で入力してください"),
        ({"lon": "0"}, "座標系の外"),
        ({"lat": "nan"}, "数字で入力してください"),
        ({"scale": "7"}, "縮尺を一覧から"),
        ({"paper": "B4"}, "紙、向き、背景を選び直して"),
        ({"title": " "}, "題を入力してください"),
    ],
)
def test_what_cannot_be_printed_is_said_and_kept(office: Office, changes: dict[str, str], words: str) -> None:
    page = begin(office.roads, layer="print-lines")
    answer = office.roads.post(page, {**FORM, **PLACE, "layers": "print-lines", **changes})
    assert (answer.status_code, words in answer.text) == (422, True)
    if "title" not in changes:
        assert "点検用の図" in answer.text


def test_a_sheet_holds_so_much_and_no_more(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    page = begin(office.roads, layer="print-lines")
    with monkeypatch.context() as patch:
        patch.setattr("geo.paper.layers.MAX_FEATURES", 1)
        answer = office.roads.post(page, {**FORM, **PLACE, "layers": "print-lines"})
        assert (answer.status_code, "1枚に描ける量" in answer.text) == (422, True)
    with monkeypatch.context() as patch:
        patch.setattr("portal.desk.map_print_content.MAX_CASES", 2)
        cases = begin(office.roads, filter="procedure=road-damage", view=f"{SOUTH},{WEST},17")
        answer = office.roads.post(cases, {**FORM, **PLACE, "scale": "5000", "more": "cases"})
        assert (answer.status_code, "2より多くあります" in answer.text) == (422, True)
    with monkeypatch.context() as patch:
        assert office.roads.post(page, {**FORM, **PLACE, "layers": "print-lines"}).status_code == 303
        patch.setattr("geo.paper.layers.MAX_VERTICES", 1)  # it grew while it waited
        work(CITY)
    assert "描くものが多すぎて" in office.roads.get(page).text
    assert office.roads.get(f"{page}/map.pdf").status_code == 404


def test_a_map_is_ordered_once_and_again_as_another(office: Office) -> None:
    page = begin(office.roads, layer="print-lines")
    order(office.roads, page, layers="print-lines")
    assert office.roads.post(page, {**FORM, **PLACE}).status_code == 409
    again = office.roads.post(f"{page}/again", {})
    assert again.status_code == 303 and again.location != page
    assert "点検用の図" in office.roads.get(again.location).text


def test_printed_maps_are_forgotten_with_their_cases_and_after_a_week(office: Office) -> None:
    page = begin(office.roads, case=str(office.permit))
    order(office.roads, page, more=["cases"])
    with city_session(CITY) as session:
        maps.prints.erase_personal_data(session, [office.permit])
    assert office.roads.get(page).status_code == 404
    old = begin(office.roads, layer="print-lines")
    with city_session(CITY) as session:
        which = MapPrint.id == int(old.rsplit("/", 1)[1])
        session.execute(update(MapPrint).where(which).values(begun_at=now() - KEPT - timedelta(hours=1)))
        forget_prints(session)
    assert office.roads.get(old).status_code == 404
