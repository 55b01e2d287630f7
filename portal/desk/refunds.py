"""Refunds at the desk, line by line: the charges of a case with what was paid and given back, and what is to go back of each."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases import Case, SeenVersion, decisions, moves, refundable_charges, seen_version
from portal.cases.moves import MoveInputs, MoveOption
from portal.cases.queries import case_for_staff
from portal.core.access import allow, right, staff_member
from portal.core.config import settings
from portal.core.errors import Conflict, Invalid
from portal.core.text import _
from portal.core.web import db
from portal.desk.forms import RefundByLineForm, whole_number
from portal.desk.listing import filter_arguments
from portal.desk.rejected_action import RejectedAction, try_action
from portal.desk.viewing import record_look
from portal.payments import Charge, ChargeRefund, payments_of_case, refunds_by_charge, second_person_above
from portal.procedures import definition_of

bp = Blueprint("desk_refunds", __name__, url_prefix="/desk")

_DIGITS = 9


@dataclass(frozen=True)
class RefundLine:
    """One charge of the case: `left` yen of it can still go back; `refunds` are those of it so far; `typed` is the amount as it was typed."""

    charge: Charge
    left: int
    refunds: list[ChargeRefund]
    typed: str


@bp.get("/cases/<int:case_id>/refund")
@allow(right("payment.refund"))
def choose(case_id: int) -> ResponseReturnValue:
    """What was paid, line by line, and the form that gives it back."""
    case = case_for_staff(db(), case_id, staff_member())
    staff_member().require("payment.refund", case.department_id)
    if _refunding_move(case) is None:
        return _to_case(case)
    return _page(case, _form_class(case)(formdata=None, seen=str(seen_version(db(), case))))


@bp.post("/cases/<int:case_id>/refund")
@allow(right("payment.refund"))
def refund(case_id: int) -> ResponseReturnValue:
    """Give back what was chosen: a decision like others, which can be taken back for a moment and may wait for a second person."""
    staff = staff_member()
    case = case_for_staff(db(), case_id, staff)
    staff.require("payment.refund", case.department_id)
    form = _form_class(case)()

    def act() -> None:
        move = _refunding_move(case)
        if move is None:
            raise Conflict(_("この案件は、いま返金できません。いまの状態を確かめてください。"))
        inputs = MoveInputs(note=form.note.data, refund_parts=_parts(case, form))
        seen = SeenVersion.parse(form.seen.data)
        decisions.decide(db(), case.id, move.id, staff, inputs, seen=seen)

    rejected = try_action(db(), "refund", act, form)
    if rejected:
        return _page(case, form, rejected), rejected.status
    return _to_case(case)


def _refunding_move(case: Case) -> MoveOption | None:
    """The move by which this member of staff may give money of the case back now."""
    options = moves.available(case, definition_of(db(), case.version_id), moves.roles_in(staff_member(), case))
    return next((option for option in options if option.chooses_refund), None)


def _parts(case: Case, form: RefundByLineForm) -> dict[int, int]:
    """Yen by charge: all that is left of those chosen whole, and what was typed beside others. Raises Invalid for what is no amount."""
    parts, faults = {}, {}
    for charge_id, left in refundable_charges(db(), payments_of_case(db(), case.id)).items():
        typed = form.typed(charge_id)
        if str(charge_id) in form.whole.data:
            parts[charge_id] = left
        elif typed:
            amount = whole_number(typed, digits=_DIGITS)
            if amount is None:
                faults[f"amount-{charge_id}"] = _("金額は、数字で入力してください。")
            else:
                parts[charge_id] = amount
    if faults:
        raise Invalid(next(iter(faults.values())), faults)
    return parts


def _form_class(case: Case) -> type[RefundByLineForm]:
    return RefundByLineForm.of_charges(refundable_charges(db(), payments_of_case(db(), case.id)))


def _page(case: Case, form: RefundByLineForm, rejected: RejectedAction | None = None) -> str:
    made = payments_of_case(db(), case.id)
    left, refunds = refundable_charges(db(), made), refunds_by_charge(db(), case.id)
    lines = [
        RefundLine(charge, left.get(charge.id, 0), refunds.get(charge.id, []), form.typed(charge.id))
        for payment in reversed(made)
        for charge in payment.charges
    ]
    rendered = render_template(
        "desk/refund.html",
        case=case,
        lines=lines,
        disputed=any(payment.review_reason == "dispute" for payment in made),
        form=form,
        rejected=rejected,
        limit=second_person_above(db()),
        hold_seconds=settings().decision_hold_seconds,
        back=_address(case),
    )
    record_look(db(), staff_member(), case=case)
    return rendered


def _address(case: Case) -> str:
    return url_for("desk.case", case_id=case.id, **filter_arguments(request.args))


def _to_case(case: Case) -> ResponseReturnValue:
    return redirect(_address(case), 303)
