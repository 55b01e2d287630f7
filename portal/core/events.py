"""What happens to a case is one appended event: declared names with their keys, hash-chained per city by the database (a trigger owns
the chain, so the serving role can neither skip nor rewrite it). Timeline, audit, notices and statistics read the same events.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, LargeBinary, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core.clock import now
from portal.core.models import CityBase

EVENTS: dict[str, frozenset[str]] = {
    "case.submitted": frozenset({"version", "channel"}),
    "case.accepted": frozenset({"state", "message_id"}),
    "case.correction_requested": frozenset({"state", "message_id", "fields", "answer_by"}),
    "case.correction_answered": frozenset({"state", "message_id", "fields"}),
    "case.approved": frozenset({"state", "message_id"}),
    "case.refused": frozenset({"state", "message_id"}),
    "case.withdrawn": frozenset({"state", "message_id"}),
    "case.completed": frozenset({"state", "message_id"}),
    "case.stage_passed": frozenset({"state", "message_id"}),
    "case.assigned": frozenset({"to"}),
    "case.transferred": frozenset({"from_department", "to_department"}),
    "case.message_sent": frozenset({"message_id"}),
    "case.file_opened": frozenset({"file_id"}),
    "case.viewed": frozenset(),
    "payment.requested": frozenset({"payment_id", "amount"}),
    "payment.started": frozenset({"payment_id"}),
    "payment.pending": frozenset({"payment_id", "method"}),
    "payment.paid": frozenset({"payment_id", "amount", "method"}),
    "payment.failed": frozenset({"payment_id", "reason"}),
    "payment.expired": frozenset({"payment_id"}),
    "payment.needs_review": frozenset({"payment_id", "reason"}),
    "refund.requested": frozenset({"refund_id", "amount", "reason"}),
    "refund.succeeded": frozenset({"refund_id", "amount"}),
    "refund.failed": frozenset({"refund_id", "reason"}),
}
"""Every event and the keys it may carry: ids, states and amounts. Words people write are sealed messages, named by their id."""


@dataclass(frozen=True)
class Actor:
    """Who did it: `kind` is applicant, staff or system; `id` of the account or member of staff."""

    kind: str
    id: int | None = None
    name: str | None = None


SYSTEM = Actor("system")


class CaseEvent(CityBase):
    """One thing that happened. Rows are only ever added; `prev_hash` and `hash` are filled by the database."""

    __tablename__ = "case_event"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    name: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[int | None]
    actor_name: Mapped[str | None]
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]]
    prev_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes | None] = mapped_column(LargeBinary)


def record(session: Session, case_id: int, event_name: str, actor: Actor, **data: Any) -> None:
    """Append one event. Raises ValueError for a name or a key that is not declared."""
    allowed = EVENTS.get(event_name)
    if allowed is None or not data.keys() <= allowed:
        raise ValueError(f"undeclared event {event_name} or keys {sorted(data)}")
    session.execute(
        insert(CaseEvent),
        {
            "case_id": case_id,
            "name": event_name,
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "actor_name": actor.name,
            "at": now(),
            "data": {key: value for key, value in data.items() if value is not None},
        },
    )
