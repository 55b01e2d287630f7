"""The fee of a case as frozen at submission, and its payments: requested, cancelled, refunded."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, TypedDict

from sqlalchemy.orm import Session

from forms import Due, Fee, due_at, dues, first_payment
from portal import payments
from portal.cases.answers import open_answers
from portal.cases.bundle_models import Bundle
from portal.cases.events import of_case
from portal.cases.fee_changes import UNSETTLED, settle_fee_change
from portal.cases.models import Case
from portal.cases.notices import notify
from portal.cases.payment_days import latest_payment_day
from portal.cases.reductions import ASKED, UNDECIDED, totals, with_decisions
from portal.cases.scheduled_fees import (
    KEPT_WITH_FEE,
    asked_dues,
    begin_schedule,
    end_schedule,
    outstanding_dues,
    plan_of,
    refresh_schedule,
)
from portal.core.clock import today
from portal.core.database import city_of
from portal.core.errors import Conflict, Invalid
from portal.core.events import SYSTEM, Actor, record
from portal.core.text import _
from portal.payments import Payment, payments_of_case
from portal.procedures import definition_of


def fee_record(fee: Fee) -> dict[str, Any]:
    """What the case keeps: every line with its id and its words in every language, and the yen due at submission and at approval.

    Cases of before the lines had ids keep their words as plain strings, in the language of the applicant.
    """
    return {**fee.as_dict(), "due": {"submission": fee.due("submission"), "approved": fee.due("approved")}}


class RecomputedFee(TypedDict):
    """What a correction makes of a fee that was asked for at submission: the right yen, line by line, beside those asked for.

    `undecided` are the rules for which the corrected answers ask a reduction: a person decides it, and until then they stay as they are.
    """

    due: int
    lines: list[dict[str, Any]]
    undecided: list[str]


def fee_after_correction(before: dict[str, Any], fee: Fee) -> dict[str, Any]:
    """The record after a correction: what is due at approval is worked out again, what was due at submission stays as frozen.

    Where the corrected answers make another fee at submission, or of the later payments that follow from it, that stands beside it as
    `recomputed` (`RecomputedFee`).
    """
    after = fee_record(fee)
    kept = [line for line in before["lines"] if line["when"] == "submission"]
    charged = {(line.get("id"), line.get("row")) for line in kept}
    later = [
        line
        for line in with_decisions(before["lines"], after["lines"])
        # A reduction of what was asked for already is money given back, which the office decides by the difference.
        if line["when"] == "approved" and not (line["state"] == ASKED and (line["id"], line["row"]) in charged)
    ]
    lines = kept + later
    due = {
        "submission": before["due"]["submission"],
        "approved": due_at(later, "approved"),
    }
    frozen = {"lines": lines, "total": sum(line["amount"] or 0 for line in lines), "due": due}
    right = RecomputedFee(
        due=after["due"]["submission"],
        lines=[line for line in after["lines"] if line["when"] == "submission"],
        undecided=[line["id"] for line in after["lines"] if line["state"] in UNDECIDED],
    )
    is_same = _payments(right["lines"]) == _payments(kept) and _figures(right["lines"]) == _figures(kept)
    return frozen if is_same else frozen | {"recomputed": right}


def fee_with_line(fee: Mapping[str, Any], line: dict[str, Any]) -> dict[str, Any]:
    """The record with one line worked out again, which was there before. What was asked for at submission stays as frozen, with the new line beside it."""
    if line["when"] == "approved":
        return {**fee, **totals(_replaced(fee["lines"], line))}
    given: RecomputedFee | None = fee.get("recomputed")
    submitted = given["lines"] if given else [each for each in fee["lines"] if each["when"] == "submission"]
    lines = _replaced(submitted, line)
    undecided = given["undecided"] if given else []
    return {**fee, "recomputed": RecomputedFee(due=due_at(lines, "submission"), lines=lines, undecided=undecided)}


def _replaced(lines: Iterable[dict[str, Any]], line: dict[str, Any]) -> list[dict[str, Any]]:
    return [line if (each.get("id"), each.get("row")) == (line["id"], line["row"]) else each for each in lines]


def _figures(lines: Iterable[dict[str, Any]]) -> list[Any]:
    return [line["survey"]["figure"] for line in lines if "survey" in line]


def _payments(lines: Iterable[dict[str, Any]]) -> dict[tuple[str, str], int]:
    """What lines ask for, now and later: the yen of each rule, by the key of the payment and the rule."""
    yen: dict[tuple[str, str], int] = {}
    for due in dues(lines, submitted_on=None, approved_on=None):
        for line in due.lines:
            yen[due.key, line.id] = yen.get((due.key, line.id), 0) + line.amount
    return yen


def recompute_fee(session: Session, case: Case, fee: Fee) -> None:
    """Take over what corrected answers make of the fee, record it when that is another sum than before, and settle the difference.

    Payments that are asked for later ask for what the corrected answers make of them; the applicant is written to about both.
    """
    kept = {name: case.fee[name] for name in (*KEPT_WITH_FEE, UNSETTLED) if name in case.fee}
    take_over_fee(session, case, fee_after_correction(case.fee, fee) | kept)


def take_over_fee(session: Session, case: Case, fee: dict[str, Any]) -> bool:
    """Put a record in place of the one before, and settle what that changes; whether it changed what is asked for. Its row must be locked."""
    before, later_before = _due_now(case.fee), _yen(outstanding_dues(case.fee))
    case.fee = fee
    refresh_schedule(case)
    right, later = _due_now(case.fee), _yen(outstanding_dues(case.fee))
    if right == before and later == later_before:
        return False
    payments.lock_orders_of_cases(session, [case.id])
    if later != later_before:
        record(session, of_case(case.id), "case.later_fees_recomputed", SYSTEM, before=later_before, due=later)
        notify(session, case, "later_fees_changed", before=later_before, amount=later)
    if right == before:
        return True
    record(
        session,
        of_case(case.id),
        "case.fee_recomputed",
        SYSTEM,
        before=sum(before.values()),
        due=sum(right.values()),
    )
    settle_fee_change(session, case)
    return True


def _due_now(fee: Mapping[str, Any]) -> dict[str, int]:
    """Return the yen that the answers make due of each rule, of everything that was asked for by now."""
    asked_on = fee.get("asked_on", {})
    yen: dict[str, int] = {}
    for due in plan_of(fee):
        is_first = due.number == 1 and (due.moment == "submission" or due.moment in asked_on)
        if is_first or due.key in asked_dues(fee):
            for line in due.lines:
                yen[line.id] = yen.get(line.id, 0) + line.amount
    return yen


def _yen(plan: Iterable[Due]) -> int:
    return sum(due.amount for due in plan)


def _lines(lines: Iterable[dict[str, Any]], moment: str) -> list[payments.LineItem]:
    return [
        payments.LineItem(
            line["label"],
            first_payment(line),
            line["explanation"],
            id=line.get("id", ""),
            methods=line.get("methods", ()),
        )
        for line in lines
        if line["when"] == moment and first_payment(line)
    ]


def open_fee(session: Session, case: Case, moment: str) -> Payment:
    """Request what is due at that moment (`submission` or `approved`), line by line."""
    lines = _lines(case.fee["lines"], moment)
    title = f"{case.title} {case.number}"
    begin_schedule(case, moment)
    return payments.open_payment(
        session,
        case.id,
        lines,
        title=title,
        purpose=moment,
        next_path=_page_once_paid(session, case, moment),
        owner=payments.ChargeOwner(case.department_id, case.procedure_key),
        pay_by=_last_day(case.fee, moment),
        latest=_latest_day(session, case, moment),
    )


def _page_once_paid(session: Session, case: Case, moment: str) -> str:
    """The receipt of what was sent, which is one for all that was sent together; later the case as it then stands."""
    if moment != "submission":
        return f"/me/cases/{case.public_id}"
    if case.bundle_id is None:
        return f"/done/{case.public_id}"
    return f"/bundles/{session.get_one(Bundle, case.bundle_id).public_id}/done"


def _last_day(fee: dict[str, Any], moment: str) -> date | None:
    """The day by which what is asked for at a moment, which is today, must be paid; None where the definition leaves it to the city."""
    plan = dues(fee["lines"], submitted_on=today(), approved_on=today() if moment == "approved" else None)
    days = [due.pay_by for due in plan if due.moment == moment and due.number == 1]
    return min((day for day in days if day is not None), default=None)


def _latest_day(session: Session, case: Case, moment: str) -> date | None:
    """The last day on which what is asked for today is in time for what waits for it, see `latest_payment_day`."""
    definition = definition_of(session, case.version_id)
    rules = definition.capacity if moment == "submission" else ()
    return latest_payment_day(definition, open_answers(city_of(session), case.answers), rules)


def cancel_open_fees(session: Session, case: Case) -> None:
    """Cancel the unpaid payments of a case that was refused or withdrawn, and ask for no later ones."""
    end_schedule(case)
    for payment in payments_of_case(session, case.id):
        if payment.is_payable:
            payments.cancel_payment(session, payment)


def refundable_amount(session: Session, made: Iterable[Payment]) -> int:
    """Return the yen of a case's payments that can still be refunded."""
    return sum(refundable_charges(session, made).values())


def refundable_charges(session: Session, made: Iterable[Payment]) -> dict[int, int]:
    """Return the yen of each charge of a case's payments, by its id, that can still be refunded."""
    paid = [payment for payment in made if payment.status in {"paid", "needs_review"}]
    left = {charge: yen for payment in paid for charge, yen in payments.refundable_charges(session, payment).items()}
    return {charge: yen for charge, yen in left.items() if yen > 0}


def refuse_while_disputed(session: Session, case: Case) -> None:
    """Raise Conflict while a cardholder contests a payment of the case: nothing is issued, given back or ended on money that may be gone."""
    if any(payment.review_reason == "dispute" for payment in payments_of_case(session, case.id)):
        raise Conflict(
            _(
                "この手続きの支払いに、カードの持ち主から異議が出ています。結果が出るまで、手続きを終えることはできません。"
            )
        )


def refund_faults(parts: Mapping[int, int], refundable: Mapping[int, int]) -> dict[str, str]:
    """What is wrong with yen to give back by charge, as sentences by field (`amount-` and the charge's id)."""
    limits = {
        charge: refundable.get(charge, 0) for charge, yen in parts.items() if not 0 < yen <= refundable.get(charge, 0)
    }
    return {
        f"amount-{charge}": _("返す金額は、1円から{most}円までにしてください。", most=f"{most:,}")
        if most
        else _("この料金には、返せる金額がありません。")
        for charge, most in limits.items()
    }


def refund(
    session: Session, case: Case, actor: Actor, reason: str, parts: Mapping[int, int] | None, *, by_rule: bool
) -> int:
    """Refund so many yen of each charge (`parts`, by its id), or all that was paid; return the yen that are under way at once.

    With a refusal the city's own rule asks for it (`by_rule`), so no second person is needed for all of it; a clerk's own wish may need one,
    judged by the sum of all parts. Raises Invalid for more than can be given back.
    """
    made = payments_of_case(session, case.id)
    refundable = refundable_charges(session, made)
    chosen = refundable if parts is None else parts
    if faults := refund_faults(chosen, refundable):
        raise Invalid(next(iter(faults.values())), faults)
    under_way = 0
    for payment in made:
        mine = {charge.id: chosen[charge.id] for charge in payment.charges if charge.id in chosen}
        if mine:
            requested = payments.request_refund(
                session,
                payment,
                None,
                reason,
                actor=SYSTEM if by_rule and parts is None else actor,
                parts=mine,
                together=sum(chosen.values()),
            )
            under_way += 0 if requested.status == "requested" else requested.amount
    return under_way


def refund_lines(session: Session, case: Case, rule_ids: Collection[str], reason: str) -> int:
    """Refund what was paid for the lines of these fee rules, by the city's own rule; return the yen."""
    total = 0
    for payment in payments_of_case(session, case.id):
        refundable = payments.refundable_charges(session, payment) if payment.net_received else {}
        of_rules = {charge.id for charge in payment.charges if charge.rule_id in rule_ids}
        parts = {charge_id: left for charge_id, left in refundable.items() if charge_id in of_rules and left}
        if parts:
            payments.request_refund(session, payment, None, reason, parts=parts)
            total += sum(parts.values())
    return total
