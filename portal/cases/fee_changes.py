"""What a correction makes of a fee that was asked for: the difference is asked for by line, or proposed to be given back.

What the city keeps, asks for and has waived of each line is made the same as what is due by the corrected answers. So it is settled
once, however often it is called, and again after each further correction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from forms import first_payment
from portal import payments
from portal.cases.models import Case
from portal.cases.notices import notify
from portal.cases.reductions import ASKED
from portal.payments import Charge, ChargeOwner, LineItem, Payment, payments_of_case

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
    """What was asked for at one moment: the payments of it, and the lines that are due by the answers as they are now."""

    name: str
    payments: Sequence[Payment]
    lines: Sequence[dict[str, Any]]

    @property
    def due(self) -> dict[str, int]:
        """The yen that are due of each fee rule."""
        yen: dict[str, int] = {}
        for line in self.lines:
            yen[line.get("id", "")] = yen.get(line.get("id", ""), 0) + first_payment(line)
        return yen


def settle_fee_change(session: Session, case: Case) -> None:
    """Ask for the difference of every line, or propose to give it back, and write to the applicant. The case's row must be locked.

    While a voucher is out, or money is under review, everything waits for its end: then it is called again (`settle_waiting_change`).
    """
    moments = [_moment(session, case, name) for name in _asked_moments(case.fee)]
    waits = any(payment.status in {"pending", "needs_review"} for moment in moments for payment in moment.payments)
    case.fee = {name: part for name, part in case.fee.items() if name != UNSETTLED} | (
        {UNSETTLED: True} if waits else {}
    )
    if waits:
        return
    if not any(_difference(session, case, moment) for moment in moments):
        return
    payments.withdraw_proposals(session, case.id, "correction")
    for moment in moments:
        _settle(session, case, moment)


def settle_waiting_change(session: Session, case: Case) -> None:
    """Settle what waited for the end of a payment. The case's row must be locked."""
    if case.fee.get(UNSETTLED) and case.closed_at is None:
        settle_fee_change(session, case)


def fee_difference(session: Session, case: Case) -> FeeDifference | None:
    """The difference between what the corrected answers make due and what is kept and asked for; None without one."""
    if "recomputed" not in case.fee and not case.fee.get(UNSETTLED):
        return None
    moments = [_moment(session, case, name) for name in _asked_moments(case.fee)]
    held = sum(sum(_held(session, case, moment).values()) for moment in moments)
    due = sum(sum(moment.due.values()) for moment in moments)
    waiting = any(payment.is_payable for moment in moments for payment in moment.payments)
    change = FeeDifference(held, due, paid=not waiting)
    return change if change.difference else None


def _asked_moments(fee: Mapping[str, Any]) -> list[str]:
    return ["submission", *(["approved"] if "approved" in fee.get("asked_on", {}) else [])]


def _moment(session: Session, case: Case, name: str) -> _Moment:
    made = [payment for payment in payments_of_case(session, case.id) if payment.purpose.split("-")[0] == name]
    recomputed = case.fee.get("recomputed") if name == "submission" else None
    lines = recomputed["lines"] if recomputed else [line for line in case.fee["lines"] if line["when"] == name]
    return _Moment(name, made, lines)


def _held(session: Session, case: Case, moment: _Moment) -> dict[str, int]:
    """The yen of each fee rule that are kept, asked for or waived. The rest of a payment that fell short belongs to its first charges."""
    refunds = payments.refunds_by_charge(session, case.id)
    yen: dict[str, int] = {}
    for charge in _charges(moment.payments):
        back = sum(
            refund.amount
            for refund in refunds.get(charge.id, ())
            if refund.status not in {"canceled", "failed"} and refund.grounds not in {"waiver", "surplus"}
        )
        yen[charge.rule_id] = yen.get(charge.rule_id, 0) + charge.amount - back
    return yen


def _charges(made: Iterable[Payment]) -> list[Charge]:
    return [
        charge
        for payment in made
        for charge in payment.charges
        if "-rest-" not in payment.purpose and (payment.status != "canceled" or charge.status == "waived")
    ]


def _settle(session: Session, case: Case, moment: _Moment) -> None:
    first = next((payment for payment in moment.payments if payment.purpose == moment.name), None)
    before = sum(_held(session, case, moment).values())
    due = sum(moment.due.values())
    if _difference(session, case, moment) == {}:
        return
    missing = back = 0
    until = None
    if first is not None and first.is_payable:
        if due:
            until = payments.change_payment(session, first, _items(moment)).pay_by
        else:
            payments.cancel_payment(session, first)
    else:
        for payment in moment.payments:
            if payment.is_payable and payment.purpose.startswith(f"{moment.name}-{_CHANGE}-"):
                payments.cancel_payment(session, payment)
        moment = _moment(session, case, moment.name)
        changes = _difference(session, case, moment)
        more = _ask(session, case, moment, {rule: yen for rule, yen in changes.items() if yen > 0})
        missing, until = (more.amount, more.pay_by) if more else (0, None)
        back = _give_back(session, moment, {rule: -yen for rule, yen in changes.items() if yen < 0})
    notify(session, case, "fee_changed", before=before, amount=due, missing=missing, back=back, until=until)


def _difference(session: Session, case: Case, moment: _Moment) -> dict[str, int]:
    """The yen by which each fee rule is short, or (below zero) too much; of lines whose reduction is asked for and not decided, nothing."""
    held, due = _held(session, case, moment), moment.due
    undecided = {line.get("id", "") for line in case.fee["lines"] if line["state"] == ASKED} | set(
        case.fee.get("recomputed", {}).get("undecided", ())
    )
    rules = dict.fromkeys((*due, *held))
    changes = {rule: due.get(rule, 0) - held.get(rule, 0) for rule in rules if rule not in undecided}
    return {rule: yen for rule, yen in changes.items() if yen}


def _ask(session: Session, case: Case, moment: _Moment, missing: Mapping[str, int]) -> Payment | None:
    if not missing:
        return None
    labels = {line.get("id", ""): line["label"] for line in moment.lines}
    count = sum(payment.purpose.startswith(f"{moment.name}-{_CHANGE}-") for payment in moment.payments)
    return payments.open_payment(
        session,
        case.id,
        [LineItem(labels[rule], yen, _DETAIL, id=rule) for rule, yen in missing.items()],
        title=f"{case.title} {case.number}",
        purpose=f"{moment.name}-{_CHANGE}-{count + 1}",
        next_path=f"/me/cases/{case.public_id}",
        owner=ChargeOwner(case.department_id, case.procedure_key),
    )


def _give_back(session: Session, moment: _Moment, surplus: Mapping[str, int]) -> int:
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
        LineItem(line["label"], first_payment(line), line["explanation"], id=line.get("id", ""))
        for line in moment.lines
        if first_payment(line)
    ]
