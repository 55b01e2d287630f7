"""Allotments, a layer of the roads office that people edit at the desk, and what they press there."""

import re
from html import unescape
from typing import Any

from shapely.geometry import shape
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from geo.catalogue import change_entry
from geo.layer_import import LayerMetadata, import_layer
from geo.versions import Version, features_at, versions_of
from portal.core.database import city_session
from tests.integration.geo.stalls import rectangle
from tests.kit.browser import Browser

CITY = "hino"
HERE = (139.3955, 35.6695)  # in 日野市
PAGE = "/desk/layers/allotments"
EDIT = f"{PAGE}/edit"
ALLOTMENTS = LayerMetadata("allotments", {"ja": "市民農園"}, "polygon")


def lot(east: float, width: float = 10) -> dict[str, Any]:
    return rectangle(east, 0, width, 10, HERE)


def load(session: Session) -> None:
    """Make three lots of the roads office, known by their number, the newest version."""
    features = [
        {"type": "Feature", "properties": {"number": str(n), "use": use, "rent": 100 * n}, "geometry": lot(20 * n)}
        for n, use in enumerate(("空き", "使用中", "空き"), start=1)
    ]
    import_layer(session, ALLOTMENTS, {"type": "FeatureCollection", "features": features})
    change_entry(session, "allotments", owner="road-management", key_property="number", in_use=True, editors=[])


def discard(browser: Browser) -> None:
    mark = re.search(r'name="seen" value="([^"]*)"', browser.get(f"{EDIT}/changes").text)
    if mark:
        browser.post(f"{EDIT}/discard", {"seen": mark[1]})


def features(browser: Browser, *, words: str = "") -> dict[str, int]:
    """The ids of the features in the list, by what they are called there."""
    page = browser.get(f"{EDIT}/list?q={words}").text
    return {name: int(key) for key, name in re.findall(r'data-edit-feature="(\d+)"[^>]*>([^<]*)', page)}


def shapes(browser: Browser) -> dict[int, Any]:
    features = browser.get(f"{EDIT}/features.json?bbox=139,35,140,36").get_json()["features"]
    return {each["id"]: shape(each["geometry"]) for each in features}


def step(browser: Browser, act: str, **fields: Any) -> TestResponse:
    return browser.post(f"{EDIT}/steps", {"act": act, **fields})


def publish(browser: Browser, note: str = "") -> TestResponse:
    mark = re.search(r'name="seen"[^>]*value="([^"]*)"', browser.get(f"{EDIT}/changes").text)
    return browser.post(f"{EDIT}/publication", {"seen": unescape(mark[1]) if mark else "", "note": note})


def newest() -> Version:
    with city_session(CITY) as session:
        return versions_of(session, "allotments")[0]


def content(number: int) -> dict[str, Any]:
    with city_session(CITY) as session:
        return {row.get("number", ""): row for _id, row, _wkb in features_at(session, "allotments", number)}


def rows_of(number: int) -> list[Any]:
    with city_session(CITY) as session:
        return [row for _id, row, _wkb in features_at(session, "allotments", number)]
