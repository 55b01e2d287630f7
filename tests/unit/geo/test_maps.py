"""Maps comply with a strict Content-Security-Policy: own host only, one nonce, nothing inline, no way out of the script."""

import re

import pytest

from geo.maps import Assets, MapCall, MapParts, OverlayTiles, SchematicBase, TileBase, make_map

ASSETS = Assets(scripts=("/static/dist/leaflet.js", "/static/dist/map.js"))


class ParkTiles(MapCall):
    """A layer of a page of its own."""

    function = "parkTiles"

    def __init__(self, url: str) -> None:
        super().__init__(url=url, trees_up_to=14)


def parts(*layers: MapCall) -> MapParts:
    bounds = ((35.66, 139.35), (35.75, 139.45))
    return make_map(ASSETS, "tachikawa", (35.6985, 139.4137), bounds, layers).rendered().parts(nonce="N0nce")


def test_nothing_comes_from_another_host() -> None:
    html = parts(SchematicBase("/map/base.json", "tachikawa"), ParkTiles("/parks/{z}/{x}/{y}.mvt"))
    assert re.findall(r"""(?:src|href)="([^"]+)""", html.head) == list(ASSETS.scripts)
    assert "http" not in html.head + html.body + html.script


@pytest.mark.parametrize("address", ["https://cdn.example/leaflet.js", "//cdn.example/leaflet.js", "leaflet.js"])
def test_assets_of_other_hosts_are_rejected(address: str) -> None:
    with pytest.raises(ValueError, match="not on this host"):
        Assets(scripts=(address,))


def test_every_script_has_the_nonce_and_nothing_is_inline() -> None:
    html = parts(ParkTiles("/t/{z}/{x}/{y}.mvt"), OverlayTiles("zones", "/z/{z}/{x}/{y}.mvt", {"fill": "#123456"}))
    whole = html.head + html.body + html.script
    assert all('nonce="N0nce"' in tag for tag in re.findall(r"<script[^>]*>", whole))
    assert "<style" not in whole
    assert not re.search(r"\s(?:style|on\w+)=", whole)


def test_the_script_calls_our_functions_in_order() -> None:
    html = parts(
        TileBase("https://cyberjapandata.gsi.go.jp/xyz/std/{z}/{x}/{y}.png", "地理院タイル"),
        ParkTiles("/parks/{z}/{x}/{y}.mvt"),
    )
    assert re.findall(r"madoguchi\.map\.(\w+)\(", html.script) == ["ready", "tileBase", "parkTiles"]
    assert '"treesUpTo": 14' in html.script


def test_a_title_cannot_leave_the_script() -> None:
    html = parts(OverlayTiles("</script><img src=x onerror=alert(1)>", "/z", {}))
    assert html.script.count("</script>") == 1
    assert "<img" not in html.script


def test_the_map_is_one_element_for_our_style_sheet() -> None:
    assert re.fullmatch(r'<div class="map__canvas folium-map" id="map_[0-9a-f]+"></div>', parts().body)
