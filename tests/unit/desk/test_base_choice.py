"""The base maps that staff choose from are those of the installation, and only addresses of tiles are taken for maps."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from portal.core.config import Settings, settings
from portal.core.outside_maps import OutsideMap
from portal.demo.cities import demo_cities
from portal.desk.base_choice import base_maps

PALE: dict[str, Any] = {
    "key": "gsi-pale",
    "title": "地理院タイル 淡色",
    "url": "https://cyberjapandata.gsi.go.jp/xyz/pale/{z}/{x}/{y}.png",
    "attribution": "地理院タイル",
}
PHOTO = PALE | {"key": "photo", "max_zoom": 17}


@pytest.fixture
def with_outside_maps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    named = settings().model_copy(update={"outside_maps": (OutsideMap(**PALE), OutsideMap(**PHOTO))})
    monkeypatch.setattr("portal.desk.base_choice.settings", lambda: named)
    yield


def test_without_configuration_nothing_outside_is_offered() -> None:
    city = next(iter(demo_cities()))
    assert [base.key for base in base_maps(city)] == ["schematic", "none"]


def test_a_city_that_nothing_shows_opens_without_a_base_and_says_so() -> None:
    city = replace(next(iter(demo_cities())), center=(141.35, 43.06))
    (first,) = base_maps(city)
    assert (first.key, first.attribution) == ("none", "下地の地図はまだありません")


@pytest.mark.usefixtures("with_outside_maps")
def test_named_maps_are_offered_after_the_own_one_with_their_attribution() -> None:
    city = next(iter(demo_cities()))
    bases = base_maps(city)
    assert [base.key for base in bases] == ["schematic", "gsi-pale", "photo", "none"]
    drawn = bases[2].script_options(city)
    assert (drawn["kind"], drawn["url"], drawn["attribution"], drawn["maxZoom"]) == (
        "tiles",
        PALE["url"],
        "地理院タイル",
        17,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://tiles.example.jp/{z}/{x}/{y}.png"},
        {"url": "https://tiles.example.jp/{z}/{x}.png"},
        {"url": "https://tiles.example.jp; script-src *;/{z}/{x}/{y}.png"},
        {"url": "https://a@tiles.example.jp/{z}/{x}/{y}.png"},
        {"key": "none"},
        {"key": "Pale map"},
        {"attribution": ""},
        {"attribution_url": "javascript:alert(1)"},
        {"max_zoom": 40},
    ],
)
def test_what_is_no_map_of_tiles_keeps_the_portal_from_starting(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({"outside_maps": [PALE | wrong]})


def test_two_maps_of_one_key_are_refused() -> None:
    with pytest.raises(ValidationError, match="key of its own"):
        Settings.model_validate({"outside_maps": [PALE, PALE]})
