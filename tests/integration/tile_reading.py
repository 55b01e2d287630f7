"""Reading vector tiles, and the plan of the statement that makes one."""

from collections.abc import Mapping
from math import asinh, pi, radians, tan
from typing import Any

import mapbox_vector_tile
from sqlalchemy import Connection, Select
from sqlalchemy.dialects import postgresql

from geo import Tile


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int, int]:
    """The address of the tile that holds a point."""
    return z, int((lon + 180) / 360 * 2**z), int((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**z)


def read(tile: bytes) -> dict[str, list[dict[str, Any]]]:
    """The features of each layer of a tile."""
    layers = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True}) if tile else {}
    return {name: layer["features"] for name, layer in layers.items()}


def plan(
    connection: Connection, statement: Select[Any], tile: Tile, parameters: Mapping[str, object] | None = None
) -> str:
    """The plan of the statement with its values bound, as the driver would send it."""
    compiled = statement.params(**tile.parameters(), **(parameters or {})).compile(
        dialect=postgresql.psycopg.dialect(), compile_kwargs={"render_postcompile": True, "literal_binds": True}
    )
    return "\n".join(connection.exec_driver_sql(f"EXPLAIN (COSTS OFF) {compiled}").scalars())
