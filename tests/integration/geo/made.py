"""Cases and shapes for the tests of maps."""

import json
from functools import partial
from typing import Any

from pyproj import Transformer
from sqlalchemy import Connection, text

import geo
from geo import shift

SRID = 6677
ask_place = partial(geo.ask_place, srid=SRID)
shift_clear = partial(shift.shift_clear, srid=SRID)
_TO_PLANE = Transformer.from_crs(4326, 6677, always_xy=True)
_TO_LONLAT = Transformer.from_crs(6677, 4326, always_xy=True)
CROSSING = (139.4160, 35.7002)  # the main crossing of the demo, 曙町二丁目


def rectangle(
    east: float, north: float, width: float, depth: float, origin: tuple[float, float] = CROSSING
) -> dict[str, Any]:
    """A rectangle in metres from the origin, along the axes of the plane system."""
    x, y = _TO_PLANE.transform(*origin)
    corners = ((0, 0), (width, 0), (width, depth), (0, depth), (0, 0))
    return {
        "type": "Polygon",
        "coordinates": [[list(_TO_LONLAT.transform(x + east + dx, y + north + dy)) for dx, dy in corners]],
    }


def point(lon: float = CROSSING[0], lat: float = CROSSING[1]) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def add_place(connection: Connection, case_id: int, geometry: dict[str, Any], **values: object) -> int:
    """A case with one place; whatever is not given keeps the default of the table."""
    connection.execute(
        text("INSERT INTO case_file VALUES (:id, :number) ON CONFLICT DO NOTHING"),
        {"id": case_id, "number": f"立-1118-{case_id:05d}"},
    )
    names = ["case_id", *values]
    statement = text(
        f"INSERT INTO case_place ({', '.join(names)}, geom) VALUES ({', '.join(f':{name}' for name in names)},"
        " ST_SetSRID(ST_GeomFromGeoJSON(:geometry), 4326)) RETURNING id"
    )
    return int(
        connection.execute(statement, {"case_id": case_id, "geometry": json.dumps(geometry)} | values).scalar_one()
    )


def add_many(connection: Connection, number: int) -> None:
    """Points spread over the city: a tenth is new, a tenth under review, the rest decided."""
    connection.execute(
        text("INSERT INTO case_file SELECT n, 'many-' || n FROM generate_series(100001, 100000 + :number) n"),
        {"number": number},
    )
    connection.execute(
        text(
            "INSERT INTO case_place (case_id, status, geom)"
            " SELECT n, (ARRAY['new', 'review', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'no', 'no'])[1 + n % 10],"
            " ST_SetSRID(ST_Point(139.36 + 0.1 * (n::bigint * 7919 % 10007) / 10007.0,"
            " 35.66 + 0.1 * (n::bigint * 104729 % 10009) / 10009.0), 4326)"
            " FROM generate_series(100001, 100000 + :number) n"
        ),
        {"number": number},
    )
    connection.exec_driver_sql("ANALYZE case_place")
