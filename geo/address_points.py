"""Points of house numbers: a layer of a city's addresses, found by one property that is written alike for all of them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import Session

from geo.addresses import Address
from geo.place_names import PlaceName
from geo.tables import layer, layer_feature
from writing.folding import PLACE

ADDRESS_POINTS: Final = "address-points"
"""The layer whose features are addresses: points with `name`, as people write it, `address_key` (see `address_key`), and `kind`: block for
a 番 or 番地, house for a number in it.
"""


def address_key(address: Address) -> str | None:
    """An address as the points of a city are looked up: town|2-17-3. None without a number behind town and 丁目."""
    return _key(address, address.all_numbers) if address.town and address.numbers else None


def point_at(connection: Connection | Session, address: Address) -> PlaceName | None:
    """The point of an address, else that of the longest part of its numbers that has one, which is nearby; None without any.

    One look-up of at most as many keys as the address has numbers, by `ix_layer_feature_address_key`.
    """
    if address_key(address) is None:
        return None
    numbers = address.all_numbers
    keys = [_key(address, numbers[:count]) for count in range(len(numbers), 0, -1)]
    known = {row[0]: PlaceName(row[1], "", *row[2:]) for row in connection.execute(points_with(keys))}
    return next((replace(known[key], nearby=key != keys[0]) for key in keys if key in known), None)


def points_with(keys: Sequence[str]) -> Select[Any]:
    """Key, name, kind, longitude and latitude of the address points with these keys."""
    properties, geom = layer_feature.c.properties, layer_feature.c.geom
    key = properties["address_key"].astext
    return (
        select(key, properties["name"].astext, properties["kind"].astext, func.ST_X(geom), func.ST_Y(geom))
        .join(layer, layer.c.id == layer_feature.c.layer_id)
        .where(layer.c.key == ADDRESS_POINTS, layer.c.in_use, properties.has_key("address_key"), key.in_(keys))
    )


def _key(address: Address, numbers: tuple[int, ...]) -> str:
    return f"{PLACE(address.town)}|{'-'.join(map(str, numbers))}"
