"""What an answer may be at most is measured like what it costs: the limits of forms and the facts of PostGIS, in all nineteen planes."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

import geo
from common.geometry import geojson
from common.plane import NUMBERS, Plane, planes_at

RAW = text(
    "SELECT ST_Area(flat), ST_Perimeter(flat) FROM"
    " (SELECT ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(CAST(:shape AS text)), 4326), CAST(:srid AS integer)) AS flat) AS f"
)
ORIGINS = {
    1: (129.5, 33),
    2: (131, 33),
    3: (132.1667, 36),
    4: (133.5, 33),
    5: (134.3333, 36),
    6: (136, 36),
    7: (137.1667, 36),
    8: (138.5, 36),
    9: (139.8333, 36),
    10: (140.8333, 40),
    11: (140.25, 44),
    12: (142.25, 44),
    13: (144.25, 44),
    14: (142, 26),
    15: (127.5, 26),
    16: (124, 26),
    17: (131, 26),
    18: (136, 20.3),
    19: (154, 26),
}


@pytest.mark.parametrize("number", NUMBERS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    along=st.floats(0.5, 300),
    across=st.floats(0.5, 300),
    bearing=st.floats(0, 360),
    east=st.floats(-0.9, 0.9),
    north=st.floats(-0.2, 0.9),
)
def test_both_measure_the_same(
    maps: Connection, *, number: int, along: float, across: float, bearing: float, east: float, north: float
) -> None:
    plane = Plane.of_number(number)
    lon, lat = ORIGINS[number]
    ring = plane.rectangle((lon + east, lat + north), along, across, bearing)
    shape = geojson("Polygon", ring)
    area, around = maps.execute(RAW, {"shape": json.dumps(shape), "srid": plane.srid}).one()
    assert plane.area(ring) == pytest.approx(area, rel=1e-6)
    assert plane.length(ring) == pytest.approx(around, rel=1e-6)
    assert geo.query_place(maps, shape, srid=plane.srid).facts["area_m2"] == pytest.approx(plane.area(ring), abs=0.006)


def test_the_case_in_naha(maps: Connection) -> None:
    plane = planes_at(127.679, 26.212)[0]
    shape = geojson("Polygon", plane.rectangle((127.679, 26.212), 10, 5, 0))
    assert geo.query_place(maps, shape, srid=plane.srid).facts["area_m2"] == 50.0
