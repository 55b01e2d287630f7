"""A whole report from a telephone, with a finger on the map, in two cities."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import damage
from tests.browser.audit import PHONE
from tests.browser.map_drawing import DrawingMap
from tests.browser.papers import photo
from tests.browser.visitor import Visitor

CITIES = {"tachikawa": (139.4137, 35.6985, "立"), "mitaka": (139.5603, 35.7005, "三")}


@pytest.mark.parametrize("city", CITIES)
def test_a_hole_is_reported_from_a_telephone(visit: Callable[..., Visitor], tmp_path: Path, city: str) -> None:
    lon, lat, letter = CITIES[city]
    resident = visit(city, viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    damage.begin(resident)
    assert resident.page.locator("html").get_attribute("data-city") == city
    resident.look("場所")
    drawn = DrawingMap(resident.page)
    drawn.tap((lon, lat))
    resident.answer({"photos.upload": photo(tmp_path, "穴.jpg")})
    resident.look()
    number = damage.finish(resident)
    assert number.startswith(letter)
    resident.follow("マイページで見る")
    resident.look("道路の損傷の連絡")
    resident.sees("穴.jpg")
    resident.sees("深さ10 cmくらいの穴が2つあります")
