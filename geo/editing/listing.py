"""Features of a layer with a draft laid over them: for the map of an editor, and for the list beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    String,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from geo.editing.drafts import effective
from geo.tables import layer_feature

Box = tuple[float, float, float, float]
"""West, south, east and north in degrees."""
Mark = Literal["same", "added", "changed"]
_SAMPLE = 2000


@dataclass(frozen=True, slots=True)
class ListedFeature:
    """A feature with what the draft does to it. `shape` is GeoJSON; a list has none."""

    id: int
    mark: Mark
    properties: Mapping[str, Any]
    shape: dict[str, Any] | None = None


def features_in(
    connection: Connection | Session, layer_id: int, draft_id: int | None, box: Box, limit: int
) -> Sequence[ListedFeature]:
    """The features that lie in a box, at most so many. Plan: Index Scan on ix_layer_feature_geom."""
    frame = func.ST_MakeEnvelope(*box, 4326)
    query = _features(layer_id, draft_id, lambda geom, _row: geom.op("&&")(frame), shaped=True)
    return [ListedFeature(*row) for row in connection.execute(query.limit(limit))]


def features_listed(
    connection: Connection | Session,
    layer_id: int,
    draft_id: int | None,
    *,
    words: str = "",
    after: int = 0,
    limit: int,
) -> Sequence[ListedFeature]:
    """The features after an id, in the order of ids, at most so many; with `words` those that have them in a property.

    Plan: Index Scan on ix_layer_feature_layer_id_id, for words as far as the limit needs.
    """

    def holds(_geom: Any, properties: Any) -> ColumnElement[bool]:
        value = func.jsonb_each_text(properties).table_valued("key", "value").alias("pair")
        pattern = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return select(literal(1)).select_from(value).where(value.c.value.ilike(f"%{pattern}%")).exists()

    query = _features(layer_id, draft_id, holds if words else None, after=after, first=limit)
    return [ListedFeature(*row) for row in connection.execute(query.order_by("id").limit(limit))]


def suggested_values(connection: Connection | Session, layer_id: int, most: int) -> dict[str, list[str]]:
    """The values of each property that has few different texts, at most so many, among the first features of a layer."""
    now = layer_feature.c
    first = select(now.properties).where(now.layer_id == layer_id).order_by(now.id).limit(_SAMPLE).subquery()
    pair = func.jsonb_each(first.c.properties).table_valued(column("key"), column("value", JSONB)).lateral("pair")
    text = pair.c.value.op("#>>")(literal_column("'{}'"))
    values = func.array_agg(func.distinct(text))
    query = select(pair.c.key, values).select_from(first.join(pair, literal(True)))
    query = query.where(func.jsonb_typeof(pair.c.value) == "string").group_by(pair.c.key)
    query = query.having(func.count(func.distinct(text)) <= most)
    return {row[0]: sorted(row[1]) for row in connection.execute(query)}


def value_taken(
    connection: Connection | Session, layer_id: int, draft_id: int | None, name: str, value: object, *, but: int
) -> bool:
    """Whether another feature than `but` has that value in a property."""

    def holds(_geom: Any, properties: Any) -> ColumnElement[bool]:
        same: ColumnElement[bool] = properties[name].astext == cast(literal(str(value)), String)
        return same

    query = _features(layer_id, draft_id, holds).subquery()
    return connection.execute(select(query.c.id).where(query.c.id != but).limit(1)).one_or_none() is not None


def _features(
    layer_id: int,
    draft_id: int | None,
    holds: Any = None,
    *,
    after: int = 0,
    first: int | None = None,
    shaped: bool = False,
) -> Any:
    """Features after an id for which a condition holds; `first` is how many of them are needed, by their ids."""
    edited, now = effective(draft_id), layer_feature.c
    present = select(now.id, literal("same").label("mark"), now.properties, *_shape(now.geom, shaped=shaped))
    present = present.where(now.layer_id == layer_id, now.id > after)
    if holds is not None:
        present = present.where(holds(now.geom, now.properties))
    if draft_id is None:
        return present
    mark = case((edited.c.since.is_(None), "added"), else_="changed")
    drafted = select(edited.c.feature_id, mark, edited.c.properties, *_shape(edited.c.geom, shaped=shaped))
    drafted = drafted.where(edited.c.geom.is_not(None), edited.c.feature_id > after)
    if holds is not None:
        drafted = drafted.where(holds(edited.c.geom, edited.c.properties))
    present = present.where(now.id.not_in(select(edited.c.feature_id)))
    if first is not None:  # so that no more of a large layer is sorted
        present = select(present.order_by(now.id).limit(first).subquery())
    return union_all(present, drafted)


def _shape(geom: Any, *, shaped: bool) -> list[Any]:
    return [cast(func.ST_AsGeoJSON(geom, 15), JSON).label("shape")] if shaped else []
