"""The catalogue of map layers at the desk: made, described, seen by those it names, restored, and kept while a procedure needs it."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from geo.catalogue import change_entry
from geo.layer_import import LayerMetadata, import_layer
from portal.cases.map_objections import open_objections
from portal.cases.models import CasePlace
from portal.core.database import city_session
from portal.core.events import Event
from portal.identity.actions import disable_staff
from portal.identity.resident_accounts import sign_in_account
from tests.integration.desk.conftest import CITY, Office
from tests.integration.geo.stalls import rectangle
from tests.kit.answers import unshared_occupancy
from tests.kit.browser import Browser
from tests.kit.city import begin, hire, send

LAYERS = "/desk/layers"
EVENTS = ("layer.exported", "layer.restored")
BAY = LayerMetadata("bays", {"ja": "荷さばき場"}, "polygon")


@pytest.fixture(scope="module")
def keeper(app: Flask, office: Office) -> Iterator[Browser]:
    """Who makes the layers of the roads office, and leaves when they are made."""
    staff_id = hire(CITY, "maps@example.jp", {"road-management": {"publisher"}})
    yield Browser(app, CITY, "192.0.2.91").sign_in_at_desk("maps@example.jp")
    with city_session(CITY) as session:
        disable_staff(session, staff_id)


def load_bays(*uses: str) -> None:
    features = [
        {"type": "Feature", "properties": {"use": use}, "geometry": rectangle(10 * n, 0, 5, 5)}
        for n, use in enumerate(uses)
    ]
    with city_session(CITY) as session:
        import_layer(session, BAY, {"type": "FeatureCollection", "features": features})


def events(name: str) -> list[Event]:
    with city_session(CITY) as session:
        return list(session.scalars(select(Event).where(Event.name == name).order_by(Event.id)))


def test_a_layer_is_made_described_and_seen_by_those_it_names(keeper: Browser, office: Office) -> None:
    new = {"title": "防犯灯", "key": "street-lights", "kind": "point", "owner": "road-management"}
    assert keeper.post(LAYERS, new).status_code == 303
    again = keeper.post(LAYERS, new)
    assert (again.status_code, "このキーの層は、もうあります" in again.text) == (422, True)
    page = f"{LAYERS}/street-lights"
    assert "まだ中身がありません" in keeper.get(page).text
    entry = {"title": "防犯灯", "owner": "road-management", "visible_to": "groups", "licence": "CC BY 4.0"}
    wrong = keeper.post(page, {**entry, "review_on": "来年"})
    assert (wrong.status_code, "2027-04-01のように" in wrong.text, "CC BY 4.0" in wrong.text) == (422, True, True)
    assert keeper.post(page, {**entry, "title_en": "Street lights", "review_on": "2020-04-01"}).status_code == 303
    assert all(words in keeper.get(f"{LAYERS}?q=street-lights").text for words in ("防犯灯", "過ぎています"))
    assert "合う層はありません" in keeper.get(f"{LAYERS}?q=水道管").text
    for path in (page, "/desk/map/layers/street-lights/12/3636/1613.mvt"):
        assert (keeper.get(path).status_code, office.citizens.get(path).status_code) == (200, 404)
    assert office.citizens.post(page, entry).status_code == 403
    described = [event.data for event in events("layer.described")]
    assert [data["changed"] for data in described if data["key"] == "street-lights"] == [
        ["title", "visible_to", "licence", "review_on"]
    ]
    assert keeper.post(page, {**entry, "visible_to": "staff"}).status_code == 303
    assert "防犯灯" in office.citizens.get(page).text


def test_an_earlier_version_is_restored_after_seeing_what_changes(keeper: Browser) -> None:
    load_bays("荷", "客")
    load_bays("荷")
    page = f"{LAYERS}/bays"
    assert "端末での取り込み" in keeper.get(page).text
    seen = keeper.get(f"{page}/versions/1")
    assert "<dt>加わる</dt><dd>1件</dd>" in seen.text
    assert keeper.post(f"{page}/versions/1", {"seen": "1"}).status_code == 409
    assert keeper.post(f"{page}/versions/1", {"seen": "2", "note": "消しすぎた"}).status_code == 303
    shown = keeper.get(page).text
    assert all(words in shown for words in ("第1版にもどした", "消しすぎた", "2件・第3版"))
    assert keeper.get(f"{page}/versions/99").status_code == 404
    downloaded = keeper.get(f"{page}/versions/2/geojson")
    assert [feature["properties"]["use"] for feature in downloaded.get_json(force=True)["features"]] == ["荷"]
    of_guests = keeper.get(f"{page}/versions/1/csv?words=客").data.decode("utf-8-sig").splitlines()
    assert (len(of_guests), "荷" in of_guests[1]) == (2, False), "the heading and what was searched for"
    assert [keeper.get(f"{page}/versions/{rest}").status_code for rest in ("2/exe", "99/csv")] == [404, 404]
    of_bays = {name: [event.data for event in events(name) if event.data["key"] == "bays"] for name in EVENTS}
    assert [data["features"] for data in of_bays["layer.exported"]] == [1, 1]
    assert [data["version"] for data in of_bays["layer.restored"]] == [3]


def test_a_layer_that_a_procedure_needs_stays_in_use(keeper: Browser, office: Office) -> None:
    page = f"{LAYERS}/city-roads"
    assert "道路占用許可" in keeper.get(page).text
    refused = keeper.post(f"{page}/retirement", {"act": "retire"})
    assert (refused.status_code, "使用をやめてください" in refused.text) == (409, True)
    load_bays("荷")
    assert keeper.post(f"{LAYERS}/bays/retirement", {"act": "retire"}).status_code == 303
    assert "荷さばき場" not in office.roads.get("/desk").text
    assert "使用をやめています" in keeper.get(f"{LAYERS}/bays").text
    keeper.post(f"{LAYERS}/bays/retirement", {"act": "reuse"})
    assert "荷さばき場" in office.roads.get("/desk").text


def test_a_lost_property_is_warned_of(keeper: Browser) -> None:
    with city_session(CITY) as session:
        import_layer(
            session,
            LayerMetadata("road-offices", {"ja": "道路の担当"}, "polygon"),
            {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": rectangle(0, 0, 9, 9)}]},
        )
    assert "手続きが使う項目がありません" in keeper.get(f"{LAYERS}/road-offices").text
    assert keeper.post(f"{LAYERS}/road-offices/versions/1", {"seen": "2"}).status_code == 303
    assert "手続きが使う項目がありません" not in keeper.get(f"{LAYERS}/road-offices").text


def test_a_place_names_the_versions_it_was_judged_by(office: Office) -> None:
    with city_session(CITY) as session:
        place = session.scalars(select(CasePlace).where(CasePlace.case_id == office.permit)).first()
        assert place is not None
        assert place.layer_versions["city-roads"] == 1


def test_a_layer_and_the_city_say_how_far_edges_may_be_off(keeper: Browser) -> None:
    load_bays("荷さばき")
    page = f"{LAYERS}/{BAY.key}"
    entry = {"title": "荷さばき場", "visible_to": "public"}
    assert "0から1,000まで" in keeper.post(page, {**entry, "tolerance": "遠い"}).text
    assert keeper.post(page, {**entry, "tolerance": "2.5 m"}).status_code == 303
    assert "2.5 m" in keeper.get(page).text
    assert keeper.post(page, {**entry, "tolerance": ""}).status_code == 303
    wrong = keeper.post(f"{LAYERS}/all/tolerance", {"tolerance": "5000"})
    assert (wrong.status_code, "0から1,000まで" in wrong.text) == (422, True)
    assert keeper.post(f"{LAYERS}/all/tolerance", {"tolerance": "１"}).status_code == 303
    assert "1 m" in keeper.get(page).text
    assert keeper.post(f"{LAYERS}/all/tolerance", {"tolerance": "0"}).status_code == 303
    assert [event.data["metres"] for event in events("layer.tolerance_set")] == [1.0, 0.0]


def test_who_says_that_the_map_is_wrong_reads_the_answer(app: Flask, office: Office, keeper: Browser) -> None:
    resident = Browser(app, CITY, "192.0.2.92")
    with city_session(CITY) as session:
        account = sign_in_account(session, "map@example.jp", "ja")
        case = send(session, begin(session, "road-occupancy", unshared_occupancy(), account))
        public_id = case.public_id
    resident.sign_in("map@example.jp")
    page = resident.get(f"/me/cases/{public_id}").text
    assert "「市道の区域」にかかっています。" in page
    subject = re.search(r'にかかっています。.+?name="subject" value="(rules[.][0-9]+)"', page, re.DOTALL)
    assert subject
    said = {"field": "area", "subject": subject[1], "words": ""}
    wrong = resident.post(f"/me/cases/{public_id}/map", said)
    assert (wrong.status_code, "どこがどうちがうかを書いてください" in wrong.text) == (422, True)
    assert resident.post(f"/me/cases/{public_id}/map", {**said, "words": "ここは私道です。"}).status_code == 303
    assert "地図を管理する課が確かめています" in resident.get(f"/me/cases/{public_id}").text
    with city_session(CITY) as session:
        change_entry(session, "city-roads", owner="road-management")
        ((objection, _case),) = open_objections(session, "city-roads")
    listed = keeper.get(f"{LAYERS}/city-roads").text
    assert all(words in listed for words in ("ここは私道です。", "にかかっています"))
    assert "地図がちがう 1件" in keeper.get(LAYERS).text
    assert "ここは私道です。" not in office.citizens.get(f"{LAYERS}/city-roads").text
    answer = f"{LAYERS}/city-roads/objections/{objection.id}"
    assert office.citizens.post(answer, {"outcome": "kept", "reason": "x"}).status_code == 403
    early = keeper.post(answer, {"outcome": "edited", "reason": "直しました"})
    assert (early.status_code, "新しい版になっていません" in early.text, "直しました" in early.text) == (
        409,
        True,
        True,
    )
    assert "答え" in keeper.post(answer, {"outcome": "kept", "reason": ""}).text
    assert keeper.post(answer, {"outcome": "kept", "reason": "認定された市道です。"}).status_code == 303
    assert "認定された市道です。" in resident.get(f"/me/cases/{public_id}").text
    assert "住民からの" not in keeper.get(f"{LAYERS}/city-roads").text


def test_the_list_shows_each_layer_as_a_picture_that_is_asked_for_once(keeper: Browser, office: Office) -> None:
    load_bays("荷さばき", "待合")
    page = keeper.get(LAYERS).text
    assert f'src="{LAYERS}/bays/picture"' in page
    picture = keeper.get(f"{LAYERS}/bays/picture")
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    assert picture.text.count("<path") == 2, "what fills both areas, and what outlines them"
    tag = picture.headers["ETag"]
    assert keeper.get(f"{LAYERS}/bays/picture", If_None_Match=tag).status_code == 304
    load_bays("荷さばき")
    smaller = keeper.get(f"{LAYERS}/bays/picture", If_None_Match=tag)
    assert smaller.status_code == 200
    assert len(smaller.text) < len(picture.text)


def test_a_layer_without_anything_is_an_empty_picture_and_one_that_is_not_seen_has_none(
    keeper: Browser, office: Office
) -> None:
    new = {"title": "消火栓", "key": "hydrants", "kind": "point", "owner": "road-management"}
    assert keeper.post(LAYERS, new).status_code == 303
    picture = keeper.get(f"{LAYERS}/hydrants/picture")
    assert picture.status_code == 200
    assert "<circle" not in picture.text
    with city_session(CITY) as session:
        change_entry(session, "hydrants", visible_to="groups", owner="road-management")
    assert office.citizens.get(f"{LAYERS}/hydrants/picture").status_code == 404
