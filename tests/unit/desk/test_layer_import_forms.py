"""Coordinate systems by the names that offices here give them."""

import pytest

from portal.desk.layer_import_forms import datum_words


@pytest.mark.parametrize(
    ("epsg", "name", "words"),
    [
        (6677, "JGD2011 / Japan Plane Rectangular CS IX", "JGD2011 平面直角座標 第9系(EPSG:6677)"),
        (4301, "Tokyo", "日本測地系(旧) 経緯度(EPSG:4301)"),
        (32654, "WGS 84 / UTM zone 54N", "WGS 84 / UTM zone 54N(EPSG:32654)"),
        (None, "own grid", "own grid"),
    ],
)
def test_a_system_is_called_as_it_is_called_here(epsg: int | None, name: str, words: str) -> None:
    assert datum_words({"epsg": epsg, "name": name}, 6677) == words
