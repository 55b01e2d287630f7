"""Retention holds: a case that must be kept longer than its retention period, why, and by whom."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.events import of_case
from portal.cases.models import Case
from portal.cases.retention import kept_until, retention_years
from portal.cases.retention_models import RetentionHold
from portal.core.clock import local_date, now
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor, record
from portal.core.locking import lock_row
from portal.core.text import _
from portal.identity import staff_name

MAX_HOLD_REASON = 1000


@dataclass(frozen=True)
class Hold:
    """An active hold."""

    reason: str
    placed_by: str
    placed_at: datetime


@dataclass(frozen=True)
class Retention:
    """How long a case is kept: `until` is known once it is closed, and does not count while a hold stands."""

    years: int
    until: date | None
    hold: Hold | None


def retention_of(session: Session, case: Case) -> Retention:
    """Return how long a case is kept, with its active hold."""
    years = retention_years(session, case)
    until = kept_until(local_date(case.closed_at), years) if case.closed_at else None
    return Retention(years, until, active_hold(session, case.id))


def active_hold(session: Session, case_id: int) -> Hold | None:
    """Return the active hold of a case."""
    query = select(RetentionHold, staff_name(RetentionHold.placed_by)).where(
        RetentionHold.case_id == case_id, RetentionHold.lifted_at.is_(None)
    )
    row = session.execute(query).first()
    if row is None:
        return None
    hold, name = row
    return Hold(hold.reason, name or "", hold.placed_at)


def place_hold(session: Session, case_id: int, reason: str, actor: Actor) -> None:
    """Keep a case beyond its time until the hold is lifted. Raises Invalid without a reason, Conflict when there is one already."""
    case = _locked(session, case_id)
    checked_reason = _reason(reason)
    if active_hold(session, case.id) is not None:
        raise Conflict(_("この案件の保存は、もう延長されています。"))
    hold = RetentionHold(case_id=case.id, reason=checked_reason, placed_by=_staff(actor), placed_at=now())
    session.add(hold)
    session.flush()
    record(session, of_case(case.id), "case.hold_placed", actor, hold_id=hold.id)


def lift_hold(session: Session, case_id: int, reason: str, actor: Actor) -> None:
    """End the hold; the case goes when its own time is over. Raises Invalid without a reason, Conflict without one."""
    case = _locked(session, case_id)
    checked_reason = _reason(reason)
    hold = session.scalar(
        select(RetentionHold).where(RetentionHold.case_id == case.id, RetentionHold.lifted_at.is_(None))
    )
    if hold is None:
        raise Conflict(_("この案件の保存は、延長されていません。"))
    hold.lifted_by, hold.lifted_at = _staff(actor), now()
    hold.lift_reason = checked_reason
    session.flush()
    record(session, of_case(case.id), "case.hold_lifted", actor, hold_id=hold.id)


def _locked(session: Session, case_id: int) -> Case:
    """The case under its lock, which the nightly erasing takes too: it is either held in time or gone."""
    case = lock_row(session, Case, Case.id == case_id)
    if case is None or case.erased_at is not None:
        raise NotFound(_("この案件は見つかりません。"))
    return case


def _reason(text: str) -> str:
    stripped = text.replace("\x00", "").strip()
    if not stripped:
        raise Invalid(_("理由を書いてください。"), {"reason": _("理由を書いてください。")})
    if len(stripped) > MAX_HOLD_REASON:
        too_long = _("理由は{count}文字までにしてください。", count=f"{MAX_HOLD_REASON:,}")
        raise Invalid(too_long, {"reason": too_long})
    return stripped.encode("utf-8", "replace").decode()


def _staff(actor: Actor) -> int | None:
    return actor.id if actor.kind == "staff" else None
