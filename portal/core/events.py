"""What happens is one appended event: declared names with their keys, hash-chained per city by the database (a trigger owns
the chain, so the serving role can neither skip nor rewrite it). Timeline, audit, notices and statistics read the same events.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    cast,
    exists,
    insert,
    literal,
    literal_column,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core.clock import now
from portal.core.models import CityBase

_CODES = re.compile(r"(?:[A-Za-z0-9_.:/+*#-]{1,80} ?){0,12}")


@dataclass(frozen=True, slots=True)
class EventKind:
    """What can happen, as the capability that records it declares it.

    `office` is its line in the desk's history; `resident` that in the applicant's, None for what is the office's own business.
    `keys` are what an event may carry: ids, states, amounts and codes. What people write is a sealed message, named by its id.
    """

    office: str
    resident: str | None = None
    keys: tuple[str, ...] = ()


_VIEWED = "'%viewed'"
"""Names of events that record a view."""

_kinds: dict[str, EventKind] = {}
_subjects: set[str] = set()


def declare(subjects: tuple[str, ...], kinds: Mapping[str, EventKind]) -> Mapping[str, EventKind]:
    """Declare the events of a capability by name, and the kinds of things they happen to. Each name has one owner.

    Returns `kinds`. Raises ValueError for a name that another capability has declared differently.
    """
    if conflicts := [name for name, kind in kinds.items() if _kinds.get(name, kind) != kind]:
        raise ValueError(f"declared twice: {', '.join(conflicts)}")
    _subjects.update(subjects)
    _kinds.update(kinds)
    return kinds


def event_kinds() -> Mapping[str, EventKind]:
    """Every event of the capabilities that this process has imported, by name."""
    return _kinds


def subject_kinds() -> frozenset[str]:
    """Every kind of thing to which something can happen."""
    return frozenset(_subjects)


@dataclass(frozen=True)
class Actor:
    """Who did it: `kind` is applicant, staff or system; `id` of the account or member of staff."""

    kind: str
    id: int | None = None
    name: str | None = None


SYSTEM = Actor("system")


@dataclass(frozen=True)
class Subject:
    """What it happened to: a declared kind and the id of its row. `within` is what the event is part of the history of,
    where that is not the subject itself: a refund's events are part of the history of its case."""

    kind: str
    id: int | None = None
    within: "Subject | None" = None


class Event(CityBase):
    """One thing that happened. Rows are only ever added; `chain_version`, `prev_hash` and `hash` are filled by the database."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_history", "history_kind", "history_id", "id"),
        Index("ix_event_views", "actor_id", "name", "at", postgresql_where=text(f"name LIKE {_VIEWED}")),
        Index("ix_event_at", "at", "id"),
        Index("ix_event_name", "name", "at", "id"),
        Index("ix_event_staff", "actor_id", "at", "id", postgresql_where=text("actor_kind = 'staff'")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    history_kind: Mapped[str] = mapped_column(doc="what it is part of the history of, one of the declared subjects")
    history_id: Mapped[int | None] = mapped_column(doc="none for what has no row of its own, such as a list")
    subject_kind: Mapped[str] = mapped_column(doc="what it happened to, one of the declared subjects")
    subject_id: Mapped[int | None]
    name: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[int | None]
    actor_name: Mapped[str | None] = mapped_column(doc="of staff; an applicant's name is in the case alone")
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]]
    chain_version: Mapped[int] = mapped_column(
        SmallInteger,
        server_default=text("3"),
        doc="rule by which `hash` was made; 0: words were taken out of `data`, see chain.redacted",
    )
    prev_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes | None] = mapped_column(LargeBinary)


def record(session: Session, subject: Subject, event_name: str, actor: Actor, **data: Any) -> None:
    """Append one event. `subject` is what it happened to: a case, a payment, a member of staff, an export.

    Raises ValueError for a name, a key or a kind of subject that is not declared.
    """
    session.execute(insert(Event), _row(subject, event_name, actor, data))


@dataclass(frozen=True)
class View:
    """That somebody looked at something. `same` distinguishes two views of one thing (the filters of a list), `more` does not."""

    subject: Subject
    event: str
    same: dict[str, str | int] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


def record_views(session: Session, actor: Actor, views: Iterable[View], *, within: timedelta) -> None:
    """Append the views that the same person did not leave already in the last `within`, in one statement.

    A view that is not recorded again does not wait for the city's chain. Recent ones are found in `ix_event_views`.
    """
    rows = []
    for view in views:
        if not view.event.endswith("viewed"):
            raise ValueError(f"{view.event} does not record a view")
        row = _row(view.subject, view.event, actor, {**view.same, **view.more})
        recent = exists().where(
            Event.actor_id == row["actor_id"],
            Event.name == literal_column(f"'{view.event}'"),
            Event.name.like(literal_column(_VIEWED)),
            Event.at > row["at"] - within,
            Event.actor_kind == row["actor_kind"],
            Event.subject_kind == row["subject_kind"],
            Event.subject_id.is_not_distinct_from(row["subject_id"]),
            Event.data.contains(view.same),
        )
        columns = Event.__table__.c
        rows.append(
            select(
                *(cast(literal(value, columns[name].type), columns[name].type) for name, value in row.items())
            ).where(~recent)
        )
    if rows:
        session.execute(insert(Event).from_select(list(row), union_all(*rows)))


def _is_code(value: Any) -> bool:
    """Whether a value may be kept permanently in a row that cannot be altered: ids, amounts, days, names that the program gives."""
    if isinstance(value, Mapping):
        return all(_is_code(each) for pair in value.items() for each in pair)
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(_is_code, value))
    return not isinstance(value, str) or _CODES.fullmatch(value) is not None


def _row(subject: Subject, event_name: str, actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    kind = _kinds.get(event_name)
    if kind is None or not data.keys() <= set(kind.keys):
        raise ValueError(f"undeclared event {event_name} or keys {sorted(data)}")
    if texts := [key for key, value in data.items() if not _is_code(value)]:
        raise ValueError(
            f"{event_name}: words in {', '.join(sorted(texts))}; what people write is sealed and named by its id"
        )
    history = subject.within or subject
    if not {subject.kind, history.kind} <= _subjects:
        raise ValueError(f"undeclared subject {subject.kind} or {history.kind}")
    return {
        "history_kind": history.kind,
        "history_id": history.id,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "name": event_name,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_name": actor.name if actor.kind == "staff" else None,
        "at": now(),
        "data": {key: value for key, value in data.items() if value is not None},
    }
