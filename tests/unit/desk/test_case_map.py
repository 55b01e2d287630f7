"""The desk's map asks for cases last, over the city's layers."""

from portal.demo.cities import demo_cities
from portal.desk.base_choice import base_maps
from portal.desk.case_map import case_map
from portal.maps import MapLayer


def test_cases_are_drawn_over_the_base_map_and_the_layers() -> None:
    city = next(iter(demo_cities()))
    zones = MapLayer("zones", "地区", "polygon", {"fill": "#123456"}, 3, shown=True)
    script = case_map(city, [zones], base_maps(city)).script
    calls = (
        "madoguchi.map.ready",
        "madoguchi.map.baseChoice",
        "madoguchi.map.overlayTiles",
        "madoguchi.map.caseTiles",
    )
    assert sorted(calls, key=script.index) == list(calls)
    assert '"statuses": ["new", "review", "fix", "wait", "ok", "no"]' in script
    assert '"/desk/map/layers/zones/{z}/{x}/{y}.mvt"' in script
