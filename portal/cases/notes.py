"""Notes that staff write for each other about a case. They are in a table of their own and never reach the applicant."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from portal.cases.events import of_case
from portal.cases.models import Case, CaseNote
from portal.core.clock import now
from portal.core.crypto import open_sealed, seal
from portal.core.database import city_of
from portal.core.errors import Invalid
from portal.core.events import Actor, record
from portal.core.text import _
from portal.identity import staff_name

MAX_NOTE = 4000
FIELD = "note_body"
ENCRYPTION_CONTEXT = b"case note"


@dataclass(frozen=True)
class Note:
    """One note, opened, with the name of the member of staff who wrote it."""

    id: int
    author: str
    body: str
    written_at: datetime


def add_note(session: Session, case: Case, actor: Actor, body: str, *, sent_key: str | None = None) -> CaseNote:
    """Add a note of a member of staff; `sent_key` is of the device that sent it. Raises Invalid (field `note_body`) for an empty or overlong text."""
    text = body.replace("\x00", "").strip()
    if not text:
        raise Invalid(_("メモを書いてください。"), {"note_body": _("メモを書いてください。")})
    if len(text) > MAX_NOTE:
        message = _("メモは{count}文字までにしてください。", count=MAX_NOTE)
        raise Invalid(message, {"note_body": message})
    note = CaseNote(
        case_id=case.id,
        staff_id=actor.id,
        body=seal(city_of(session), text.encode("utf-8", "replace"), ENCRYPTION_CONTEXT),
        written_at=now(),
        sent_key=sent_key,
    )
    session.add(note)
    session.flush()
    record(session, of_case(case.id), "case.noted", actor, note_id=note.id)
    return note


def note_count(case_id: int) -> ScalarSelect[int]:
    """Return the number of notes on a case, as part of a statement."""
    return select(func.count()).where(CaseNote.case_id == case_id).scalar_subquery()


def notes_of(session: Session, case_id: int) -> list[Note]:
    """Return the notes on a case, oldest first."""
    query = select(CaseNote, staff_name(CaseNote.staff_id))
    rows = session.execute(query.where(CaseNote.case_id == case_id).order_by(CaseNote.id))
    city = city_of(session)
    return [
        Note(note.id, name or "", open_sealed(city, note.body, ENCRYPTION_CONTEXT).decode(), note.written_at)
        for note, name in rows
    ]
