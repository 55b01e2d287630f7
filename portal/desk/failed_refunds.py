"""Refunds that the provider could not make, or never had the money of: who must do what, and the ways out of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal.cases import confirm_repayment, retype_account, transfer_refund
from portal.cases.queries import case_for_staff, case_labels, case_labels_of
from portal.core.access import allow, right, staff_member
from portal.core.errors import Invalid
from portal.core.events import Actor
from portal.core.text import _
from portal.core.web import db
from portal.desk.forms import AccountForm
from portal.desk.rejected_action import RejectedAction, form_of, try_action
from portal.desk.viewing import record_list
from portal.payments import payments_of_refund, refunds_to_handle, retry_refund
from portal.payouts import repayments

bp = Blueprint("desk_failed_refunds", __name__, url_prefix="/desk/payments/failed-refunds")

MAX_ROWS = 200
_REASONS = {
    "expired_or_canceled_card": "カードの期限が切れているか、解約されています",
    "lost_or_stolen_card": "カードの紛失や盗難が届け出られています",
    "insufficient_funds": "決済会社にある市の残高が足りません",
    "declined": "カード会社が受け取りませんでした",
    "at_counter": "窓口や納付書で受け取ったお金です。レジで払うか、口座に振り込みます",
    "canceled": "決済会社の画面で取り消されました",
    "key_refused": "前の決済会社のアカウントが、もう使えません",
}
_NOT_TAKEN = "払った人が振込先の口座を知らせなかったか、決済会社の画面で取り消されました"
_NOT_REACHED = "払った人の口座に入りませんでした"


@dataclass(frozen=True)
class FailedRefund:
    """One refund that somebody must take on."""

    id: int
    order_id: int
    case_id: int
    number: str
    title: str
    amount: int
    failure: str | None
    since: datetime
    with_provider: bool

    @property
    def at_counter(self) -> bool:
        """Whether the provider never had the money: it is paid out of a till, or transferred."""
        return self.failure == "at_counter"

    @property
    def reason(self) -> str:
        """Why somebody must carry it out, for a cashier."""
        if self.with_provider:
            return _(_NOT_TAKEN if self.failure == "canceled" else _NOT_REACHED)
        return _(_REASONS.get(self.failure or "", "決済会社から、お金が市にもどりました"))


def failed_refunds() -> list[FailedRefund]:
    """Those of the departments of whoever is signed in, oldest first."""
    failed, cases = refunds_to_handle().c, case_labels().c
    query = (
        select(
            failed.id,
            failed.order_id,
            cases.id,
            cases.number,
            cases.title,
            failed.amount,
            failed.failure,
            failed.since,
            failed.with_provider,
        )
        .where(cases.id == failed.case_id, cases.department_id.in_(staff_member().departments("payment.refund")))
        .order_by(failed.id)
        .limit(MAX_ROWS)
    )
    return [FailedRefund(*row) for row in db().execute(query)]


@bp.get("")
@allow(right("payment.refund"))
def waiting() -> str:
    """What failed, and the transfers that wait for an account or a second person."""
    return _page()


@bp.post("/<int:refund_id>")
@allow(right("payment.refund"))
def handle(refund_id: int) -> ResponseReturnValue:
    """Send it again, or have it transferred to the account that was typed."""
    for payment in payments_of_refund(db(), refund_id):
        case = case_for_staff(db(), payment.case_id, staff_member())
        staff_member().require("payment.refund", case.department_id)
    form, actor = AccountForm(), _actor()
    ways: dict[str, Callable[[], object]] = {
        "retry": lambda: retry_refund(db(), refund_id, actor),
        "transfer": lambda: transfer_refund(db(), refund_id, form.account(), actor),
    }
    return _act(f"refund-{refund_id}", ways, form)


@bp.post("/transfers/<int:payout_id>")
@allow(right("payment.refund"))
def transfer(payout_id: int) -> ResponseReturnValue:
    """A second person's word on an account, or another account after the transfer came back."""
    form, actor, departments = AccountForm(), _actor(), staff_member().departments("payment.refund")
    ways: dict[str, Callable[[], object]] = {
        "confirm": lambda: confirm_repayment(db(), payout_id, actor, departments, agrees=True),
        "return": lambda: confirm_repayment(db(), payout_id, actor, departments, agrees=False),
        "transfer": lambda: retype_account(db(), payout_id, form.account(), actor, departments),
    }
    return _act(f"payout-{payout_id}", ways, form)


def _act(name: str, ways: dict[str, Callable[[], object]], form: AccountForm) -> ResponseReturnValue:
    def act() -> None:
        way = ways.get(form.act.data)
        if way is None:
            raise Invalid(_("どれか1つを選んでください。"))
        way()

    rejected = try_action(db(), name, act, form)
    return (_page(rejected), rejected.status) if rejected else redirect(url_for("desk_failed_refunds.waiting"), 303)


def _page(rejected: RejectedAction | None = None) -> str:
    rows = failed_refunds()
    transfers = repayments(db(), staff_member().departments("payment.refund"))
    rendered = render_template(
        "desk/failed_refunds.html",
        rows=rows,
        transfers=transfers,
        labels=case_labels_of(db(), [row.case_id for row in transfers]),
        rejected=rejected,
        form_of=lambda name: form_of(rejected, name, AccountForm),
    )
    record_list(db(), staff_member(), "payments failed refunds", len(rows) + len(transfers))
    return rendered


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)
