"""Options from tables and map layers on the resident's page: looked for by typing, the nearest first, kept as they were."""

import json
from typing import Any

from geo.layer_import import LayerMetadata, import_layer
from portal.cases.answers import open_answers
from portal.cases.models import Case
from portal.core.database import city_session
from portal.procedures import definition_of
from tests.integration.residents.conftest import CITY
from tests.integration.residents.test_filled_in import started
from tests.integration.residents.test_following import ask_for_correction
from tests.kit.browser import Browser

TOWNS = {
    "id": "towns",
    "key": ["code"],
    "rows": [{"code": f"t{n}", "name": f"{n}番町", "kana": f"ばんちょう{n}"} for n in range(150)]
    + [{"code": "x", "name": "齋藤ヶ丘", "kana": "さいとうがおか"}],
}
TOWN = {
    "id": "town",
    "type": "choice",
    "label": {"ja": "町"},
    "options": {"table": "towns", "label": "name", "search": ["kana"]},
}
SPOT = {"id": "spot", "type": "point", "label": {"ja": "場所"}}
LAMP = {
    "id": "lamp",
    "type": "choice",
    "label": {"ja": "灯"},
    "options": {
        "layer": "lamps",
        "id": "no",
        "label": "name",
        "near": "spot",
        "values": [{"property": "watt", "as": "watt", "type": "int"}],
    },
}


def lamps(watt: int, *names: str) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"no": f"n{number}", "name": name, "watt": watt},
            "geometry": {"type": "Point", "coordinates": [139.39 + number / 1000, 35.67]},
        }
        for number, name in enumerate(names)
    ]
    with city_session(CITY) as session:
        metadata = LayerMetadata(key="lamps", title={"ja": "防犯灯"}, kind="point")
        import_layer(session, metadata, {"type": "FeatureCollection", "features": features})


def test_an_option_is_looked_for_by_typing_with_and_without_a_script(browser: Browser) -> None:
    address = started(browser, [TOWN], tables=[TOWNS])
    page = browser.get(address).text
    assert "番町" not in page
    listing = browser.post(address, {"find-town": "さいとう", "find-options": "town"})
    assert listing.status_code == 200
    assert 'value="x"' in listing.text
    assert "1件あります。" in listing.text
    assert browser.post(address, {"find-town": "どこにもない"}).status_code == 200
    options = browser.post(f"{address}/options", {"find-town": "番町", "find-options": "town"})
    answer = json.loads(options.text)
    assert (len(answer["options"]), answer["status"]) == (20, "はじめの20件です。言葉を足すと、しぼれます。")
    assert browser.post(f"{address}/options", {"find-options": "elsewhere"}).status_code == 404
    assert browser.post(address, {"find-town": "さいとう", "town": "x"}).status_code == 303
    assert 'value="x" checked' in browser.get(address).text
    assert browser.post(address, {"town": "t999"}).status_code == 422


def test_a_lamp_is_chosen_from_the_map_and_keeps_its_name(browser: Browser) -> None:
    lamps(20, "西の灯", "中の灯", "東の灯")
    address = started(browser, [SPOT, LAMP], assurance="none")
    spot = {"spot.lat": "35.67", "spot.lon": "139.3921"}
    page = browser.post(address, {**spot, "find-options": "lamp"}).text
    assert [page.index(name) for name in ("東の灯", "中の灯", "西の灯")] == sorted(
        page.index(name) for name in ("東の灯", "中の灯", "西の灯")
    )
    assert browser.post(address, {**spot, "lamp": "n2"}).status_code == 303
    lamps(40, "西の灯", "中の灯", "新しい灯")
    review = address.rpartition("/")[0] + "/review"
    page = browser.get(review).text
    assert "この選択肢の内容が変わりました。" in page
    assert browser.post(address, {**spot, "lamp": "n2"}).status_code == 303
    assert browser.agree(review).status_code == 303
    lamps(60, "西の灯", "中の灯", "もっと新しい灯")
    with city_session(CITY) as session:
        case: Any = session.query(Case).order_by(Case.id.desc()).first()
        answers = open_answers(CITY, case.answers)
        question = definition_of(session, case.version_id).fields["lamp"]
        assert answers["lamp"] == {"id": "n2", "label": {"ja": "新しい灯"}, "values": {"watt": 40}}
        assert question.show(answers["lamp"], "ja") == "新しい灯"
    ask_for_correction(case.id, ("lamp",))
    correction = f"/me/cases/{case.public_id}/correction"
    assert f'data-url="{correction}/options"' in browser.get(correction).text
    listing = browser.post(f"{correction}/options", {"find-lamp": "中の", "find-options": "lamp"}).get_json()
    assert [option["label"] for option in listing["options"]] == ["中の灯"]
    assert browser.post(f"{correction}/options", {"find-options": "note"}).status_code == 404
