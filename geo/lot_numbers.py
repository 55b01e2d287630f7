"""Lots found by their number (地番): the features of a layer whose property for addresses says it, in whatever writing."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from geo.addresses import parse_address
from geo.neighbours import address_order
from geo.tables import layer, layer_feature

_WIDE, _NARROW = "０１２３４５６７８９", "0123456789"
_READ = 5_000
"""Features with the last number somewhere in their address, which are then compared as addresses."""


def lots_numbered(
    connection: Connection | Session, key: str, address_property: str, words: str, limit: int
) -> Sequence[tuple[int, str]]:
    """Id and address of the features of a layer that have this address, or begin with it (12番地 finds 12番地3), the exact first.

    Nothing for words without a number. Plan: Index Scan on ix_layer_feature_layer_id_id.
    """
    town, numbers = address_order(words)
    if not parse_address(words).numbers or not numbers:
        return []
    address = layer_feature.c.properties[address_property].astext
    query = (
        select(layer_feature.c.id, address)
        .join(layer, layer.c.id == layer_feature.c.layer_id)
        .where(layer.c.key == key, func.translate(address, _WIDE, _NARROW).contains(str(numbers[-1])))
        .order_by(layer_feature.c.id)
        .limit(_READ)
    )
    ordered = [(address_order(text), number, text) for number, text in connection.execute(query)]
    same = [each for each in ordered if each[0][0] == town and each[0][1][: len(numbers)] == numbers]
    return [(number, text) for _order, number, text in sorted(same)[:limit]]
