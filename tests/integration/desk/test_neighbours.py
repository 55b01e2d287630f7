"""Lists of neighbours at the desk: made for a case or a spot, narrowed, taken along, logged, and for nobody else."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from geo.address_points import ADDRESS_POINTS
from geo.catalogue import change_entry
from geo.layer_import import LayerMetadata, import_layer
from portal.cases import neighbours
from portal.cases.models import Case
from portal.cases.neighbours.models import NeighbourList
from portal.cases.queries import history, places_of
from portal.core.clock import frozen, now
from portal.core.config import settings
from portal.core.database import city_session, owner_engine
from portal.core.text import date_ja
from tests.integration.desk.conftest import CITY, Office
from tests.kit.browser import Browser
from tests.kit.city import hire
from tests.kit.jobs import forget_jobs, work

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
"""WeasyPrint leaves the colour profile of PDF/A to the garbage collector."""

HERE = "/desk/neighbours"
PARCELS = "neighbour-parcels"
METRE = 1 / 111_000
SPOT = (139.3951, 35.6701)


def points(session: Session, key: str, addresses: dict[str, tuple[float, float]]) -> None:
    """Points with an address, in metres east and north of the spot."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": address, "所在": address, "kind": "house"},
            "geometry": {"type": "Point", "coordinates": [SPOT[0] + x * METRE * 1.23, SPOT[1] + y * METRE]},
        }
        for address, (x, y) in addresses.items()
    ]
    metadata = LayerMetadata(key, {"ja": "試験の住所"}, "point")
    import_layer(session, metadata, {"type": "FeatureCollection", "features": features})


@pytest.fixture
def addresses(office: Office) -> Iterator[None]:
    """Three addresses within 20 m of the spot, and a fourth at 25 m; one has a character that CP932 lacks."""
    with city_session(CITY) as session:
        points(
            session,
            PARCELS,
            {"神明一丁目12番地の2": (5, 0), "神明1-9-1": (0, 12), "𠮷野町=3番地": (18, 0), "神明一丁目30番地": (0, 25)},
        )
        change_entry(session, PARCELS, address_property="所在", in_use=True, visible_to="staff", owner=None)
    forget_jobs(CITY)
    yield
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM city_{CITY}.neighbour_list")
    with city_session(CITY) as session:
        change_entry(session, PARCELS, in_use=False, address_property=None, tolerance_m=None)


def ask(**more: str) -> dict[str, str]:
    return {"metres": "20", "source": PARCELS, "purpose": "工事のお知らせのため", **more}


def at_spot(**more: str) -> dict[str, str]:
    return ask(words="", positions=f"{SPOT[1]}, {SPOT[0]}", **more)


def listed(page: str) -> list[str]:
    """The addresses of a page that are not left out."""
    return re.findall(r"<tr><td>\d+</td><td>([^<]+)</td>", page)


def test_a_city_without_address_points_reads_how_to_import_them(office: Office) -> None:
    page = office.roads.get(HERE).text
    assert all(
        words in page for words in ("住所の位置が、まだありません", "madoguchi address import hino", "住所の項目")
    )


def test_a_list_of_a_spot_is_made_in_two_orders(office: Office, addresses: None) -> None:
    made = office.roads.post(HERE, at_spot())
    assert made.status_code == 303
    page = office.roads.get(made.location).text
    assert listed(page) == ["神明一丁目12番地の2", "神明1-9-1", "𠮷野町=3番地"]
    assert "3件" in page and "工事のお知らせのため" in page and "境界の確かさが決められていない" in page
    assert listed(office.roads.get(f"{made.location}?order=address").text)[1:] == ["神明1-9-1", "神明一丁目12番地の2"]
    days = settings().spot_record_days
    assert f"{date_ja(now() + timedelta(days=days), year=True)}に消えます" in page
    for later, status in ((days - 1, 200), (days + 1, 404)):
        with frozen(now() + timedelta(days=later)), city_session(CITY) as session:
            neighbours.forget_spots(session)
        assert office.roads.get(made.location).status_code == status


def test_what_is_missing_or_too_much_is_said_and_nothing_typed_is_lost(office: Office, addresses: None) -> None:
    for typed, words in (
        ({"purpose": " "}, "何のための一覧かを"),
        ({"metres": "other", "other": "遠く"}, "距離を、メートルの数で"),
        ({"metres": "other", "other": "501"}, "500までのメートルの数で"),
        ({"metres": ""}, "距離を、メートルの数で"),
        ({"source": "city-boundary"}, "住所をとる層を選んでください"),
        ({"positions": "東, 西"}, "位置を読み取れません"),
        ({"positions": "35.670,139.395\n35.672,139.397\n35.670,139.397\n35.672,139.395"}, "位置を読み取れません"),
    ):
        answer = office.roads.post(HERE, at_spot() | {"words": "日野駅前"} | typed)
        assert (answer.status_code, words in answer.text, "日野駅前" in answer.text) == (422, True, True), words
    far = office.roads.post(HERE, at_spot(metres="other", other="２６ｍ"))
    assert "4件" in office.roads.get(far.location).text


def test_the_edge_of_the_distance_is_named_and_what_is_beyond_it_is_left_out(office: Office, addresses: None) -> None:
    with city_session(CITY) as session:
        change_entry(session, PARCELS, tolerance_m=6)
    made = office.roads.post(HERE, at_spot())
    page = office.roads.get(made.location).text
    assert "内側に1件、外側に1件" in page
    assert "神明一丁目30番地" not in listed(page)
    assert "<s>神明一丁目30番地</s>" in page


def test_rows_are_left_out_and_taken_back_and_two_who_choose_at_once_are_told(office: Office, addresses: None) -> None:
    made = office.roads.post(HERE, at_spot()).location
    assert office.roads.post(f"{made}/exclusions", {"excluded": "1", "seen": ""}).status_code == 303
    assert listed(office.second.get(made).text) == ["神明一丁目12番地の2", "𠮷野町=3番地"]
    late = office.second.post(f"{made}/exclusions", {"excluded": "2", "seen": ""})
    assert (late.status_code, "ほかの人が先に変えました" in late.text) == (409, True)
    assert len(listed(office.second.get(made).text)) == 2
    office.second.post(f"{made}/exclusions", {"excluded": "77", "seen": "1"})
    assert len(listed(office.roads.get(made).text)) == 3, "a row that there is not leaves nothing out"


def test_files_say_what_they_cannot_write(office: Office, addresses: None) -> None:
    made = office.roads.post(HERE, at_spot()).location
    page = office.roads.get(made).text
    assert "CP932にない文字がある住所が1件あります" in page
    utf8 = office.roads.get(f"{made}/utf-8.csv?order=address")
    lines = utf8.data.decode("utf-8-sig").splitlines()
    assert utf8.data.startswith(b"\xef\xbb\xbf")
    assert lines[2].split(",")[1:5] == ["日野市神明1-9-1", "お住まいの方へ", "神明一丁目", "9の1"]
    cp932 = office.roads.get(f"{made}/cp932.csv").data.decode("cp932")
    assert "〓野町" in cp932 and "CP932にない文字 U+20BB7" in cp932
    assert office.roads.get(f"{made}/utf-16.csv").status_code == 404


def test_labels_are_made_by_the_worker_and_say_no_name(office: Office, addresses: None) -> None:
    made = office.roads.post(HERE, at_spot()).location
    assert office.roads.post(f"{made}/labels", {"sheet": "24", "first": "25"}).status_code == 422
    assert office.roads.post(f"{made}/labels", {"sheet": "13", "first": "1"}).status_code == 422
    assert office.roads.post(f"{made}/labels", {"sheet": "24", "first": "23"}).status_code == 303
    assert "作成中" in office.roads.get(made).text
    assert "cases.make_labels" in work(CITY)
    address = re.search(rf'href="({made}/labels/[0-9]+\.pdf)"', office.roads.get(made).text)
    assert address
    fetched = office.roads.get(address[1])
    with pikepdf.open(BytesIO(fetched.data)) as pdf:
        assert len(pdf.pages) == 2, "two places are left on the first sheet for three labels"
        box = pdf.pages[0].mediabox
        assert [round(float(side)) for side in box[2:]] == [595, 842]
    other = office.roads.post(HERE, at_spot()).location
    assert office.roads.get(address[1].replace(made, other)).status_code == 404


def test_the_history_of_the_case_tells_who_how_far_how_many_and_why(office: Office, addresses: None) -> None:
    with city_session(CITY) as session:
        case = session.get_one(Case, office.permit)
        (place,) = places_of(session, case.id)
        lon, lat = place.geometry["coordinates"][0][0]
        spot = (lon - SPOT[0]) / METRE / 1.23, (lat - SPOT[1]) / METRE
        points(session, PARCELS, {"大坂上三丁目1番地": spot, "大坂上三丁目2番地": (spot[0] + 2, spot[1])})
    made = office.roads.post(f"{HERE}/cases/{office.permit}", ask(metres="10"))
    assert made.status_code == 303
    assert office.permit_number in office.roads.get(made.location).text
    office.roads.get(f"{made.location}/cp932.csv")
    drawer = office.roads.get(f"/desk/cases/{office.permit}?tab=history").text
    assert "10 m以内・2件・目的：工事のお知らせのため" in drawer and "CSV(CP932)・2件" in drawer
    with city_session(CITY) as session:
        told = [event for event in history(session, office.permit) if event.name.startswith("neighbours.")]
        assert all("大坂上" not in str(event.data) and "お知らせ" not in str(event.data) for event in told)
    assert "10 m以内・2件" in office.roads.get(f"{HERE}/cases/{office.permit}").text


def test_it_is_for_those_who_may(app: Flask, office: Office, addresses: None) -> None:
    of_case = office.roads.post(f"{HERE}/cases/{office.permit}", ask()).location
    of_spot = office.roads.post(HERE, at_spot()).location
    assert office.citizens.get(of_case).status_code in {403, 404}
    assert office.citizens.get(f"{HERE}/cases/{office.permit}").status_code in {403, 404}
    assert office.citizens.post(f"{HERE}/cases/{office.permit}", ask()).status_code in {403, 404}
    assert office.citizens.get(of_spot).status_code == 200
    with city_session(CITY) as session:
        change_entry(session, PARCELS, visible_to="groups", owner="road-management")
    assert office.citizens.get(of_spot).status_code == 404
    assert office.roads.get(of_spot).status_code == 200
    assert PARCELS not in office.citizens.get(HERE).text
    assert office.roads.get(f"{HERE}/999999").status_code == 404
    hire(CITY, "neighbours-till@example.jp", {"road-management": ("cashier",)})
    till = Browser(app, CITY, "192.0.2.77").sign_in_at_desk("neighbours-till@example.jp")
    assert till.get(HERE).status_code == 403


def test_what_is_kept_names_no_address_in_clear(office: Office, addresses: None) -> None:
    office.roads.post(HERE, at_spot())
    with city_session(CITY) as session:
        stored = session.execute(text("SELECT row_to_json(l)::text FROM neighbour_list l")).scalars().all()
        assert stored and all("神明" not in row and "工事" not in row for row in stored)
        assert session.scalars(select(NeighbourList)).first() is not None


def test_address_points_come_first_and_need_no_setting(office: Office, addresses: None) -> None:
    with city_session(CITY) as session:
        points(session, ADDRESS_POINTS, {"神明一丁目40番地": (1, 1)})
    try:
        page = office.roads.get(HERE).text
        assert page.index(f'value="{ADDRESS_POINTS}"') < page.index(f'value="{PARCELS}"')
        made = office.roads.post(HERE, at_spot(source=ADDRESS_POINTS))
        assert listed(office.roads.get(made.location).text) == ["神明一丁目40番地"]
    finally:
        with city_session(CITY) as session:
            change_entry(session, ADDRESS_POINTS, in_use=False)
