"""What became of features over the versions of a layer: the states of a single one, and what differs between two versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Connection, Select, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from geo.intake_changes import FeatureChange
from geo.tables import layer, layer_feature, layer_past_feature


@dataclass(frozen=True, slots=True)
class FeatureState:
    """A feature as it was from the version `since` until the one, `until`, that changed or removed it; None: as it is."""

    since: int
    until: int | None
    properties: Mapping[str, Any]
    shape: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference(FeatureChange):
    """A feature that differs between two versions; `former_shape` is that of the earlier one where it had another."""

    id: int
    former_shape: dict[str, Any] | None


def feature_states(connection: Connection | Session, layer_id: int, feature_id: int) -> Sequence[FeatureState]:
    """Every state that a feature had, the newest first; a gap between two says that it was not there. Plan: look-ups by id."""
    now, past = layer_feature.c, layer_past_feature.c
    present = select(now.since, literal(None).label("until"), now.properties, _shape(now.geom).label("shape"))
    former = select(past.since, past.until, past.properties, _shape(past.geom))
    query = union_all(
        present.where(now.layer_id == layer_id, now.id == feature_id),
        former.where(past.layer_id == layer_id, past.id == feature_id),
    )
    return [FeatureState(*row) for row in connection.execute(query.order_by(query.selected_columns.since.desc()))]


def differences(
    connection: Connection | Session, key: str, first: int, second: int, label: str | None, limit: int
) -> list[Difference]:
    """What the version `second` of a layer adds, changes and removes of `first`, by the ids of features, at most so many.

    `label` is the property to name them by. Only features that some version between them touched are read.
    """
    before, after = _at(key, first, second).subquery("before"), _at(key, second, first).subquery("after")
    joined = before.join(after, before.c.id == after.c.id, full=True)
    moved = func.coalesce(func.ST_AsEWKB(before.c.geom) != func.ST_AsEWKB(after.c.geom), False)
    differs = or_(before.c.id.is_(None), after.c.id.is_(None), moved, before.c.properties != after.c.properties)
    query = (
        select(
            func.coalesce(before.c.id, after.c.id).label("id"),
            before.c.properties.label("former"),
            after.c.properties.label("properties"),
            moved.label("moved"),
            _shape(before.c.geom).label("former_shape"),
            _shape(after.c.geom).label("shape"),
        )
        .select_from(joined)
        .where(differs)
        .order_by("id")
        .limit(limit)
    )
    return [_difference(row, label) for row in connection.execute(query)]


def _difference(row: Any, label: str | None) -> Difference:
    known = row.properties or row.former or {}
    names = {**(row.former or {}), **(row.properties or {})}
    both = row.former is not None and row.properties is not None
    value = known.get(label) if label else None
    return Difference(
        outcome="changed" if both else "removed" if row.properties is None else "added",
        label="" if value is None else str(value),
        differs=[name for name in names if both and row.former.get(name) != row.properties.get(name)],
        moved=row.moved,
        shape=row.shape or row.former_shape,
        id=row.id,
        former_shape=row.former_shape if row.moved else None,
    )


def _at(key: str, number: int, other: int) -> Any:
    """The features of a version that do not stand alike in the other one: those that a version between the two brought or ended."""
    now, past = layer_feature.c, layer_past_feature.c
    earlier, later = min(number, other), max(number, other)
    present = _of(layer_feature, key).where(now.since <= number)
    former = _of(layer_past_feature, key).where(past.since <= number, past.until > number)
    if number == later:
        present, former = present.where(now.since > earlier), former.where(past.since > earlier)
    else:
        present, former = present.where(now.since > later), former.where(past.until <= later)
    return union_all(present, former)


def _of(table: Any, key: str) -> Select[Any]:
    rows = select(table.c.id, table.c.properties, table.c.geom)
    return rows.join(layer, layer.c.id == table.c.layer_id).where(layer.c.key == key)


def _shape(geom: Any) -> Any:
    return cast(func.ST_AsGeoJSON(geom, 15), JSON)
