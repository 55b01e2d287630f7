"""What staff write about an order, encrypted like every personal text: why it is refunded or not, how a review ended."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.crypto import open_sealed, seal
from portal.core.database import city_of, city_session
from portal.core.errors import Invalid
from portal.core.locking import lock_rows
from portal.core.text import _
from portal.payments.models import PaymentNote, Refund

MAX_NOTE_LENGTH = 4000  # characters
BATCH = 500
ENCRYPTION_CONTEXT = b"payment note"


@dataclass(frozen=True)
class Note:
    """One note, decrypted."""

    kind: str
    refund_id: int | None
    staff_id: int | None
    body: str
    written_at: datetime


def write_note(
    session: Session,
    order_id: int,
    kind: str,
    text: str,
    *,
    staff_id: int | None,
    refund_id: int | None = None,
    required: bool = False,
) -> int | None:
    """Store a text; return the note's id, None for an empty text. Raises Invalid (field `note`) for one that is too long or missing."""
    body = text.replace("\x00", "").strip()
    if required and not body:
        raise Invalid(_("理由を書いてください。"), {"note": _("理由を書いてください。")})
    if len(body) > MAX_NOTE_LENGTH:
        message = _("理由は{count}文字までにしてください。", count=MAX_NOTE_LENGTH)
        raise Invalid(message, {"note": message})
    if not body:
        return None
    note = PaymentNote(
        order_id=order_id,
        refund_id=refund_id,
        kind=kind,
        staff_id=staff_id,
        body=_seal(session, body),
        written_at=now(),
    )
    session.add(note)
    session.flush()
    return note.id


def notes_of_order(session: Session, order_id: int) -> list[Note]:
    """Return the notes about an order, oldest first."""
    rows = session.scalars(select(PaymentNote).where(PaymentNote.order_id == order_id).order_by(PaymentNote.id))
    city = city_of(session)
    return [
        Note(
            row.kind,
            row.refund_id,
            row.staff_id,
            open_sealed(city, row.body, ENCRYPTION_CONTEXT).decode(),
            row.written_at,
        )
        for row in rows
    ]


def seal_plain_reasons(city_key: str) -> int:
    """Encrypt the reasons of refunds that an older version stored in clear, and empty them; return how many.

    A batch is one transaction, so a process that ends in between leaves each reason either as it was or encrypted.
    """
    sealed = 0
    while True:
        with city_session(city_key) as session:
            with_reason = select(Refund.id).where(Refund.reason.is_not(None)).order_by(Refund.id).limit(BATCH)
            refunds = lock_rows(session, Refund, Refund.id.in_(with_reason), order_by=(Refund.id.asc(),))
            for refund in refunds:
                _seal_reason(session, refund)
        sealed += len(refunds)
        if len(refunds) < BATCH:
            return sealed


def _seal_reason(session: Session, refund: Refund) -> None:
    if refund.reason and refund.reason.strip():
        note = PaymentNote(
            order_id=refund.order_id,
            refund_id=refund.id,
            kind="refund",
            staff_id=refund.requested_by,
            body=_seal(session, refund.reason),
            written_at=refund.created_at,
        )
        session.add(note)
    refund.reason = None


def _seal(session: Session, text: str) -> bytes:
    return seal(city_of(session), text.encode("utf-8", "replace"), ENCRYPTION_CONTEXT)
