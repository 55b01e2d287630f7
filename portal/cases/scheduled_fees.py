"""The later payments of a fee over time: asked for by themselves when their day comes, each once, worked out from the frozen fee."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Due, dues
from portal import payments
from portal.cases.models import Case
from portal.cases.notices import ask_to_pay
from portal.core.clock import today
from portal.core.locking import lock_row

SCHEDULED: Final = "due:"
"""What the purpose of such a payment begins with; the key of its due follows."""
_ASKED_ON, _ASKED_DUES = "asked_on", "asked_dues"
KEPT_WITH_FEE: Final = (_ASKED_ON, _ASKED_DUES)
"""Parts of a frozen fee that say what was asked for, and stay when its lines are worked out again."""
_BATCH = 500


def begin_schedule(case: Case, moment: str) -> None:
    """Remember the day on which a moment's payments began, and when the next of them is to be asked for."""
    case.fee = case.fee | {_ASKED_ON: {moment: str(today())} | case.fee.get(_ASKED_ON, {})}
    case.next_due_on = _first_day(outstanding_dues(case.fee))


def end_schedule(case: Case) -> None:
    """Ask for nothing more: the case was refused, withdrawn, or ended otherwise by its workflow."""
    case.next_due_on = None


def cases_to_ask(session: Session) -> list[int]:
    """The cases of which a payment is to be asked for today or before, longest waiting first."""
    query = select(Case.id).where(Case.next_due_on <= today()).order_by(Case.next_due_on, Case.id).limit(_BATCH)
    return list(session.scalars(query))


def ask_for_dues(session: Session, case_id: int) -> int:
    """Ask for the payments of a case whose day has come, and write to the applicant; how many they were. Safe to repeat and to race."""
    case = lock_row(session, Case, Case.id == case_id)
    if case is None or case.next_due_on is None or case.next_due_on > today():
        return 0
    outstanding = outstanding_dues(case.fee)
    ripe = [due for due in outstanding if due.opens_on is not None and due.opens_on <= today()]
    for due in ripe:
        payment = payments.open_payment(
            session,
            case.id,
            [
                payments.LineItem(line.label, line.amount, line.explanation, id=line.id, methods=line.methods)
                for line in due.lines
            ],
            title=f"{case.title} {case.number}",
            purpose=f"{SCHEDULED}{due.key}",
            next_path=f"/me/cases/{case.public_id}",
            owner=payments.ChargeOwner(case.department_id, case.procedure_key),
            pay_by=due.pay_by,
        )
        ask_to_pay(session, case, payment.amount, payment.pay_by)
    due_keys = [*case.fee.get(_ASKED_DUES, ()), *(due.key for due in ripe)]
    case.fee = case.fee | {_ASKED_DUES: due_keys}
    case.next_due_on = _first_day(due for due in outstanding if due not in ripe)
    case.advance()
    session.flush()
    return len(ripe)


def refresh_schedule(case: Case) -> None:
    """Let the later payments follow what a correction made of the fee; those that were asked for are settled by their difference."""
    if case.closed_at is None or case.next_due_on is not None:
        case.next_due_on = _first_day(outstanding_dues(case.fee))


def outstanding_dues(fee: Mapping[str, Any]) -> list[Due]:
    """The payments that are still to be asked for and whose moment has come. The first of each went out with its moment."""
    return [due for due in plan_of(fee) if due.settled and due.number > 1 and due.key not in fee.get(_ASKED_DUES, ())]


def asked_dues(fee: Mapping[str, Any]) -> list[str]:
    """The keys of the later payments that were asked for, oldest first."""
    return list(fee.get(_ASKED_DUES, ()))


def plan_of(fee: Mapping[str, Any]) -> tuple[Due, ...]:
    """Every payment of a frozen fee, worked out from the answers as they are now: after a correction from the corrected ones.

    Lines whose reduction the corrected answers ask for stay as they were until a person has decided it.
    """
    days = {moment: date.fromisoformat(day) for moment, day in fee.get(_ASKED_ON, {}).items()}
    return dues(current_lines(fee), submitted_on=days.get("submission"), approved_on=days.get("approved"))


def current_lines(fee: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the lines of a frozen fee as the answers and figures of now make them."""
    lines: list[dict[str, Any]] = fee["lines"]
    if "recomputed" not in fee:
        return lines
    undecided = set(fee["recomputed"]["undecided"])
    corrected = [line for line in fee["recomputed"]["lines"] if line.get("id", "") not in undecided]
    kept = [line for line in lines if line["when"] != "submission" or line.get("id", "") in undecided]
    return [*corrected, *kept]


def _first_day(outstanding: Iterable[Due]) -> date | None:
    return min((due.opens_on for due in outstanding if due.opens_on is not None), default=None)
