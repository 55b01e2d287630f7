"""What a place is called that somebody drew: after the nearest house number that the city knows, else after the town around it."""

from functools import cache
from importlib.resources import files

from sqlalchemy import Connection, Double, Text, bindparam, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import TextClause

from common.geometry import Position
from geo.address_points import ADDRESS_POINTS
from geo.addresses import parse_address
from geo.place_names import PLACE_NAMES
from writing.folding import PLACE

_HOUSE_M = 60.0
"""How far a house number may be to name a place, in metres: about the depth of a block."""


def name_near(connection: Connection | Session, position: Position) -> str:
    """曙町二丁目17番, else 曙町二丁目; empty where nothing is near. Plan: Index Scan on ix_layer_feature_geom."""
    longitude, latitude = position
    named = {"lon": longitude, "lat": latitude, "house_m": _HOUSE_M}
    layers = {"address_layer": ADDRESS_POINTS, "locality_layer": PLACE_NAMES}
    names = connection.execute(_statement(), named | layers).one()
    return names.house or names.town or ""


def town_and_number(name: str) -> tuple[str, str]:
    """A name of these as an address has it: 曙町二丁目 and 17番."""
    town = parse_address(name).name
    return town, name.removeprefix(town)


def in_other_district(name: str, second: str) -> bool:
    """Whether two addresses below their city name different towns, or different 丁目 of one; not where one of them names no town."""
    here, there = parse_address(name), parse_address(second)
    if not here.town or not there.town:
        return False
    other_chome = None not in (here.chome, there.chome) and here.chome != there.chome
    return PLACE(here.town) != PLACE(there.town) or other_chome


@cache
def _statement() -> TextClause:
    here = files("geo").joinpath("sql")
    sql = here.joinpath("name_near.sql").read_text(encoding="utf-8")
    locality = here.joinpath("locality.sql").read_text(encoding="utf-8")
    numbers = [bindparam(name, type_=Double) for name in ("lon", "lat", "house_m")]
    layers = [bindparam(name, type_=Text) for name in ("address_layer", "locality_layer")]
    return text(sql.replace("{locality}", locality)).bindparams(*numbers, *layers)
