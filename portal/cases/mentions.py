"""Colleagues named in a note with @ (@佐藤 or @佐藤 美咲): they find it in their list, and by mail where they want one. A mail names no case
and nobody but who wrote.

Only who may read the answers of the case can be named: a note says what stands in them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from portal.cases.events import of_case
from portal.cases.mention_models import CaseMention, MentionSetting
from portal.cases.models import Case, CaseNote
from portal.cases.notes import FIELD, MAX_NOTE, add_note
from portal.core.access import StaffIdentity
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.events import Actor, record
from portal.identity import list_staff, read_staff, staff_name, staff_of_departments
from portal.notifications import send_mail

RIGHT = "case.read_answers"
SEES = "case.see"
_NAMED = re.compile(r"(?<![A-Za-z0-9._%+-])[@＠](\S+(?:[ 　]\S+)?)")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Mention:
    """A note in which somebody is named: the case, who wrote, when, and whether it was read."""

    case_id: int
    number: str
    title: str
    by: str
    mentioned_at: datetime
    is_read: bool


def write_note(session: Session, case: Case, staff: StaffIdentity, body: str) -> CaseNote:
    """Add a note for colleagues, and tell those whom it names.

    Raises Invalid, at the note, as `add_note` does, and for a name that nobody of the department has, that several have, or of somebody who has no
    right to read the case.
    """
    named = named_in(session, case, body[: MAX_NOTE + 1])
    note = add_note(session, case, Actor("staff", staff.id, staff.name), body)
    for colleague in named:
        if colleague.id != staff.id:
            _tell(session, note, staff, colleague)
    session.flush()
    return note


def write_to(session: Session, case: Case, staff: StaffIdentity, colleague_id: int, body: str) -> None:
    """Add a note that answers what a colleague asked for, and tell them, whether or not they read the answers of the case. Nobody is told
    who left, or who sees the case no more.
    """
    note = add_note(session, case, Actor("staff", staff.id, staff.name), body)
    colleague = read_staff(session, colleague_id)
    if colleague is not None and colleague.may(SEES, case.department_id):
        _tell(session, note, staff, colleague)
    session.flush()


def _tell(session: Session, note: CaseNote, staff: StaffIdentity, colleague: StaffIdentity) -> None:
    session.add(
        CaseMention(
            case_id=note.case_id, note_id=note.id, staff_id=colleague.id, mentioned_by=staff.id, mentioned_at=now()
        )
    )
    actor = Actor("staff", staff.id, staff.name)
    record(session, of_case(note.case_id), "case.colleague_mentioned", actor, note_id=note.id, to=colleague.id)
    if wants_mail(session, colleague.id):
        send_mail(
            session, "colleague_mentioned", to=colleague.email, language="ja", by=staff.name, path="/desk/mentions"
        )


def named_in(session: Session, case: Case, body: str) -> Sequence[StaffIdentity]:
    """The colleagues whom a text names, each once. Raises Invalid as `write_note` does."""
    mentioned = _NAMED.findall(body)
    if not mentioned:
        return []
    names = staff_of_departments(session, [case.department_id])
    ids = dict.fromkeys(_who(session, text, names) for text in mentioned)
    colleagues = [person for person in (read_staff(session, staff_id) for staff_id in ids) if person is not None]
    for person in colleagues:
        if not person.may(RIGHT, case.department_id):
            raise _refusal(f"{person.name}さんは、この案件の内容を見る権限がないので、メモで知らせられません。")
    return colleagues


def _who(session: Session, text: str, names: Mapping[int, str]) -> int:
    """Whom the text after an @ names: by the whole name, else by the family name where only one has it."""
    folded = _folded(text)
    whole = [key for key, name in names.items() if folded.startswith(_folded(name))]
    if whole:
        return max(whole, key=lambda key: len(names[key]))
    family = {key: _SPACES.split(name)[0] for key, name in names.items()}
    by_family = [key for key, name in family.items() if folded.startswith(_folded(name))]
    longest = max((len(family[key]) for key in by_family), default=0)
    nearest = [key for key in by_family if len(family[key]) == longest]
    if len(nearest) == 1:
        return nearest[0]
    if nearest:
        both = "、".join(names[key] for key in nearest)
        raise _refusal(f"「@{family[nearest[0]]}」は{len(nearest)}人います({both})。名前まで書いてください。")
    elsewhere = next((each.name for each in list_staff(session) if folded.startswith(_folded(each.name))), None)
    if elsewhere:
        raise _refusal(f"{elsewhere}さんは、この案件の課の職員ではないので、メモで知らせられません。")
    raise _refusal(f"「@{text[:20]}」という職員は、この課にいません。名前を確かめるか、@を消してください。")


def mentions_of(session: Session, staff: StaffIdentity, limit: int) -> list[Mention]:
    """The notes that name somebody in cases that they may still see, unread ones first, then the newest. Plan: `ix_case_mention_unread`."""
    query = (
        select(CaseMention, Case.number, Case.title, staff_name(CaseMention.mentioned_by))
        .join(Case, Case.id == CaseMention.case_id)
        .where(CaseMention.staff_id == staff.id, Case.department_id.in_(staff.departments(SEES)))
        .order_by(CaseMention.read_at.is_not(None), CaseMention.id.desc())
        .limit(limit)
    )
    return [
        Mention(row.case_id, number, title, by or "", row.mentioned_at, row.read_at is not None)
        for row, number, title, by in session.execute(query)
    ]


def unread_mentions(session: Session, staff: StaffIdentity) -> int:
    """How many of them they have not read. Plan: `ix_case_mention_unread`."""
    query = (
        select(func.count())
        .select_from(CaseMention)
        .join(Case, Case.id == CaseMention.case_id)
        .where(
            CaseMention.staff_id == staff.id,
            CaseMention.read_at.is_(None),
            Case.department_id.in_(staff.departments(SEES)),
        )
    )
    return session.scalar(query) or 0


def read_mentions(session: Session, case: Case, staff: StaffIdentity) -> None:
    """The notes of a case were shown to somebody."""
    mine = (CaseMention.case_id == case.id, CaseMention.staff_id == staff.id, CaseMention.read_at.is_(None))
    session.execute(update(CaseMention).where(*mine).values(read_at=now()))


def wants_mail(session: Session, staff_id: int) -> bool:
    """Whether somebody is told of mentions by mail as well."""
    return session.scalar(select(MentionSetting.by_mail).where(MentionSetting.staff_id == staff_id)) is not False


def choose_mail(session: Session, staff_id: int, *, by_mail: bool) -> None:
    """Be told of mentions by mail as well, or in the list alone."""
    row = upsert(MentionSetting).values(staff_id=staff_id, by_mail=by_mail)
    session.execute(row.on_conflict_do_update(index_elements=[MentionSetting.staff_id], set_={"by_mail": by_mail}))


def _folded(text: str) -> str:
    return _SPACES.sub("", text)


def _refusal(sentence: str) -> Invalid:
    return Invalid(sentence, {FIELD: sentence})
