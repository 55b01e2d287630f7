"""Messages between the applicant and the office, encrypted like every personal text."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select, update
from sqlalchemy.orm import Session

from forms.text.safety import holds_my_number
from portal.cases.events import of_case
from portal.cases.message_files import (
    MAX_FILES,
    attach_files,
    came_from_office,
    files_by_message,
    inspect_files,
    is_of_message,
)
from portal.cases.models import Case, CaseMessage
from portal.cases.notices import notify
from portal.core.clock import now
from portal.core.crypto import open_sealed, seal
from portal.core.database import city_of
from portal.core.errors import Invalid
from portal.core.events import Actor, record
from portal.core.text import _
from portal.files import Accepted
from writing.invisible import visible

__all__ = [
    "ENCRYPTION_CONTEXT",
    "MAX_FILES",
    "MAX_MESSAGE",
    "Message",
    "came_from_office",
    "files_by_message",
    "inspect_files",
    "is_of_message",
    "mark_read",
    "message_count",
    "messages_of",
    "newest_messages",
    "newest_requests",
    "readable_message",
    "send_message",
]

MAX_MESSAGE = 4000
ENCRYPTION_CONTEXT = b"message"


@dataclass(frozen=True)
class Message:
    """One message, opened."""

    id: int
    sender: str
    sender_name: str
    body: str
    fields: tuple[str, ...]
    sent_at: datetime
    read_at: datetime | None


def send_message(
    session: Session,
    case: Case,
    actor: Actor,
    body: str,
    *,
    fields: Sequence[str] = (),
    files: Sequence[Accepted] = (),
    by_mail: bool = True,
) -> CaseMessage:
    """Send a message to the other side, with its files; of one from the office, or from the portal in its name, the applicant is notified by mail.

    Raises Invalid for an empty text, one that is too long, and one with a My Number.
    """
    text = readable_message(body)
    from_office = actor.kind != "applicant"
    message = CaseMessage(
        case_id=case.id,
        sender="staff" if from_office else "applicant",
        staff_id=actor.id if actor.kind == "staff" else None,
        sender_name=actor.name or "",
        body=seal(city_of(session), text.encode("utf-8", "replace"), ENCRYPTION_CONTEXT),
        fields=list(fields),
        sent_at=now(),
    )
    session.add(message)
    case.unread = not from_office
    session.flush()
    attach_files(session, case, message, files)
    told = {"files": len(files)} if files else {}
    record(session, of_case(case.id), "case.message_sent", actor, message_id=message.id, **told)
    if from_office and by_mail:
        notify(session, case, "message_from_office", announcement="")
    return message


def readable_message(body: str) -> str:
    """The text of a message as it is sent. Raises Invalid for an empty one, one that is too long, and one with a My Number."""
    text = visible(body).replace("\x00", "").strip()
    if not text:
        raise Invalid(_("メッセージを書いてください。"), {"body": _("メッセージを書いてください。")})
    if holds_my_number(text):
        my_number = _("マイナンバー(個人番号)は書かないでください。番号を消してください。")
        raise Invalid(my_number, {"body": my_number})
    if len(text) > MAX_MESSAGE:
        too_long = _("メッセージは{count}文字までにしてください。", count=MAX_MESSAGE)
        raise Invalid(too_long, {"body": too_long})
    return text


def messages_of(session: Session, case_id: int) -> list[Message]:
    """Return the messages about a case, oldest first."""
    rows = session.scalars(select(CaseMessage).where(CaseMessage.case_id == case_id).order_by(CaseMessage.id))
    return [_opened(session, row) for row in rows]


def message_count(case_id: int) -> ScalarSelect[int]:
    """Return the number of messages about a case, as part of a statement."""
    return select(func.count()).where(CaseMessage.case_id == case_id).scalar_subquery()


def newest_requests(session: Session, case_ids: Collection[int]) -> dict[int, Message]:
    """Return what the office asks for in each of these cases, by case id, in one statement: its newest message that names questions, else its
    newest.
    """
    if not case_ids:
        return {}
    query = select(CaseMessage).where(CaseMessage.case_id.in_(case_ids), CaseMessage.sender == "staff")
    newest: dict[int, CaseMessage] = {}
    for row in session.scalars(query.order_by(CaseMessage.id)):
        if row.fields or not (row.case_id in newest and newest[row.case_id].fields):
            newest[row.case_id] = row
    return {case_id: _opened(session, row) for case_id, row in newest.items()}


def newest_messages(session: Session, case_ids: Collection[int]) -> dict[int, Message]:
    """Return the newest message about each of these cases, whoever wrote it, by case id, in one statement."""
    if not case_ids:
        return {}
    newest = select(func.max(CaseMessage.id)).where(CaseMessage.case_id.in_(case_ids)).group_by(CaseMessage.case_id)
    rows = session.scalars(select(CaseMessage).where(CaseMessage.id.in_(newest)))
    return {row.case_id: _opened(session, row) for row in rows}


def _opened(session: Session, row: CaseMessage) -> Message:
    return Message(
        row.id,
        row.sender,
        row.sender_name,
        open_sealed(city_of(session), row.body, ENCRYPTION_CONTEXT).decode(),
        tuple(row.fields),
        row.sent_at,
        row.read_at,
    )


def mark_read(session: Session, case_id: int, *, sender: str) -> None:
    """Mark the messages of `sender` as read by the other side."""
    unread = update(CaseMessage).where(
        CaseMessage.case_id == case_id, CaseMessage.sender == sender, CaseMessage.read_at.is_(None)
    )
    session.execute(unread.values(read_at=now()))
