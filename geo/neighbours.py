"""Addresses near a place: the features of a layer that have one, with how far away they are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Double, Integer, Select, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from common.geometry import GeoJson
from geo.addresses import fold_address, parse_address
from geo.place_query import measurable_geojson
from geo.tables import layer, layer_feature
from writing.folding import PLACE

Order = tuple[str, tuple[int, ...]]
_NUMBERS_ALONE = re.compile(r"[^0-9]+[0-9丁目番地号のノ之-]+")
"""An address that ends with its numbers: behind them begins the name of a building, or a flat."""


class TooManyNearby(ValueError):
    """More features lie within that distance than a list may have."""


@dataclass(frozen=True, slots=True)
class NearbyAddress:
    """An address as the layer writes it, metres from the place to the nearest feature that has it, and how many of these have it."""

    address: str
    metres: float
    features: int = 1


@dataclass(frozen=True, slots=True)
class Nearby:
    """Addresses near a place, the nearest first, and the number of features there without one."""

    addresses: Sequence[NearbyAddress]
    nameless: int


def addresses_near(
    connection: Connection | Session,
    geometries: Sequence[GeoJson],
    *,
    srid: int,
    layer_key: str,
    address_property: str,
    metres: float,
    most: int,
) -> Nearby:
    """The addresses in a layer at most so many metres, in the plane system `srid`, from any of these places.

    What several features have is one address. A 番 or 番地 (`kind` block) whose numbers are listed is left out: nobody lives at the block
    itself. Raises PlaceError, and TooManyNearby where more than `most` features are so near. Plan: Index Scan on ix_layer_feature_geom.
    """
    values = {
        "geometries": [measurable_geojson(geometry) for geometry in geometries],
        "srid": srid,
        "metres": metres,
        "layer": layer_key,
        "property": address_property,
        "most": most + 1,
    }
    rows = connection.execute(_statement(), values).all()
    if len(rows) > most:
        raise TooManyNearby
    named: dict[Order, NearbyAddress] = {}
    blocks: set[Order] = set()
    nameless = 0
    for text, kind, distance in rows:
        address = (text or "").strip()
        if not address:
            nameless += 1
            continue
        order = address_order(address)
        known = named.get(order)
        named[order] = (
            replace(known, features=known.features + 1) if known else NearbyAddress(address, round(distance, 1))
        )
        if kind == "block":
            blocks.add(order)
    lived_in = {order for order in blocks if any(_inside(other, order) for other in named)}
    return Nearby([address for order, address in named.items() if order not in lived_in], nameless)


def address_order(text: str) -> Order:
    """What addresses are put in order by: the town, then 丁目 and numbers as numbers; the same for one address in any writing.

    A text that goes on behind its numbers, or has none, is ordered as it stands.
    """
    address = parse_address(text)
    whole = address.town and address.numbers and _NUMBERS_ALONE.fullmatch(fold_address(text))
    return (PLACE(address.town), address.all_numbers) if whole else (PLACE(text), ())


def town_and_numbers(text: str) -> tuple[str, str]:
    """Town with 丁目, and the numbers of the house: 曙町二丁目 and 17の3, which no spreadsheet takes for a day."""
    address = parse_address(text)
    return address.name, "の".join(map(str, address.numbers))


def _inside(order: Order, block: Order) -> bool:
    return order[0] == block[0] and len(order[1]) > len(block[1]) and order[1][: len(block[1])] == block[1]


def _statement() -> Select[Any]:
    drawn = func.unnest(bindparam("geometries", type_=ARRAY(Text))).column_valued("drawn")
    srid, metres = bindparam("srid", type_=Integer), bindparam("metres", type_=Double)
    lonlat = func.ST_SetSRID(func.ST_Force2D(func.ST_GeomFromGeoJSON(drawn)), 4326)
    place = select(func.ST_Transform(lonlat, srid).label("flat")).cte("place")
    # Boxes of the plane are not quite boxes of degrees: a little more than the distance misses nothing.
    reach = func.ST_Transform(func.ST_Expand(place.c.flat, metres * 1.01 + 1), 4326)
    near = layer_feature.c.geom.intersects(reach)
    distance = func.min(func.ST_Distance(func.ST_Transform(layer_feature.c.geom, srid), place.c.flat))
    properties = layer_feature.c.properties
    return (
        select(properties[bindparam("property", type_=Text)].astext, properties["kind"].astext, distance)
        .select_from(place)
        .join(layer_feature, near)
        .join(layer, layer.c.id == layer_feature.c.layer_id)
        .where(layer.c.key == bindparam("layer", type_=Text), layer.c.in_use)
        .group_by(layer_feature.c.id)
        .having(distance <= metres)
        .order_by(distance, layer_feature.c.id)
        .limit(bindparam("most", type_=Integer))
    )
