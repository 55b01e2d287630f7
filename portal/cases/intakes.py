"""Applications that staff write for somebody who telephones, comes, or sends a paper (代理で受け付ける): the same form, the same rules, the same case.

What was said of it lies sealed with the draft, and with the case afterwards: by which channel, who asked and how they are reached, and the
day on which a paper came in, by which it is judged.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import files
from portal.cases import drafts
from portal.cases.channels import CHANNEL_WORDS, ONLINE
from portal.cases.models import Case, Draft
from portal.core.access import StaffIdentity
from portal.core.clock import TOKYO, local_date, now, today
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor
from portal.identity import read_staff
from portal.procedures import Offer

CHANNELS = {channel: words for channel, words in CHANNEL_WORDS.items() if channel != ONLINE}
PAPER = "intake-paper"
"""What the scan of a paper names as its question."""
MAX_NAME, MAX_CONTACT, MAX_OPEN = 100, 200, 50
_NOON = time(12)


@dataclass(frozen=True)
class Intake:
    """How an application reached the office. `name` and `contact` are of who asked, `received_on` is the day on which a paper came in."""

    channel: str
    name: str
    contact: str = ""
    received_on: date | None = None

    @property
    def channel_words(self) -> str:
        """The channel in words."""
        return CHANNELS[self.channel]


def begin_intake(
    session: Session, offer: Offer, intake: Intake, staff: StaffIdentity, scan: files.Upload | None = None
) -> Draft:
    """Begin an application for somebody, with the scan of their paper, if there is one.

    Raises Invalid with a sentence for each of `channel`, `name`, `contact`, `received_on` and `scan` that is wrong.
    """
    faults = intake_faults(intake)
    if faults:
        raise Invalid(next(iter(faults.values())), faults)
    draft = drafts.start(session, offer, account_id=None, language="ja")
    draft.taken_by = staff.id
    draft.taken_in = {
        "channel": intake.channel,
        "name": intake.name.strip(),
        "contact": intake.contact.strip(),
        "received_on": intake.received_on.isoformat() if intake.received_on else None,
        "by": staff.name,
    }
    if scan is not None:
        try:
            files.receive(session, draft.id, PAPER, scan)
        except Invalid as error:
            raise Invalid(error.message, {"scan": error.message}) from error
    session.flush()
    return draft


def intake_faults(intake: Intake) -> dict[str, str]:
    """What is wrong with what was said of an application, by the field."""
    faults = {}
    if intake.channel not in CHANNELS:
        faults["channel"] = "どのように届いたかを選んでください。"
    if not intake.name.strip():
        faults["name"] = "申し出た人の名前を書いてください。"
    elif len(intake.name) > MAX_NAME:
        faults["name"] = f"名前は{MAX_NAME}文字までにしてください。"
    if len(intake.contact) > MAX_CONTACT:
        faults["contact"] = f"連絡先は{MAX_CONTACT}文字までにしてください。"
    if intake.channel == "post" and intake.received_on is None:
        faults["received_on"] = "紙が届いた日を入力してください。"
    elif intake.received_on is not None and intake.received_on > today():
        faults["received_on"] = "紙が届いた日は、今日までの日にしてください。"
    return faults


def intake_of(row: Draft | Case) -> Intake | None:
    """How an application, sent or not, reached the office; None for one that its applicant wrote."""
    kept = row.taken_in
    if kept is None:
        return None
    day = kept["received_on"]
    return Intake(kept["channel"], kept["name"], kept["contact"], date.fromisoformat(day) if day else None)


def day_of_receipt(draft: Draft) -> date:
    """The day by which an application is judged that is sent now: today, or the day on which its paper came in."""
    return local_date(moment_of_receipt(draft))


def moment_of_receipt(draft: Draft) -> datetime:
    """The moment at which an application came in: now, or noon of the day on which its paper did."""
    intake = intake_of(draft)
    if intake is None or intake.received_on is None or intake.received_on >= today():
        return now()
    return datetime.combine(intake.received_on, _NOON, TOKYO)


def taker(session: Session, draft: Draft) -> Actor | None:
    """Whoever of the staff wrote it; None for one that its applicant wrote. Raises Conflict when they may not (any more)."""
    if draft.taken_by is None:
        return None
    staff = read_staff(session, draft.taken_by)
    if staff is None or not staff.may("case.take_in"):
        raise Conflict(
            "この受付を始めた職員は、いま代理で受け付けることができません。ほかの職員が、はじめから入力してください。"
        )
    return Actor("staff", staff.id, staff.name)


def scans_of(session: Session, draft: Draft) -> frozenset[str]:
    """The public ids of the scans of its paper."""
    if draft.taken_by is None:
        return frozenset()
    return frozenset(file.public_id for file in files.files_of_drafts(session, [draft.id]) if file.field == PAPER)


def open_intake(session: Session, staff_id: int, public_id: str) -> Draft:
    """One of them. Raises NotFound for one that was sent, has run out, or was begun by somebody else."""
    draft = next((draft for draft in open_intakes(session, staff_id, MAX_OPEN) if draft.public_id == public_id), None)
    if draft is None:
        raise NotFound("この受付は見つかりません。送ったか、期限が過ぎたか、ほかの職員が始めたものです。")
    return draft


def open_intakes(session: Session, staff_id: int, limit: int = MAX_OPEN) -> list[Draft]:
    """The applications that somebody of the staff began for others and has not sent, newest first. Plan: `ix_draft_taken_by`."""
    query = select(Draft).where(Draft.taken_by == staff_id, Draft.case_id.is_(None), Draft.expires_at > now())
    return list(session.scalars(query.order_by(Draft.saved_at.desc(), Draft.id.desc()).limit(limit)))
