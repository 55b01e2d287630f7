"""The catalogue of map layers at the desk: made, described, seen by those it names, restored, and kept while a procedure needs it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from geo.layer_import import LayerMetadata, import_layer
from portal.cases.models import CasePlace
from portal.core.database import city_session
from portal.core.events import Event
from portal.identity.actions import disable_staff
from tests.integration.desk.conftest import CITY, Office
from tests.integration.geo.stalls import rectangle
from tests.kit.browser import Browser
from tests.kit.city import hire

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
        return list(session.scalars(select(Event).where(Event.name == name)))


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
    assert [event.data["changed"] for event in events("layer.described")] == [
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
    assert [keeper.get(f"{page}/versions/{rest}").status_code for rest in ("2/exe", "99/csv")] == [404, 404]
    of_bays = {name: [event.data for event in events(name) if event.data["key"] == "bays"] for name in EVENTS}
    assert [data["features"] for data in of_bays["layer.exported"]] == [1]
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
