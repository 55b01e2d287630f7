"""Bringing the money of closed shifts to the bank (収納金の払込): one sum of several shifts, as the bank's statement shows it."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.core.clock import now, today
from portal.core.errors import Conflict, Invalid
from portal.core.events import Actor, record
from portal.core.locking import lock_rows
from portal.core.text import _
from portal.identity import Department, belongings
from portal.ledger import movements, post
from portal.tills.closing import item_of_shift
from portal.tills.events import of_till
from portal.tills.models import Till, TillBanking, TillShift

MAX_NUMBER = 40


def unbanked_shifts(session: Session, departments: Collection[int]) -> list[tuple[Till, TillShift]]:
    """The closed shifts of these departments whose money is still in the house, the oldest first."""
    query = (
        select(Till, TillShift)
        .join(TillShift, TillShift.till_id == Till.id)
        .where(Till.department_id.in_(departments), TillShift.status == "closed", TillShift.banking_id.is_(None))
        .order_by(TillShift.id)
    )
    return [(till, shift) for till, shift in session.execute(query) if shift.to_bank]


def bank_shifts(
    session: Session,
    shift_ids: Collection[int],
    banked_on: date | None,
    slip_number: str,
    actor: Actor,
    departments: Collection[int],
) -> TillBanking:
    """Record that the money of these shifts was brought to the bank on a day.

    Raises Invalid (fields `shifts`, `banked_on`, `slip_number`), Conflict when one of them is banked already or not of these departments.
    """
    if not shift_ids:
        sentence = _("払い込むレジを、1つ以上選んでください。")
        raise Invalid(sentence, {"shifts": sentence})
    if banked_on is None or banked_on > today():
        sentence = _("払い込んだ日を、今日までの日で選んでください。")
        raise Invalid(sentence, {"banked_on": sentence})
    number = slip_number.replace("\x00", "").strip()
    if len(number) > MAX_NUMBER:
        sentence = _("払込書の番号は、{count}文字までで書いてください。", count=MAX_NUMBER)
        raise Invalid(sentence, {"slip_number": sentence})
    shifts = lock_rows(session, TillShift, TillShift.id.in_(shift_ids), order_by=(TillShift.id.asc(),))
    tills = {
        till.id: till for till in session.scalars(select(Till).where(Till.id.in_({row.till_id for row in shifts})))
    }
    if len(shifts) != len(set(shift_ids)) or not all(_is_waiting(shift, tills, departments) for shift in shifts):
        raise Conflict(_("選んだレジの中に、もう払い込んだものがあります。いまの一覧を確かめてください。"))
    banking = TillBanking(
        banked_on=banked_on,
        amount=sum(shift.to_bank for shift in shifts),
        slip_number=number,
        staff_id=actor.id,
        entered_at=now(),
    )
    session.add(banking)
    session.flush()
    for shift in shifts:
        shift.banking_id = banking.id
    session.flush()
    for till_id in sorted(tills):
        mine = [shift for shift in shifts if shift.till_id == till_id]
        details = {"banking_id": banking.id, "amount": sum(shift.to_bank for shift in mine), "shifts": len(mine)}
        record(session, of_till(till_id), "till.banked", actor, **details)
    _book(session, [(tills[shift.till_id], shift) for shift in shifts], banking, actor)
    return banking


def bankings_between(session: Session, first: date, last: date) -> list[TillBanking]:
    """What was brought to the bank on these days."""
    query = select(TillBanking).where(TillBanking.banked_on.between(first, last))
    return list(session.scalars(query.order_by(TillBanking.banked_on, TillBanking.id)))


def _is_waiting(shift: TillShift, tills: dict[int, Till], departments: Collection[int]) -> bool:
    is_mine = tills[shift.till_id].department_id in departments
    return is_mine and shift.status == "closed" and shift.banking_id is None and shift.to_bank != 0


def _book(session: Session, shifts: Sequence[tuple[Till, TillShift]], banking: TillBanking, actor: Actor) -> None:
    post(
        session,
        *(
            movements.cash_banked(
                shift.to_bank,
                cause=f"till:{shift.id}:banked",
                at=now(),
                item=item_of_shift(till, shift),
                reference=f"banking:{banking.id}",
                staff_id=actor.id,
            )
            for till, shift in shifts
        ),
    )


def _money_in_tills(session: Session, department: Department) -> str | None:
    """Why tills may not go to another department yet: the books have their money under this one."""
    running = exists().where(
        TillShift.till_id == Till.id, Till.department_id == department.id, TillShift.status != "closed"
    )
    if session.scalar(running.select()):
        return _("開いているレジがあります。現金を数えて、レジを閉めてください。")
    if unbanked_shifts(session, {department.id}):
        return _("レジの収納金のうち、まだ払い込んでいないものがあります。銀行への払込を記録してください。")
    return None


belongings.declare_owned("till", Till.department_id, _money_in_tills)
