"""What a draft changes in the layer as it is now, feature by feature, and which of the features somebody else changed meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import JSON, Connection, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from geo.editing.drafts import Draft, effective
from geo.tables import layer_feature, layer_past_feature

Outcome = Literal["added", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class DraftChange:
    """A feature that a draft adds, changes or removes.

    `properties` and `shape` (GeoJSON) are those of the draft, `present_…` those of the layer now, `former_…` those with which the editor began;
    None where there is no such feature. `in_conflict`: the layer's is no longer the one with which the editor began. `moved` says whether
    the shape differs from the layer's.
    """

    id: int
    outcome: Outcome
    in_conflict: bool
    moved: bool
    since: int | None
    present_since: int | None
    properties: Mapping[str, Any] | None
    present_properties: Mapping[str, Any] | None
    former_properties: Mapping[str, Any] | None
    shape: dict[str, Any] | None
    present_shape: dict[str, Any] | None
    former_shape: dict[str, Any] | None

    @property
    def differs(self) -> list[str]:
        """The names of the properties that are other than in the layer."""
        own, present = self.properties or {}, self.present_properties or {}
        if self.outcome != "changed":
            return []
        return [name for name in {**present, **own} if own.get(name) != present.get(name)]

    def named_by(self, name: str | None) -> str:
        """What a person knows the feature by."""
        row = self.properties or self.present_properties or {}
        value = row.get(name) if name else None
        return "" if value is None else str(value)


def draft_changes(connection: Connection | Session, draft: Draft) -> Sequence[DraftChange]:
    """Everything that a draft changes, by the ids of the features. Plan: the draft's own rows, each looked up by its id in the layer."""
    edited, now, past = effective(draft.id), layer_feature, layer_past_feature
    outcome = case(
        (edited.c.geom.is_(None), "removed"),
        (now.c.id.is_(None), "added"),
        else_="changed",
    )
    conflict = edited.c.since.is_distinct_from(now.c.since)
    moved = func.coalesce(func.ST_AsEWKB(edited.c.geom) != func.ST_AsEWKB(now.c.geom), False)
    removed = edited.c.geom.is_(None)
    differs = or_(
        and_(removed, now.c.id.is_not(None)),
        and_(~removed, or_(now.c.id.is_(None), moved, now.c.properties != edited.c.properties)),
    )
    query = (
        select(
            edited.c.feature_id,
            outcome,
            conflict,
            moved,
            edited.c.since,
            now.c.since,
            case((~removed, edited.c.properties)),
            now.c.properties,
            func.coalesce(past.c.properties, case((~conflict, now.c.properties))),
            _shape(edited.c.geom),
            _shape(now.c.geom),
            _shape(func.coalesce(past.c.geom, case((~conflict, now.c.geom)))),
        )
        .outerjoin(now, and_(now.c.id == edited.c.feature_id, now.c.layer_id == draft.layer_id))
        .outerjoin(past, and_(past.c.id == edited.c.feature_id, past.c.since == edited.c.since))
        .where(differs)
        .order_by(edited.c.feature_id)
    )
    return [DraftChange(*row) for row in connection.execute(query)]


def _shape(geom: Any) -> Any:
    return cast(func.ST_AsGeoJSON(geom, 15), JSON)
