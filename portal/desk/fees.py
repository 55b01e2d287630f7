"""The fees of a case at the desk, line by line: what was asked for, waived, paid and given back, and waiving (減免) with a proof."""

from dataclasses import dataclass
from functools import partial

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.cases import Case, WaiverInputs, decide_waiver, take_back_waiver, waive_fee
from portal.core.access import allow, right
from portal.core.errors import Invalid
from portal.core.text import _, pick, yen
from portal.core.web import db
from portal.desk.fee_forms import DecisionForm, WaiverForm
from portal.desk.fee_pages import answer, case_of_page, fee_actor, fee_page, try_decision
from portal.desk.rejected_action import RejectedAction, try_action
from portal.files import files_of_case
from portal.payments import (
    Charge,
    ChargeRefund,
    ChargeWaiver,
    case_of_waiver,
    payments_of_case,
    refunds_by_charge,
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
    return _page(case_of_page(case_id, "payment.see"), WaiverForm(formdata=None))


@bp.post("/cases/<int:case_id>/fees")
@allow(right("payment.waive"))
def waive(case_id: int) -> ResponseReturnValue:
    """Waive a line, or propose it to a second person."""
    case, form = case_of_page(case_id, "payment.waive"), WaiverForm()

    def act() -> None:
        if not form.charge.data.isdigit():
            sentence = _("減免する料金を選んでください。")
            raise Invalid(sentence, {"charge": sentence})
        inputs = WaiverInputs(
            charge_id=int(form.charge.data),
            amount=form.yen,
            reason=form.reason.data,
            proof=form.proof.data,
            added=form.inspected,
        )
        waive_fee(db(), case.id, inputs, fee_actor())

    rejected = try_action(db(), "waive", act, form)
    return answer(case, "desk_fees.fees", rejected, lambda: _page(case, form, rejected))


@bp.post("/waivers/<int:waiver_id>")
@allow(right("payment.waive"))
def decide(waiver_id: int) -> ResponseReturnValue:
    """A second person's word on a waiver, or taking one back while the line is not settled."""
    case = case_of_page(case_of_waiver(db(), waiver_id), "payment.waive")
    settle = partial(decide_waiver, db(), waiver_id, fee_actor())
    ways = {
        "approve": partial(settle, granted=True),
        "reject": partial(settle, granted=False),
        "revoke": partial(take_back_waiver, db(), waiver_id, fee_actor()),
    }
    rejected = try_decision(DecisionForm(), ways)
    return answer(case, "desk_fees.fees", rejected, lambda: _page(case, WaiverForm(formdata=None), rejected))


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
    form.offer(files)
    return fee_page("desk/fees.html", case, files, lines=lines, form=form, rejected=rejected)
