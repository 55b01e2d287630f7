"""What staff write about a payment, sealed like every personal text: why money goes back or stays, how a review ended."""

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

MAX_LENGTH = 4000  # characters
BATCH = 500
_CONTEXT = b"payment note"


@dataclass(frozen=True)
class Note:
    """One note, opened."""

    kind: str
    refund_id: int | None
    staff_id: int | None
    body: str
    written_at: datetime


def write_note(
    session: Session,
    payment_id: int,
    kind: str,
    text: str,
    *,
    staff_id: int | None,
    refund_id: int | None = None,
    required: bool = False,
) -> int | None:
    """Keep a text; the note's id, None for an empty text. Raises Invalid (field `note`) for a long or a missing one."""
    body = text.replace("\x00", "").strip()
    if required and not body:
        raise Invalid(_("理由を書いてください。"), {"note": _("理由を書いてください。")})
    if len(body) > MAX_LENGTH:
        longest = _("理由は{count}文字までにしてください。", count=MAX_LENGTH)
        raise Invalid(longest, {"note": longest})
    if not body:
        return None
    note = PaymentNote(
        payment_id=payment_id,
        refund_id=refund_id,
        kind=kind,
        staff_id=staff_id,
        body=_seal(session, body),
        written_at=now(),
    )
    session.add(note)
    session.flush()
    return note.id


def notes_of(session: Session, payment_id: int) -> list[Note]:
    """Everything written about a payment, oldest first."""
    rows = session.scalars(select(PaymentNote).where(PaymentNote.payment_id == payment_id).order_by(PaymentNote.id))
    city = city_of(session)
    return [
        Note(row.kind, row.refund_id, row.staff_id, open_sealed(city, row.body, _CONTEXT).decode(), row.written_at)
        for row in rows
    ]


def seal_plain_reasons(city_key: str) -> int:
    """Seal the reasons of refunds that an older version kept in clear, and empty them; how many.

    A batch is one transaction, so a process that ends in between leaves each reason either as it was or sealed.
    """
    sealed = 0
    while True:
        with city_session(city_key) as session:
            plain = select(Refund.id).where(Refund.reason.is_not(None)).order_by(Refund.id).limit(BATCH)
            refunds = lock_rows(session, Refund, Refund.id.in_(plain), order_by=(Refund.id.asc(),))
            for refund in refunds:
                _seal_reason(session, refund)
        sealed += len(refunds)
        if len(refunds) < BATCH:
            return sealed


def _seal_reason(session: Session, refund: Refund) -> None:
    if refund.reason and refund.reason.strip():
        note = PaymentNote(
            payment_id=refund.payment_id,
            refund_id=refund.id,
            kind="refund",
            staff_id=refund.requested_by,
            body=_seal(session, refund.reason),
            written_at=refund.created_at,
        )
        session.add(note)
    refund.reason = None


def _seal(session: Session, text: str) -> bytes:
    return seal(city_of(session), text.encode("utf-8", "replace"), _CONTEXT)
