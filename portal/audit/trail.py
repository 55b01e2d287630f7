"""The trail of a city: all events, newest first, narrowed and read page by page, however many there are.

Every page is read along an index in the order in which it is shown, by time and number. What no index knows (the department of a case)
is looked at event by event, in at most `LOOKED_AT` of them; a page that found less than it holds then says how far it came, and the next
one goes on from there. So a page costs the same for any question and any number of events.

Plans at a million events: `ix_event_at` backwards; `ix_event_staff` for a person; `ix_event_name` once for each of a few names;
`ix_event_history` for the history of one thing, which is then sorted.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    and_,
    func,
    join,
    literal,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from portal.core.events import Event

LOOKED_AT = 20_000
"""So many events are looked at for one page."""
_FEW_NAMES, _FEW_LOOKED_AT = 40, 12
"""Each of so many kinds of events is read along its own part of the index; of more, every event is looked at. Fewer where those are looked at too."""
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Condition = Callable[[Any], ColumnElement[bool]]
"""What must be true of an event, or of something that has its columns."""


@dataclass(frozen=True)
class Position:
    """Where a page ends: the time and the number of its last event."""

    at: datetime
    id: int

    def __str__(self) -> str:
        """As an address has it."""
        return f"{(self.at - _BEGIN) // _MICROSECOND}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Position | None":
        """What an address says; None when that is no position."""
        moment, _dash, number = text.partition("-")
        if not (moment.isdecimal() and number.isdecimal() and len(moment) <= 16 and len(number) <= 18):
            return None
        return cls(_BEGIN + int(moment) * _MICROSECOND, int(number))


@dataclass(frozen=True)
class Histories:
    """Things of one kind, by their ids; `subject` narrows it to what happened to one part of them, such as one payment of a case."""

    kind: str
    ids: tuple[int, ...]
    subject: tuple[str, int] | None = None


@dataclass(frozen=True)
class TrailQuery:
    """What is looked for: whose doing, of which kinds, in whose history, from `since` until just before `until`.

    `where` are conditions that no index of events knows.
    """

    staff_id: int | None = None
    actor_kind: str = ""
    names: frozenset[str] = frozenset()
    histories: Histories | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: Position | None = None
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class TrailPage:
    """Some events; the next ones come after `next`, which is None at the end. `searched_to` when it is where looking stopped."""

    events: Sequence[Event]
    next: Position | None
    searched_to: datetime | None = None


def read_trail(session: Session, query: TrailQuery, limit: int) -> TrailPage:
    """One page: a statement, and where looking may have stopped before the page was full a second one."""
    conditions = _looked_for(query)
    looked_at = LOOKED_AT if conditions else limit + 1
    scanned = aliased(Event, _scanned(query, looked_at).subquery("scanned"))
    rows = select(scanned).where(*(condition(scanned) for condition in conditions))
    events = session.scalars(rows.order_by(scanned.at.desc(), scanned.id.desc()).limit(limit + 1)).all()
    if len(events) > limit:
        return TrailPage(events[:limit], _position(events[limit - 1]))
    stopped = _last_scanned(session, query, looked_at) if conditions else None
    return TrailPage(events, stopped, stopped.at if stopped else None)


def every_event(session: Session, query: TrailQuery, most: int) -> Iterator[Event]:
    """All that meet the query, newest first, up to `most` of them, read in pages."""
    while most > 0:
        page = read_trail(session, query, min(1000, most))
        yield from page.events
        most -= len(page.events)
        if page.next is None:
            return
        query = replace(query, after=page.next)


def _position(event: Any) -> Position:
    return Position(event.at, event.id)


def _by_names(query: TrailQuery) -> bool:
    few = _FEW_LOOKED_AT if query.where or query.actor_kind else _FEW_NAMES
    return query.histories is None and query.staff_id is None and 0 < len(query.names) <= few


def _looked_for(query: TrailQuery) -> list[Condition]:
    """What the index does not answer along which the events are read."""
    left = list(query.where)
    if query.names and not _by_names(query):
        left.append(lambda event: event.name.in_(sorted(query.names)))
    if query.actor_kind and query.staff_id is None:
        left.append(lambda event: event.actor_kind == query.actor_kind)
    if query.histories is not None and query.staff_id is not None:
        left.append(lambda event: and_(event.actor_kind == "staff", event.actor_id == query.staff_id))
    return left


def _scanned(query: TrailQuery, limit: int) -> Select[Any]:
    """So many events in the order of the page, along one index."""
    rows = select(Event)
    if query.histories is not None:
        rows = rows.where(Event.history_kind == query.histories.kind, Event.history_id.in_(query.histories.ids))
        if query.histories.subject:
            kind, subject_id = query.histories.subject
            rows = rows.where(Event.subject_kind == kind, Event.subject_id == subject_id)
    elif query.staff_id is not None:
        # written out: a partial index is found by what stands in the statement alone
        rows = rows.where(Event.actor_kind == literal_column("'staff'"), Event.actor_id == query.staff_id)
    elif _by_names(query):
        kinds = func.unnest(literal(sorted(query.names), ARRAY(Text))).table_valued("name").render_derived()
        each = _page(rows.where(Event.name == kinds.c.name), query, limit).lateral("each")
        newest = (each.c.at.desc(), each.c.id.desc())
        return select(each).select_from(join(kinds, each, true())).order_by(*newest).limit(limit)
    return _page(rows, query, limit)


def _page(rows: Select[Any], query: TrailQuery, limit: int) -> Select[Any]:
    if query.since is not None:
        rows = rows.where(Event.at >= query.since)
    if query.until is not None:
        rows = rows.where(Event.at < query.until)
    if query.after is not None:
        rows = rows.where(tuple_(Event.at, Event.id) < tuple_(literal(query.after.at), literal(query.after.id)))
    return rows.order_by(Event.at.desc(), Event.id.desc()).limit(limit)


def _last_scanned(session: Session, query: TrailQuery, number: int) -> Position | None:
    """Where looking stopped; None when it came to the end of the trail."""
    scanned = _scanned(query, number).subquery("scanned")
    newest = (scanned.c.at.desc(), scanned.c.id.desc())
    row = session.execute(select(scanned.c.at, scanned.c.id).order_by(*newest).offset(number - 1).limit(1)).first()
    return _position(row) if row else None
