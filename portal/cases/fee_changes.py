"""What a correction, or what was measured, makes of a fee that was asked for: the difference is asked for by line, or proposed to be given back.

What the city keeps, asks for and has waived of each line is made the same as what is due by the corrected answers. So it is settled
once, however often it is called, and again after each further correction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from forms import DueLine
from portal import payments
from portal.cases.models import Case
from portal.cases.notices import notify
from portal.cases.reductions import UNDECIDED
from portal.cases.scheduled_fees import SCHEDULED, asked_dues, current_lines, plan_of
from portal.payments import Charge, ChargeOwner, ChargeRefund, LineItem, Payment, payments_of_case

UNSETTLED: Final = "unsettled"
"""Part of a frozen fee: a difference that waits until somebody has paid, or not, what was asked for before."""
_CHANGE: Final = "change"
_DETAIL: Final = {
    "ja": "訂正による差額",
    "ja-easy": "なおした あとの たりない お金(かね)",
    "en": "Difference after the correction",
    "zh": "更正后的差额",
    "ko": "정정에 따른 차액",
}
_SURVEYED: Final = {
    "ja": "実測による差額",
    "ja-easy": "はかったあとの たりない お金(かね)",
    "en": "Difference after measuring",
    "zh": "实测后的差额",
    "ko": "실측에 따른 차액",
}


@dataclass(frozen=True)
class FeeDifference:
    """What is kept, asked for and waived of the fee, and what the corrected answers make of it, in yen; `paid`: nothing of it waits."""

    before: int
    due: int
    paid: bool

    @property
    def difference(self) -> int:
        """Yen that are missing; below zero, yen that are too many."""
        return self.due - self.before


@dataclass(frozen=True)
class _Moment:
    """What was asked for at once, and what is due then by the answers as they are now.

    That is at a moment of the fee (`submission`, `approved`), or on a later day of its schedule (`due:` and the key of the due).
    `purpose` is that of its first payment; `refunds` are those of its charges.
    """

    purpose: str
    payments: Sequence[Payment]
    lines: Sequence[DueLine]
    refunds: Mapping[int, Sequence[ChargeRefund]]

    @property
    def due(self) -> dict[str, int]:
        """The yen that are due of each fee rule."""
        yen: dict[str, int] = {}
        for line in self.lines:
            yen[line.id] = yen.get(line.id, 0) + line.amount
        return yen

    @property
    def held(self) -> dict[str, int]:
        """The yen of each rule that are kept, asked for or waived. The rest of a payment that fell short belongs to its first charges."""
        yen: dict[str, int] = {}
        for charge in self._charges():
            back = sum(
                refund.amount
                for refund in self.refunds.get(charge.id, ())
                if refund.status not in {"canceled", "failed"} and refund.grounds not in {"waiver", "surplus"}
            )
            yen[charge.rule_id] = yen.get(charge.rule_id, 0) + charge.amount - back
        return yen

    @property
    def changes(self) -> list[Payment]:
        """The payments of it that asked for a difference."""
        return [payment for payment in self.payments if payment.purpose.startswith(f"{self.purpose}-{_CHANGE}-")]

    def _charges(self) -> list[Charge]:
        return [
            charge
            for payment in self.payments
            for charge in payment.charges
            if "-rest-" not in payment.purpose and (payment.status != "canceled" or charge.status == "waived")
        ]


@dataclass(frozen=True)
class _Settled:
    """What settling one moment came to, in yen; `until`: the last day for what is asked for."""

    before: int
    due: int
    missing: int = 0
    back: int = 0
    until: date | None = None


def settle_fee_change(session: Session, case: Case) -> None:
    """Ask for the difference of every line, or propose to give it back, and write to the applicant. The case's row must be locked.

    While a voucher is out, or money is under review, everything waits for its end: then it is called again (`settle_waiting_change`).
    """
    moments = _moments(session, case)
    waits = any(payment.status in {"pending", "needs_review"} for moment in moments for payment in moment.payments)
    case.fee = {name: part for name, part in case.fee.items() if name != UNSETTLED} | (
        {UNSETTLED: True} if waits else {}
    )
    if waits:
        return
    if not any(_difference(case, moment) for moment in moments):
        return
    payments.withdraw_proposals(session, case.id, "correction")
    moments = _moments(session, case)
    surveyed = any(rule in _surveyed_rules(case) for moment in moments for rule in _difference(case, moment))
    settled = [_settle(session, case, moment) for moment in moments if _difference(case, moment)]
    if settled:
        notify(
            session,
            case,
            "fee_changed",
            surveyed=surveyed,
            before=sum(each.before for each in settled),
            amount=sum(each.due for each in settled),
            missing=sum(each.missing for each in settled),
            back=sum(each.back for each in settled),
            until=min((each.until for each in settled if each.until), default=None),
        )


def settle_waiting_change(session: Session, case: Case) -> None:
    """Settle what waited for the end of a payment. The rows of the case and of all its orders must be locked."""
    if case.fee.get(UNSETTLED) and case.status != "no":
        settle_fee_change(session, case)


def fee_difference(session: Session, case: Case) -> FeeDifference | None:
    """The difference between what the corrected answers make due and what is kept and asked for; None without one."""
    if "recomputed" not in case.fee and not case.fee.get(UNSETTLED):
        return None
    moments = _moments(session, case)
    held = sum(sum(moment.held.values()) for moment in moments)
    due = sum(sum(moment.due.values()) for moment in moments)
    waiting = any(payment.is_payable for moment in moments for payment in moment.payments)
    change = FeeDifference(held, due, paid=not waiting)
    return change if change.difference else None


def _moments(session: Session, case: Case) -> list[_Moment]:
    """Everything that was asked for, in the order in which it was."""
    plan, made = plan_of(case.fee), payments_of_case(session, case.id)
    refunds = payments.refunds_by_charge(session, case.id)
    lines = {
        moment: [line for due in plan if due.moment == moment and due.number == 1 for line in due.lines]
        for moment in ("submission", *(["approved"] if "approved" in case.fee.get("asked_on", {}) else []))
    }
    later = {
        f"{SCHEDULED}{key}": [line for due in plan if due.key == key for line in due.lines]
        for key in asked_dues(case.fee)
    }
    return [
        _Moment(purpose, [payment for payment in made if _is_of(payment, purpose)], due_lines, refunds)
        for purpose, due_lines in (lines | later).items()
    ]


def _is_of(payment: Payment, purpose: str) -> bool:
    return payment.purpose == purpose or payment.purpose.startswith((f"{purpose}-{_CHANGE}-", f"{purpose}-rest-"))


def _settle(session: Session, case: Case, moment: _Moment) -> _Settled:
    firsts = [each for each in moment.payments if each.purpose == moment.purpose and each.status != "canceled"]
    before, due = sum(moment.held.values()), sum(moment.due.values())
    if len(firsts) == 1 and firsts[0].is_payable:
        (first,) = firsts
        if due:
            return _Settled(before, due, until=payments.change_payment(session, first, _items(moment)).pay_by)
        payments.cancel_payment(session, first)
        return _Settled(before, due)
    for payment in (*firsts, *moment.changes):  # several first ones: a counter took some of the lines alone
        if payment.is_payable:
            payments.cancel_payment(session, payment)
    moment = next(each for each in _moments(session, case) if each.purpose == moment.purpose)
    changes = _difference(case, moment)
    more = _ask(session, case, moment, {rule: yen for rule, yen in changes.items() if yen > 0})
    back = _refund_surplus(session, moment, {rule: -yen for rule, yen in changes.items() if yen < 0})
    return _Settled(before, due, more.amount if more else 0, back, more.pay_by if more else None)


def _difference(case: Case, moment: _Moment) -> dict[str, int]:
    """The yen by which each fee rule is short, or (below zero) too much; of lines that are not decided or measured, nothing."""
    held, due = moment.held, moment.due
    undecided = {line.get("id", "") for line in case.fee["lines"] if line["state"] in UNDECIDED} | set(
        case.fee.get("recomputed", {}).get("undecided", ())
    )
    rules = dict.fromkeys((*due, *held))
    changes = {rule: due.get(rule, 0) - held.get(rule, 0) for rule in rules if rule not in undecided}
    return {rule: yen for rule, yen in changes.items() if yen}


def _ask(session: Session, case: Case, moment: _Moment, missing: Mapping[str, int]) -> Payment | None:
    if not missing:
        return None
    lines, surveyed = {line.id: line for line in moment.lines}, _surveyed_rules(case)
    return payments.open_payment(
        session,
        case.id,
        [
            LineItem(
                lines[rule].label,
                yen,
                _SURVEYED if rule in surveyed else _DETAIL,
                id=rule,
                methods=lines[rule].methods,
            )
            for rule, yen in missing.items()
        ],
        title=f"{case.title} {case.number}",
        purpose=f"{moment.purpose}-{_CHANGE}-{len(moment.changes) + 1}",
        next_path=f"/me/cases/{case.public_id}",
        owner=ChargeOwner(case.department_id, case.procedure_key),
    )


def _surveyed_rules(case: Case) -> set[str]:
    """The rules whose lines stand on what somebody measured."""
    return {line["id"] for line in current_lines(case.fee) if line.get("survey", {}).get("figure") is not None}


def _refund_surplus(session: Session, moment: _Moment, surplus: Mapping[str, int]) -> int:
    """Propose to give back what is too much of each rule, of what was paid for it last; return the yen."""
    left, total = dict(surplus), 0
    for payment in moment.payments:
        refundable = payments.refundable_charges(session, payment) if payment.net_received else {}
        parts: dict[int, int] = {}
        for charge in reversed(payment.charges):
            part = min(left.get(charge.rule_id, 0), refundable.get(charge.id, 0))
            if part > 0:
                parts[charge.id] = part
                left[charge.rule_id] -= part
        if parts:
            payments.propose_refund(session, payment, parts, "correction")
            total += sum(parts.values())
    return total


def _items(moment: _Moment) -> list[LineItem]:
    return [
        LineItem(line.label, line.amount, line.explanation, id=line.id, methods=line.methods) for line in moment.lines
    ]
