"""The fees of a case at the desk, line by line: what was asked for, waived, paid and given back, and waiving (減免) with a proof."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases import Case, WaiverInputs, decide_waiver, take_back_waiver, waive_fee
from portal.cases.queries import case_for_staff
from portal.core.access import allow, right, staff_member
from portal.core.errors import Invalid
from portal.core.events import Actor
from portal.core.text import _, pick, yen
from portal.core.web import db
from portal.desk.fee_forms import WaiverDecisionForm, WaiverForm
from portal.desk.listing import filter_arguments
from portal.desk.rejected_action import RejectedAction, try_action
from portal.desk.viewing import record_look
from portal.files import Accepted, Upload, files_of_case, inspect_upload
from portal.payments import (
    Charge,
    ChargeRefund,
    ChargeWaiver,
    case_of_waiver,
    payments_of_case,
    refunds_by_charge,
    second_person_above,
    waivable_charges,
    waivers_by_charge,
)

bp = Blueprint("desk_fees", __name__, url_prefix="/desk")


@dataclass(frozen=True)
class FeeLine:
    """One charge of the case: `left` yen of it can be waived now."""

    charge: Charge
    left: int
    waivers: list[ChargeWaiver]
    refunds: list[ChargeRefund]


@bp.get("/cases/<int:case_id>/fees")
@allow(right("payment.see"))
def fees(case_id: int) -> str:
    """Every line with its amounts and states, the waivers so far, and the form of a new one for who may waive."""
    return _page(_case(case_id, "payment.see"), WaiverForm(formdata=None))


@bp.post("/cases/<int:case_id>/fees")
@allow(right("payment.waive"))
def waive(case_id: int) -> ResponseReturnValue:
    """Waive a line, or propose it to a second person."""
    case, form = _case(case_id, "payment.waive"), WaiverForm()

    def act() -> None:
        if not form.charge.data.isdigit():
            sentence = _("減免する料金を選んでください。")
            raise Invalid(sentence, {"charge": sentence})
        inputs = WaiverInputs(
            charge_id=int(form.charge.data),
            amount=form.yen,
            reason=form.reason.data,
            proof=form.proof.data,
            added=_added(form),
        )
        waive_fee(db(), case.id, inputs, _actor())

    return _answer(case, try_action(db(), "waive", act, form), form)


@bp.post("/waivers/<int:waiver_id>")
@allow(right("payment.waive"))
def decide(waiver_id: int) -> ResponseReturnValue:
    """A second person's word on a waiver, or taking one back while the line is not settled."""
    case, form = _case(case_of_waiver(db(), waiver_id), "payment.waive"), WaiverDecisionForm()
    ways: dict[str, Callable[[], object]] = {
        "approve": lambda: decide_waiver(db(), waiver_id, _actor(), granted=True),
        "reject": lambda: decide_waiver(db(), waiver_id, _actor(), granted=False),
        "revoke": lambda: take_back_waiver(db(), waiver_id, _actor()),
    }

    def act() -> None:
        way = ways.get(form.act.data)
        if way is None:
            raise Invalid(_("どれか1つを選んでください。"))
        way()

    return _answer(case, try_action(db(), "decide", act, form), WaiverForm(formdata=None))


def _case(case_id: int, needed: str) -> Case:
    case = case_for_staff(db(), case_id, staff_member())
    staff_member().require(needed, case.department_id)
    return case


def _added(form: WaiverForm) -> Accepted | None:
    upload = form.added.data
    return inspect_upload("added", Upload(upload.filename or "", upload.stream)) if upload else None


def _answer(case: Case, rejected: RejectedAction | None, form: WaiverForm) -> ResponseReturnValue:
    if rejected:
        return _page(case, form, rejected), rejected.status
    return redirect(url_for("desk_fees.fees", case_id=case.id, **filter_arguments(request.args)), 303)


def _page(case: Case, form: WaiverForm, rejected: RejectedAction | None = None) -> str:
    waivers, refunds = waivers_by_charge(db(), case.id), refunds_by_charge(db(), case.id)
    lines = []
    for payment in reversed(payments_of_case(db(), case.id)):
        left = waivable_charges(db(), payment)
        lines += [
            FeeLine(charge, left[charge.id], waivers.get(charge.id, []), refunds.get(charge.id, []))
            for charge in payment.charges
        ]
    files = files_of_case(db(), case.id)
    form.charge.choices = [
        (str(line.charge.id), f"{pick(line.charge.title, 'ja')} ({_('{amount}まで', amount=yen(line.left))})")
        for line in lines
        if line.left
    ]
    form.proof.choices = [("", _("下で添付する")), *((file.public_id, file.name) for file in files)]
    rendered = render_template(
        "desk/fees.html",
        case=case,
        lines=lines,
        form=form,
        rejected=rejected,
        limit=second_person_above(db()),
        files={file.public_id: file for file in files},
        back=url_for("desk.case", case_id=case.id, **filter_arguments(request.args)),
        query=request.query_string.decode(),
    )
    record_look(db(), staff_member(), case=case)
    return rendered


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)
