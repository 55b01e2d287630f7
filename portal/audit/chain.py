"""Following the chain of a city's events: every hash is computed again, every link is looked for, in bounded memory."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

GENESIS = sha256(b"madoguchi").digest()
"""What the first event of a city follows."""

_MAX_PENDING = 10_000
"""An event can get its number before, and its place in the chain after another one, as many as there are connections. More than
this many that follow nothing mean that what they follow is gone."""

_BATCH_SIZE = 2000
_REPORTED = 20_000
"""After so many events it is said how far the walk has come."""

Report = Callable[[int], None]
"""Told the number of an event to which a walk has come."""

_ROWS = text("""
SELECT event.id, event.prev_hash, event.hash, event.chain_version,
       CASE WHEN event.name = 'chain.redacted' THEN event.data -> 'ids' END AS redacted,
       CASE event.chain_version
           WHEN 3 THEN event.hash = sha256(event.prev_hash || convert_to(jsonb_build_array(3, event.id, event.history_kind,
               event.history_id, event.subject_kind, event.subject_id, event.name, event.actor_kind, event.actor_id,
               event.actor_name, extract(epoch FROM event.at)::text, event.data)::text, 'UTF8'))
           WHEN 2 THEN (event.history_kind = 'case' OR event.history_kind = event.subject_kind
                   AND event.history_id IS NOT DISTINCT FROM event.subject_id)
               AND event.hash = sha256(event.prev_hash || convert_to(jsonb_build_array(2, event.id,
               CASE event.history_kind WHEN 'case' THEN event.history_id END, event.subject_kind, event.subject_id, event.name,
               event.actor_kind, event.actor_id, event.actor_name, extract(epoch FROM event.at)::text, event.data)::text, 'UTF8'))
           WHEN 1 THEN event.history_kind = 'case' AND event.subject_kind = 'case' AND event.subject_id = event.history_id
               AND event.hash = sha256(event.prev_hash || convert_to(concat_ws('|', event.history_id, event.name,
               event.actor_kind, coalesce(event.actor_id::text, ''), extract(epoch FROM event.at)::text, event.data::text), 'UTF8'))
           ELSE event.chain_version = 0
       END AS sound,
       (SELECT hash FROM event_chain) AS head
  FROM event
 ORDER BY event.id
""")
"""One statement, so one moment: events that are added meanwhile are in none of it. The rules stand here and not in a function of
the database, where who alters rows could alter them too. They are those of the trigger `chain_event`, by `chain_version`.

Plan: along the primary key, which is the order in which rows lie, so nothing is sorted however many there are."""

_HEAD_OF_NOTHING = text("SELECT hash FROM event_chain WHERE NOT EXISTS (SELECT FROM event)")


@dataclass(frozen=True)
class Anchor:
    """An end of the chain that was written down outside the database: after so many events the last one had this hash."""

    at: str
    events: int
    head: bytes


@dataclass(frozen=True)
class Outcome:
    """`fault` names the first event that is wrong, None when all are whole; `events` were followed, the last one had `head`."""

    events: int
    head: bytes
    fault: str | None


def follow(session: Session, anchors: Collection[Anchor] = (), report: Report | None = None) -> Outcome:
    """Walk the chain of the session's city from its beginning to its end; `report` is told now and then how far it is.

    Finds an event that was altered, one that was taken out or put in, and an end that was cut off: by the end that the
    database itself keeps, and by `anchors` when that was rewritten too.
    """
    walk = _Walk(anchors)
    result = session.execute(_ROWS, execution_options={"yield_per": _BATCH_SIZE})
    head = None
    for number, row in enumerate(result.mappings(), 1):
        head = bytes(row["head"])
        if not walk.take(row):
            break
        if report is not None and number % _REPORTED == 0:
            report(int(row["id"]))
    result.close()
    if head is None:
        head = session.scalar(_HEAD_OF_NOTHING)
        if head is None:  # the first event was added since
            return follow(session, anchors, report)
    return Outcome(walk.events, walk.head, walk.fault or walk.at_the_end(head))


class _Walk:
    """Where the walk stands: the hash it has come to, and events by number that follow something not met yet."""

    def __init__(self, anchors: Collection[Anchor]) -> None:
        self.events = 0
        self.head = GENESIS
        self.fault: str | None = None
        self._last: int | None = None
        self._waiting: dict[bytes, tuple[int, bytes]] = {}
        self._redacted: set[int] = set()
        self._named: set[int] = set()
        self._anchors: dict[bytes, Anchor] = {anchor.head: anchor for anchor in anchors if anchor.events}

    def take(self, row: Mapping[Any, Any]) -> bool:
        """One event, in the order of numbers. False when something is wrong."""
        event_id, previous = int(row["id"]), bytes(row["prev_hash"] or b"")
        if not row["sound"]:
            self.fault = f"event {event_id} was altered: its content does not give its hash"
        elif previous in self._waiting:
            self.fault = f"events {self._waiting[previous][0]} and {event_id} follow the same event: one was put in"
        elif len(self._waiting) >= _MAX_PENDING:
            self.fault = self._gap()
        if row["chain_version"] == 0:
            self._redacted.add(event_id)
        self._named.update(row["redacted"] or ())
        if self.fault is None:
            self._waiting[previous] = (event_id, bytes(row["hash"]))
            self._step()
        return self.fault is None

    def _step(self) -> None:
        while self.fault is None and (following := self._waiting.pop(self.head, None)) is not None:
            self._last, self.head = following
            self.events += 1
            anchor = self._anchors.pop(self.head, None)
            if anchor is not None and anchor.events != self.events:
                self.fault = (
                    f"event {self._last} is number {self.events} of the chain, but was number {anchor.events}"
                    f" when it was written down at {anchor.at}"
                )

    def _gap(self) -> str:
        event_id = min(event_id for event_id, _hash in self._waiting.values())
        after = f"after event {self._last}" if self._last else "at the beginning"
        return f"an event is missing {after}, or event {event_id} was put in: it follows nothing that is there"

    def at_the_end(self, head: bytes) -> str | None:
        """What is wrong when every event was taken: one left over, an end cut off, words taken out that no event names."""
        if self._waiting:
            return self._gap()
        if self.head != head:
            return f"the newest events are missing: the chain ends with event {self._last}, but its end was written down later"
        if self._anchors:
            first = min(self._anchors.values(), key=lambda anchor: anchor.events)
            return f"the end of the chain as written down at {first.at}, after {first.events} events, is gone"
        if unnamed := self._redacted - self._named:
            return f"event {min(unnamed)} is marked as redacted, but no event of the chain names it"
        return None
