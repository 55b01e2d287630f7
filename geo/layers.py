"""The map layers of a city: what there is, their tiles, and the values of their features."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Label, Row, Select, bindparam, func, select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.types import Float, Text

from geo.pyramid import BUFFER, Tile
from geo.tables import layer, layer_feature, layer_past_feature
from geo.tiles import encode, envelope, read_tile, tile_geometry


@dataclass(frozen=True, slots=True)
class LayerRow:
    """A layer as maps and rules read it. kind: polygon | line | point; `title` by language; an empty style says nothing of its colours.

    visible_to: public | staff | groups; `insiders` are the keys of the groups that see it in any case: viewers, editors, and the `owner`.
    """

    key: str
    title: Mapping[str, str]
    kind: str
    style: Mapping[str, Any]
    visible_to: str
    version: int
    insiders: frozenset[str]
    owner: str | None = None


def list_layers(connection: Connection | Session) -> list[LayerRow]:
    """The layers in use, in the order in which they are listed and painted."""
    query = _rows().where(layer.c.in_use).order_by(layer.c.sort, layer.c.id)
    return [_row(row) for row in connection.execute(query)]


def layer_row(connection: Connection | Session, key: str) -> LayerRow | None:
    """The layer with this key, in use or not; None if there is none."""
    row = connection.execute(_rows().where(layer.c.key == key)).one_or_none()
    return None if row is None else _row(row)


def _rows() -> Select[Any]:
    read = layer.c
    shown = (read.key, read.title, read.kind, read.style, read.visible_to, read.version)
    return select(*shown, read.owner, read.viewers, read.editors)


def _row(row: Row[Any]) -> LayerRow:
    shown = {name: row._mapping[name] for name in LayerRow.__slots__ if name != "insiders"}
    return LayerRow(**shown, insiders=frozenset([*row.viewers, *row.editors, *([row.owner] if row.owner else [])]))


def layer_keys(connection: Connection | Session) -> set[str]:
    """The keys of the layers in use."""
    return set(connection.execute(select(layer.c.key).where(layer.c.in_use)).scalars())


def is_public(connection: Connection | Session, key: str) -> bool:
    """Whether such a layer is in use and everybody may see it."""
    query = select(layer.c.visible_to).where(layer.c.key == key, layer.c.in_use)
    return connection.execute(query).scalar() == "public"


def public_mark(connection: Connection | Session, key: str) -> str | None:
    """What tells the tiles of a layer for everybody from earlier ones of it; None for a layer that not everybody may see."""
    shown = (layer.c.version, layer.c.hidden_columns)
    query = select(*shown).where(layer.c.key == key, layer.c.in_use, layer.c.visible_to == "public")
    row = connection.execute(query).one_or_none()
    return None if row is None else mark_of(key, row.version, row.hidden_columns)


def mark_of(key: str, version: int, hidden: Sequence[str]) -> str:
    """The same of a layer whose version and hidden columns are known."""
    names = f"-{sha256(json.dumps(sorted(hidden)).encode()).hexdigest()[:12]}" if hidden else ""
    return f"{key}-{version}{names}"


def layer_version(connection: Connection | Session, key: str) -> int | None:
    """The version of a layer, which is the entity tag of all its tiles; None if there is no such layer."""
    return connection.execute(select(layer.c.version).where(layer.c.key == key)).scalar_one_or_none()


def feature_counts(connection: Connection | Session) -> dict[str, int]:
    """The number of features of each layer, by its key."""
    count = select(func.count()).where(layer_feature.c.layer_id == layer.c.id).scalar_subquery()
    return {row.key: row.features for row in connection.execute(select(layer.c.key, count.label("features")))}


def nearest_shape(key: str, place: ColumnElement[Any], within: ColumnElement[Any]) -> ColumnElement[Any]:
    """The part inside a shape of the feature of a layer that is nearest to a place, as an expression for the statements of others.

    Empty where that feature does not reach into the shape, NULL where the layer has none. Plan: Index Scan on ix_layer_feature_geom.
    """
    near = (
        select(func.ST_Intersection(layer_feature.c.geom, within))
        .join(layer, layer.c.id == layer_feature.c.layer_id)
        .where(layer.c.key == key)
        .order_by(layer_feature.c.geom.op("<->")(place))
        .limit(1)
    )
    return near.correlate_except(layer_feature, layer).scalar_subquery()


def property_values(connection: Connection | Session, key: str, name: str, limit: int) -> list[str]:
    """The different values, as text, that features of a layer have in a property; at most so many."""
    value = layer_feature.c.properties[name].astext
    query = select(value).join(layer, layer.c.id == layer_feature.c.layer_id)
    query = query.where(layer.c.key == key, value.is_not(None)).distinct().limit(limit)
    return [str(text) for text in connection.execute(query).scalars()]


def properties_with(connection: Connection | Session, key: str, name: str, value: str) -> Mapping[str, Any]:
    """The properties of a feature of a layer that has this value, as text, in a property; none where no feature has it."""
    query = select(layer_feature.c.properties).join(layer, layer.c.id == layer_feature.c.layer_id)
    query = query.where(layer.c.key == key, layer_feature.c.properties[name].astext == value)
    return connection.execute(query.order_by(layer_feature.c.id).limit(1)).scalar_one_or_none() or {}


def layer_tile(connection: Connection | Session, key: str, tile: Tile) -> bytes:
    """The features of a layer in a tile, simplified to half a pixel of it; empty if the layer does not exist.

    The tile's layer is named by the key; properties and id are the feature's. Plan: Index Scan on ix_layer_feature_geom.
    """
    return read_tile(connection, _layer_tile(), tile, {"key": key})


def public_tile(connection: Connection | Session, key: str, tile: Tile) -> bytes:
    """The same without the columns that are hidden from everybody; empty for a layer that not everybody may see."""
    return read_tile(connection, _public_tile(), tile, {"key": key})


def layer_tile_at(connection: Connection | Session, key: str, number: int, tile: Tile) -> bytes:
    """The features of a version of a layer in a tile, as `layer_tile` has those of the newest.

    Read to compare versions, not for maps that are used all day: what is past has no index by place. Plan: Index Scan on
    ix_layer_feature_geom, and on ix_layer_past_feature_layer_id_until.
    """
    return read_tile(connection, _past_tile(), tile, {"key": key, "number": number})


@cache
def _past_tile() -> Select[Any]:
    key, number = bindparam("key", type_=Text), bindparam("number", type_=BigInteger)
    now, past = layer_feature.c, layer_past_feature.c
    held = union_all(
        _in_tile(layer_feature, key).where(now.since <= number),
        _in_tile(layer_past_feature, key).where(past.since <= number, past.until > number),
    )
    return encode(held.subquery("t"), key, "id")


@cache
def _layer_tile() -> Select[Any]:
    key = bindparam("key", type_=Text)
    return encode(_in_tile(layer_feature, key).subquery("t"), key, "id")


@cache
def _public_tile() -> Select[Any]:
    key = bindparam("key", type_=Text)
    shown = _in_tile(layer_feature, key, told(layer_feature.c.properties)).where(
        layer.c.in_use, layer.c.visible_to == "public"
    )
    return encode(shown.subquery("t"), key, "id")


def told(properties: ColumnElement[Any]) -> Label[Any]:
    """The properties of a feature of `layer` that everybody may see."""
    return properties.op("-", return_type=properties.type)(layer.c.hidden_columns).label("properties")


def _in_tile(table: Any, key: Any, properties: ColumnElement[Any] | None = None) -> Select[Any]:
    """Features of a layer from a table of features, as a tile has them; with `properties` in place of their own."""
    shape = func.ST_SimplifyPreserveTopology(table.c.geom, bindparam("half_pixel", type_=Float))
    return (
        select(
            table.c.id,
            table.c.properties if properties is None else properties,
            tile_geometry(shape, BUFFER).label("geom"),
        )
        .join(layer, layer.c.id == table.c.layer_id)
        .where(layer.c.key == key, table.c.geom.intersects(envelope()))
    )
