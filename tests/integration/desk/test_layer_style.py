"""How a layer is drawn: chosen by those who edit it, seen on the map before it is kept, then the same for everybody."""

import json
import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from geo.catalogue import change_entry, entry_of
from geo.layer_import import LayerMetadata, import_layer
from portal.core.database import city_session
from portal.core.events import Event
from tests.integration.desk.conftest import CITY, Office
from tests.integration.geo.stalls import rectangle

PAGE = "/desk/layers/parking/style"
PARKING = LayerMetadata("parking", {"ja": "駐車場"}, "polygon")
CAPACITY = (4, 8, 8, 12, 40, 400)


@pytest.fixture(scope="module", autouse=True)
def parking(office: Office) -> None:
    """Six car parks of the roads office: two kinds, one without a kind, and how many cars each takes."""
    features = [
        {
            "type": "Feature",
            "properties": {"kind": ("市営", "民営", None)[n % 3], "cars": cars, "name": f"第{n}"},
            "geometry": rectangle(10 * n, 0, 5, 5),
        }
        for n, cars in enumerate(CAPACITY)
    ]
    with city_session(CITY) as session:
        import_layer(session, PARKING, {"type": "FeatureCollection", "features": features})
        change_entry(session, "parking", owner="road-management")


def stored() -> dict[str, Any]:
    with city_session(CITY) as session:
        entry = entry_of(session, "parking")
        assert entry is not None
        return dict(entry.style)


def fields(page: str) -> dict[str, str]:
    """What the form of a page would send."""
    form = page.split('hx-target="#style-shown"')[1].split("</form>", maxsplit=1)[0]
    inputs = re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"([^>]*)', form)
    chosen = {name: unescape(value) for name, value, rest in inputs if "radio" not in rest or "checked" in rest}
    chosen |= {
        n: unescape(v) for n, v in re.findall(r'type="radio" name="([^"]+)" value="([^"]*)"[^>]*? checked', form)
    }
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        selected = re.search(r'<option value="([^"]*)" selected', options)
        chosen[name] = unescape(selected[1]) if selected else ""
    chosen.pop("csrf_token", None)
    return chosen


def test_values_get_colours_that_are_kept_only_when_somebody_says_so(office: Office) -> None:
    before = stored()
    form = fields(office.roads.get(PAGE).text)
    divided = office.roads.post(PAGE, {**form, "by": "category", "property": "kind", "act": "classify"})
    assert divided.status_code == 200
    values = re.findall(r'name="classes-\d+-value" value="([^"]*)"', divided.text)
    assert sorted(values) == ["市営", "民営"]
    assert stored() == before
    chosen = fields(divided.text)
    live = office.roads.post(PAGE, {**chosen, "classes-0-label": "市の駐車場"}, headers={"HX-Request": "true"})
    style = json.loads(unescape(live.text.split('data-layer-style="')[1].split('"')[0]))["style"]
    assert (style["by"], style["property"], len(style["classes"])) == ("category", "kind", 2)
    assert "市の駐車場" in live.text
    assert stored() == before
    assert office.roads.post(PAGE, {**chosen, "act": "save", "draws_other": "no"}).status_code == 303
    assert "other" not in stored()
    shown = office.citizens.get("/desk/layers/parking").text
    assert all(value in shown.split('<ul class="layer-legend"')[1].split("</ul>")[0] for value in values)
    again = office.second.post(PAGE, {**chosen, "act": "save"})
    assert (again.status_code, "先に変えました" in again.text) == (409, True)
    with city_session(CITY) as session:
        styled = session.scalars(select(Event).where(Event.name == "layer.styled").order_by(Event.id)).all()
    assert [event.data for event in styled] == [{"key": "parking", "by": "category"}]


def test_numbers_are_divided_and_what_is_wrong_is_said_beside_what_was_typed(office: Office) -> None:
    form = fields(office.roads.get(PAGE).text) | {"by": "range", "property": "cars", "act": "classify"}
    even = fields(office.roads.post(PAGE, {**form, "count": "3", "method": "equal_count"}).text)
    assert [even[f"classes-{n}-upper"] for n in (0, 1)] == ["8", "21.3"]
    wide = fields(office.roads.post(PAGE, {**form, "count": "3", "method": "equal_step"}).text)
    assert [wide[f"classes-{n}-upper"] for n in (0, 1)] == ["136", "268"]
    for wrong, sentence in (({"classes-0-upper": "たくさん"}, "0.5のように"), ({"classes-0-upper": "300"}, "小さい順")):
        answer = office.roads.post(PAGE, {**wide, **wrong, "act": "save"})
        assert (answer.status_code, sentence in answer.text) == (422, True)
        assert f'value="{wrong["classes-0-upper"]}"' in answer.text
    assert office.roads.post(PAGE, {**wide, "act": "save", "min_zoom": "14"}).status_code == 303
    kept = stored()
    assert (kept["by"], kept["min_zoom"], [each.get("upper") for each in kept["classes"]]) == (
        "range",
        14,
        [136, 268, None],
    )
    assert "268〜" in office.roads.get("/desk/layers/parking").text


def test_what_cannot_be_divided_is_said(office: Office) -> None:
    form = fields(office.roads.get(PAGE).text) | {"act": "classify"}
    for by, name, sentence in (
        ("range", "name", "分けられる値がありません"),
        ("category", "x", "分ける項目"),
        ("?", "cars", "分ける項目"),
    ):
        answer = office.roads.post(PAGE, {**form, "by": by, "property": name})
        assert (answer.status_code, sentence in answer.text) == (422, True), by
    odd = office.roads.post(PAGE, {**form, "act": "save", "width": "thick", "opacity": "", "classes-0-colour": "red"})
    assert odd.status_code == 422


def test_only_those_who_edit_a_layer_choose_its_style(office: Office) -> None:
    assert office.citizens.get(PAGE).status_code == 403
    before = stored()
    assert office.citizens.post(PAGE, {"act": "save", "by": "single", "fill": "#000000"}).status_code == 403
    assert stored() == before
    assert office.roads.get("/desk/layers/no-such-layer/style").status_code == 404
