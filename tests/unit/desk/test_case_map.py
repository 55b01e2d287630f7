"""The desk's map asks for cases last, over the city's layers, and passes its script how far cases are counted."""

from portal.demo.cities import demo_cities
from portal.desk.case_map import case_map
from portal.maps import MapLayer


def test_cases_are_drawn_over_the_base_map_and_the_layers() -> None:
    city = next(iter(demo_cities()))
    zones = MapLayer("zones", "地区", "polygon", {"fill": "#123456"}, 3, shown=True)
    script = case_map(city, [zones]).script
    calls = (
        "madoguchi.map.ready",
        "madoguchi.map.schematicBase",
        "madoguchi.map.overlayTiles",
        "madoguchi.map.caseTiles",
    )
    assert sorted(calls, key=script.index) == list(calls)
    assert '"cellsUpTo": 14' in script
    assert '"/desk/map/layers/zones/{z}/{x}/{y}.mvt"' in script
