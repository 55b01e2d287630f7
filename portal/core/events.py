"""What happens is one appended event: declared names with their keys, hash-chained per city by the database (a trigger owns
the chain, so the serving role can neither skip nor rewrite it). Timeline, audit, notices and statistics read the same events.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ForeignKey,
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


_kinds: dict[str, EventKind] = {}
_subjects: set[str] = set()


def declare(subjects: tuple[str, ...], kinds: Mapping[str, EventKind]) -> Mapping[str, EventKind]:
    """Declare the events of a capability by name, and the kinds of things they happen to. Each name has one owner.

    Returns `kinds`. Raises ValueError for a name that another capability has declared differently.
    """
    if taken := [name for name, kind in kinds.items() if _kinds.get(name, kind) != kind]:
        raise ValueError(f"declared twice: {', '.join(taken)}")
    _subjects.update(subjects)
    _kinds.update(kinds)
    return kinds


def event_kinds() -> Mapping[str, EventKind]:
    """Every event of the capabilities that this process has imported, by name."""
    return _kinds


@dataclass(frozen=True)
class Actor:
    """Who did it: `kind` is applicant, staff or system; `id` of the account or member of staff."""

    kind: str
    id: int | None = None
    name: str | None = None


SYSTEM = Actor("system")


@dataclass(frozen=True)
class Subject:
    """What it happened to: a declared kind, the id of its row, and the case in whose history it stands, if it belongs to one."""

    kind: str
    id: int | None = None
    case_id: int | None = None


class CaseEvent(CityBase):
    """One thing that happened. Rows are only ever added; `chain_version`, `prev_hash` and `hash` are filled by the database."""

    __tablename__ = "case_event"
    __table_args__ = (
        Index("ix_case_event_case_id", "case_id", "id"),
        Index(
            "ix_case_event_views",
            "actor_id",
            "name",
            "at",
            postgresql_where=text("name IN ('case.viewed', 'case.status_viewed', 'list.viewed')"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("case_file.id"), doc="the case in whose history it stands; none for what belongs to no case"
    )
    subject_kind: Mapped[str] = mapped_column(doc="what it happened to, one of the declared subjects")
    subject_id: Mapped[int | None]
    name: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[int | None]
    actor_name: Mapped[str | None] = mapped_column(doc="of staff; an applicant's name stands in the case alone")
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]]
    chain_version: Mapped[int] = mapped_column(
        SmallInteger,
        server_default=text("2"),
        doc="rule by which `hash` was made; 0: words were taken out of `data`, see chain.redacted",
    )
    prev_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes | None] = mapped_column(LargeBinary)


def record(session: Session, subject: int | Subject, event_name: str, actor: Actor, **data: Any) -> None:
    """Append one event. `subject` is the id of a case, or what else it happened to (a payment, a member of staff, an export).

    Raises ValueError for a name, a key or a kind of subject that is not declared.
    """
    session.execute(insert(CaseEvent), _row(subject, event_name, actor, data))


@dataclass(frozen=True)
class View:
    """That somebody looked at something. `same` tells two looks at one thing apart (the filters of a list), `more` does not."""

    subject: int | Subject
    event: str
    same: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


def record_views(session: Session, actor: Actor, views: Iterable[View], *, within: timedelta) -> None:
    """Append the views that the same person did not leave already in the last `within`, in one statement.

    A view that is not recorded again does not wait for the city's chain. Recent ones are found in `ix_case_event_views`.
    """
    rows = []
    for view in views:
        row = _row(view.subject, view.event, actor, {**view.same, **view.more})
        recent = exists().where(
            CaseEvent.actor_id == row["actor_id"],
            CaseEvent.name == literal_column(f"'{view.event}'"),
            CaseEvent.at > row["at"] - within,
            CaseEvent.actor_kind == row["actor_kind"],
            CaseEvent.subject_kind == row["subject_kind"],
            CaseEvent.subject_id.is_not_distinct_from(row["subject_id"]),
            CaseEvent.data.contains(view.same),
        )
        columns = CaseEvent.__table__.c
        rows.append(
            select(
                *(cast(literal(value, columns[name].type), columns[name].type) for name, value in row.items())
            ).where(~recent)
        )
    if rows:
        session.execute(insert(CaseEvent).from_select(list(row), union_all(*rows)))


def _is_code(value: Any) -> bool:
    """Whether a value can be kept for good in a row that nobody may alter: ids, amounts, days, names that the program gives."""
    if isinstance(value, Mapping):
        return all(_is_code(each) for pair in value.items() for each in pair)
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(_is_code, value))
    return not isinstance(value, str) or _CODES.fullmatch(value) is not None


def _row(subject: int | Subject, event_name: str, actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    kind = _kinds.get(event_name)
    if kind is None or not data.keys() <= set(kind.keys):
        raise ValueError(f"undeclared event {event_name} or keys {sorted(data)}")
    if words := [key for key, value in data.items() if not _is_code(value)]:
        raise ValueError(
            f"{event_name}: words in {', '.join(sorted(words))}; what people write is sealed and named by its id"
        )
    if isinstance(subject, int):
        subject = Subject("case", subject, subject)
    if subject.kind not in _subjects:
        raise ValueError(f"undeclared subject {subject.kind}")
    return {
        "case_id": subject.case_id,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "name": event_name,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_name": actor.name if actor.kind == "staff" else None,
        "at": now(),
        "data": {key: value for key, value in data.items() if value is not None},
    }
