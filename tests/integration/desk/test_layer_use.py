"""What residents use a layer for is chosen at the desk, and a column that is hidden is told to residents and their programs nowhere."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from geo.catalogue import change_entry, entry_of
from geo.layer_import import LayerMetadata, import_layer
from portal.core.database import city_session
from portal.core.events import Event
from portal.identity.actions import disable_staff
from portal.maps import public_layers
from tests.integration.desk.conftest import CITY, Office
from tests.integration.geo.stalls import rectangle
from tests.kit.browser import Browser
from tests.kit.city import hire

PAGE = "/desk/layers/fountains/use"
COLUMNS = ("名称", "管理者", "水温")


def at(n: int) -> dict[str, Any]:
    """A point in the middle of the city."""
    return {"type": "Point", "coordinates": rectangle(20 * n, 0, 1, 1, (139.395, 35.6713))["coordinates"][0][0]}


@pytest.fixture(scope="module", autouse=True)
def fountains(office: Office) -> None:
    """Fountains of the roads office, with who keeps each."""
    features = [
        {"type": "Feature", "properties": {"名称": f"第{n}噴水", "管理者": f"内緒{n}", "水温": n}, "geometry": at(n)}
        for n in range(3)
    ]
    with city_session(CITY) as session:
        metadata = LayerMetadata("fountains", {"ja": "噴水"}, "point")
        import_layer(session, metadata, {"type": "FeatureCollection", "features": features})
        change_entry(session, "fountains", owner="road-management")


@pytest.fixture(scope="module")
def keeper(app: Flask, office: Office) -> Iterator[Browser]:
    """Who decides about the layers of the roads office, and leaves when that is done."""
    staff_id = hire(CITY, "layer-use@example.jp", {"road-management": {"publisher"}})
    yield Browser(app, CITY, "192.0.2.92").sign_in_at_desk("layer-use@example.jp")
    with city_session(CITY) as session:
        disable_staff(session, staff_id)


def form(*, need: str, hidden: tuple[str, ...] = (), **more: str) -> dict[str, Any]:
    """What the page sends."""
    fields: dict[str, Any] = {"need": need, "name_column": "", **more}
    for n, column in enumerate(COLUMNS):
        fields[f"columns-{n}-column"] = column
        if column not in hidden:
            fields[f"columns-{n}-shown"] = "y"
    return fields


def test_a_department_puts_its_layer_on_the_residents_map(keeper: Browser, office: Office, app: Any) -> None:
    resident = Browser(app, CITY)
    assert "第1噴水" not in resident.get("/map?need=facility").text
    sent = form(
        need="facility", hidden=("管理者",), **{"columns-2-ja": "水の温度", "columns-2-en": "Water temperature"}
    )
    assert keeper.post(PAGE, sent).status_code == 303
    page = keeper.get(PAGE).text
    assert 'value="水の温度"' in page
    assert 'aria-label="「管理者」を住民に見せる">' in page  # and not checked
    assert 'aria-label="「水温」を住民に見せる" checked>' in page
    assert "第1噴水" in resident.get("/map?need=facility").text
    with city_session(CITY) as session:
        entry = entry_of(session, "fountains")
        assert entry is not None
        event = session.scalars(
            select(Event).where(Event.name == "layer.public_use_set").order_by(Event.id.desc())
        ).first()
        layer = next(each for each in public_layers(session) if each.key == "fountains")
    assert entry.hidden_columns == ["管理者"]
    assert event is not None
    assert event.data == {"key": "fountains", "need": "facility", "hidden": 1}
    told = {each.column: (each.label, each.value) for each in layer.told({"名称": "x", "管理者": "内緒", "水温": 2.0})}
    assert told == {"水温": ("水の温度", "2")}


def test_a_hidden_column_is_told_nowhere(keeper: Browser, office: Office, app: Any) -> None:
    assert keeper.post(PAGE, form(need="facility", hidden=("管理者",))).status_code == 303
    resident = Browser(app, CITY)
    items = "/ogc/collections/fountains/items"
    first = json.loads(resident.get(f"{items}?f=json").text)["features"][0]
    assert set(first["properties"]) == {"名称", "水温"}
    assert json.loads(resident.get("/ogc/collections/fountains/queryables").text)["properties"].keys() >= {
        "名称",
        "水温",
    }
    texts = [
        resident.get(path).text
        for path in (
            "/map?need=facility", f"/map/features/fountains/{first['id']}", items, f"{items}/{first['id']}",
            "/ogc/collections/fountains/queryables", "/ogc/collections/fountains",
        )
    ]  # fmt: skip
    assert all("内緒" not in text and "管理者" not in text for text in texts)
    refused = resident.get(f"{items}?filter=" + "管理者='内緒1'")
    assert refused.status_code == 400
    for tile in (
        "/map/layers/fountains/{z}/{x}/{y}.mvt",
        "/ogc/collections/fountains/tiles/WebMercatorQuad/{z}/{y}/{x}",
    ):
        answer = resident.get(tile.format(z=12, x=3636, y=1613))
        assert answer.status_code in (200, 204)
        assert "内緒".encode() not in answer.data
    assert "内緒1" in office.roads.get("/desk/ogc/collections/fountains/items?f=json").text


def test_tiles_of_a_layer_change_when_a_column_is_hidden(keeper: Browser, office: Office, app: Any) -> None:
    resident, tile = Browser(app, CITY), "/map/layers/fountains/12/3636/1613.mvt"
    assert keeper.post(PAGE, form(need="facility")).status_code == 303
    before = resident.get(tile).headers["ETag"]
    assert keeper.post(PAGE, form(need="facility", hidden=("管理者",))).status_code == 303
    assert resident.get(tile).headers["ETag"] != before


def test_what_cannot_be_is_refused_and_stays_on_the_page(keeper: Browser) -> None:
    refused = keeper.post(PAGE, form(need="facility", name_column="名称", hidden=("名称",)))
    assert refused.status_code == 422
    assert "住民に見せる項目にしてください" in refused.text
    assert keeper.post(PAGE, form(need="no-such-need")).status_code == 422
    assert keeper.post(PAGE, form(need="facility", **{"columns-0-ja": "あ" * 61})).status_code == 422
    unknown = form(need="facility") | {"columns-0-column": "ない項目", "columns-0-ja": "名"}
    assert "ない項目" in keeper.post(PAGE, unknown).text


def test_words_for_values_in_other_languages_are_kept_line_by_line(keeper: Browser, app: Any) -> None:
    words = "第1噴水 | 1番目(ばんめ)の 噴水(ふんすい) | First fountain | 第一喷泉 | 첫째 분수\n第2噴水\t\tSecond fountain\t\t"
    assert keeper.post(PAGE, form(need="facility", words=words)).status_code == 303
    assert "第2噴水 |  | Second fountain |  | " in keeper.get(PAGE).text
    english = Browser(app, CITY).get("/map?need=facility&lang=en").text
    assert "First fountain" in english
    assert '<span lang="ja">第0噴水</span>' in english
    refused = keeper.post(PAGE, form(need="facility", words="\n第1噴水 | First fountain"))
    assert refused.status_code == 422
    assert "1行目を「値 | やさしい日本語 | English | 中文 | 한국어」の形にしてください" in refused.text
    assert "第1噴水 | First fountain" in refused.text


def test_only_who_decides_about_the_layer_chooses(office: Office) -> None:
    assert office.citizens.get(PAGE).status_code in (403, 404)
    assert office.citizens.post(PAGE, form(need="facility")).status_code in (403, 404)


def test_columns_are_called_by_their_labels_on_every_page_whether_residents_use_the_layer_or_not(
    keeper: Browser, office: Office, app: Any
) -> None:
    assert keeper.post(PAGE, form(need="", **{"columns-2-ja": "水の温度"})).status_code == 303
    assert "第1噴水" not in Browser(app, CITY).get("/map?need=facility").text
    assert 'value="水の温度"' in keeper.get(PAGE).text
    page = keeper.get("/desk/layers/fountains").text
    assert (
        '<th scope="col" class="numeric">水の温度<br><span class="muted">水温・数' in page,
        '<th scope="col">管理者<br>' in page,
    ) == (
        True,
        True,
    )
    listed = Browser(app, CITY).get("/ogc/collections/fountains/items?f=html").text
    assert '<th scope="col">水の温度</th>' in listed
    spot = {"words": "広場", "positions": "35.670,139.394\n35.670,139.397\n35.673,139.397\n35.673,139.394"}
    dossier = office.roads.post("/desk/dossiers", spot)
    assert dossier.status_code == 303
    assert '<th scope="col">水の温度</th>' in office.roads.get(dossier.location).text
