"""Drafts: what somebody changed in a layer, step by step, kept in the database from the first press until it is published or discarded.

A step holds each feature that it touches as it is after it, so that undoing and doing again only moves a number. Each feature says with
which version of it (`since`) it was begun: another one in the layer means that somebody else was there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shapely import from_wkb, set_srid, to_wkb
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Subquery, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from geo.tables import layer, layer_draft, layer_draft_feature, layer_draft_step, layer_feature

MAX_STEPS = 5000
"""Of a draft; then it has to be published first."""


class DraftFull(Exception):
    """The draft has as many steps as it may."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft of an editor. `done` steps are in effect; `begun_with` is the version of the layer from which it began.

    `last_act` is that of the step that would be undone, `next_act` that of the one that would be done again.

    `mark` changes with every step, undoing and doing again.
    """

    id: int
    layer_id: int
    author: int
    begun_at: datetime
    changed_at: datetime
    begun_with: int
    done: int
    columns: Mapping[str, str]
    last_act: str | None
    next_act: str | None

    @property
    def mark(self) -> str:
        """What tells its present state from others."""
        return f"{self.id}-{self.done}-{self.changed_at.timestamp():.6f}"


@dataclass(frozen=True, slots=True)
class State:
    """A feature as it is; without a shape it is removed. `since` as in the module's words."""

    id: int
    since: int | None
    properties: Mapping[str, Any]
    geom: BaseGeometry | None


def draft_of(connection: Connection | Session, layer_id: int, author: int, *, lock: bool = False) -> Draft | None:
    """The draft of an editor; None without one. With `lock` it stays as it is read until the transaction ends."""
    if lock:
        own = (layer_draft.c.layer_id == layer_id, layer_draft.c.author == author)
        connection.execute(update(layer_draft).where(*own).values(done=layer_draft.c.done))  # as it is, but held
    rows = _drafts(connection, layer_draft.c.layer_id == layer_id, layer_draft.c.author == author)
    return rows[0] if rows else None


def drafts_of(connection: Connection | Session, layer_id: int) -> list[Draft]:
    """Every draft of a layer, the one changed last first."""
    return _drafts(connection, layer_draft.c.layer_id == layer_id)


def _drafts(connection: Connection | Session, *conditions: Any) -> list[Draft]:
    own = [layer_draft.c[name] for name in Draft.__slots__ if name not in {"last_act", "next_act"}]
    acts = (_act(layer_draft.c.done).label("last_act"), _act(layer_draft.c.done + 1).label("next_act"))
    query = select(*own, *acts).where(*conditions).order_by(layer_draft.c.changed_at.desc())
    return [Draft(**row) for row in connection.execute(query).mappings()]


def _act(n: Any) -> Any:
    steps = layer_draft_step.c
    return select(steps.act).where(steps.draft_id == layer_draft.c.id, steps.n == n).scalar_subquery()


def effective(draft_id: int | None) -> Subquery:
    """The features of a draft as its last step in effect left them: feature_id, since, properties, geom. None: of no draft."""
    row = layer_draft_feature.c
    return (
        select(row.feature_id, row.since, row.properties, row.geom)
        .ext(distinct_on(row.feature_id))
        .join(layer_draft, layer_draft.c.id == row.draft_id)
        .where(row.draft_id == draft_id, row.n <= layer_draft.c.done)
        .order_by(row.feature_id, row.n.desc())
        .subquery("edited")
    )


def states_of(
    connection: Connection | Session, layer_id: int, draft_id: int | None, ids: Collection[int]
) -> dict[int, State]:
    """Features by their ids as the draft has them, else as the layer has; those that neither has are left out."""
    edited, now = effective(draft_id), layer_feature.c
    drafted = select(edited.c.feature_id, edited.c.since, edited.c.properties, func.ST_AsBinary(edited.c.geom))
    present = select(now.id, now.since, now.properties, func.ST_AsBinary(now.geom))
    present = present.where(now.layer_id == layer_id, now.id.in_(ids))
    states = {row[0]: _state(row) for row in connection.execute(present)}
    if draft_id is not None:
        query = drafted.where(edited.c.feature_id.in_(ids))
        states |= {row[0]: _state(row) for row in connection.execute(query)}
    return states


def _state(row: Any) -> State:
    feature_id, since, properties, wkb = row
    return State(feature_id, since, properties, None if wkb is None else set_srid(from_wkb(bytes(wkb)), 4326))


def new_feature_id(connection: Connection | Session) -> int:
    """An id that no feature has or will have but the one that is begun with it."""
    query = select(func.nextval(func.pg_get_serial_sequence("layer_feature", "id")))
    return int(connection.execute(query).scalar_one())


def add_step(
    connection: Connection | Session,
    layer_id: int,
    author: int,
    *,
    token: str,
    act: str,
    states: Sequence[State],
    moment: datetime,
) -> bool:
    """Add a step to the draft of an editor, which begins with it if there is none; what was undone is forgotten.

    False when the step with this token is there already. Raises DraftFull.
    """
    draft_id, done = _locked(connection, layer_id, author, moment)
    steps = layer_draft_step.c
    if connection.execute(select(steps.n).where(steps.draft_id == draft_id, steps.token == token)).one_or_none():
        return False
    if done >= MAX_STEPS:
        raise DraftFull
    connection.execute(delete(layer_draft_step).where(steps.draft_id == draft_id, steps.n > done))
    step = {"draft_id": draft_id, "n": done + 1}
    connection.execute(insert(layer_draft_step).values(**step, token=token, act=act, made_at=moment))
    shape = func.ST_GeomFromWKB(bindparam("wkb"), 4326)
    values: dict[str, Any] = {
        "feature_id": bindparam("feature"),
        "since": bindparam("was"),
        "properties": bindparam("row"),
    }
    rows = [
        {
            "feature": state.id,
            "was": state.since,
            "row": dict(state.properties),
            "wkb": None if state.geom is None else to_wkb(state.geom),
        }
        for state in states
    ]
    connection.execute(insert(layer_draft_feature).values(**step, **values, geom=shape), rows)
    connection.execute(update(layer_draft).where(layer_draft.c.id == draft_id).values(done=done + 1))
    return True


def _locked(connection: Connection | Session, layer_id: int, author: int, moment: datetime) -> tuple[int, int]:
    """Id and steps in effect of an editor's draft, which nobody else changes until the transaction ends."""
    version = select(layer.c.version).where(layer.c.id == layer_id).scalar_subquery()
    query = upsert(layer_draft).values(
        layer_id=layer_id, author=author, begun_at=moment, changed_at=moment, begun_with=version
    )
    query = query.on_conflict_do_update(index_elements=["layer_id", "author"], set_={"changed_at": moment})
    row = connection.execute(query.returning(layer_draft.c.id, layer_draft.c.done)).one()
    return row.id, row.done


def undo(connection: Connection | Session, draft_id: int, n: int, moment: datetime) -> bool:
    """Take back step `n`, if it is the last in effect: pressing twice takes back one."""
    query = update(layer_draft).where(layer_draft.c.id == draft_id, layer_draft.c.done == n, layer_draft.c.done > 0)
    return _happened(connection, query.values(done=n - 1, changed_at=moment))


def redo(connection: Connection | Session, draft_id: int, n: int, moment: datetime) -> bool:
    """Do step `n` again, if it is the first that was taken back."""
    there = select(layer_draft_step.c.n).where(layer_draft_step.c.draft_id == draft_id, layer_draft_step.c.n == n)
    query = update(layer_draft).where(layer_draft.c.id == draft_id, layer_draft.c.done == n - 1, there.exists())
    return _happened(connection, query.values(done=n, changed_at=moment))


def _happened(connection: Connection | Session, query: Any) -> bool:
    return connection.execute(query.returning(layer_draft.c.id)).one_or_none() is not None


def add_column(
    connection: Connection | Session, layer_id: int, author: int, name: str, kind: str, moment: datetime
) -> None:
    """Give the features of a draft another property, of a kind as in versions."""
    draft_id, _done = _locked(connection, layer_id, author, moment)
    columns = layer_draft.c["columns"]
    former = connection.execute(select(columns).where(layer_draft.c.id == draft_id)).scalar_one()
    query = update(layer_draft).where(layer_draft.c.id == draft_id)
    connection.execute(query.values({columns: {**former, name: kind}}))


def expire_drafts(connection: Connection | Session, before: datetime) -> list[tuple[int, int]]:
    """Forget the drafts that were last changed before a moment: the id of the layer and the steps in effect of each."""
    own = layer_draft.c
    query = delete(layer_draft).where(own.changed_at < before).returning(own.layer_id, own.done)
    return [(layer_id, done) for layer_id, done in connection.execute(query)]


def discard_draft(connection: Connection | Session, draft_id: int) -> None:
    """Forget a draft with all its steps."""
    connection.execute(delete(layer_draft).where(layer_draft.c.id == draft_id))
