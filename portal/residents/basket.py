"""The basket: every fee of this visitor that is still to pay, over applications and departments, paid in one go."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.cases import Case
from portal.cases.queries import case_by_public_id
from portal.core.access import PUBLIC, allow
from portal.core.errors import Conflict, Unavailable
from portal.core.tenancy import current_city
from portal.core.text import _, pick, yen
from portal.core.web import commit_before_call, db
from portal.identity import list_departments
from portal.payments import Payment, gather_charges, payments_of_cases
from portal.residents import visitor_access
from portal.residents.blueprint import bp
from portal.residents.forms import BasketForm
from portal.residents.money_lines import MoneyLine, charge_lines, second_lines
from portal.residents.payment_choice import limits_of, payment_form
from portal.residents.status import shown_cases


@dataclass(frozen=True)
class BasketEntry:
    """One payment that is asked of an application; `key` names it in the form, by the first of its charges."""

    payment: Payment
    case: Case
    department: str

    @property
    def key(self) -> int:
        """The id of its first charge."""
        return self.payment.charges[0].id

    @property
    def can_be_chosen(self) -> bool:
        """Whether it can be paid together with others: no voucher is out for it."""
        return self.payment.is_payable and self.payment.status != "pending"

    def asks_for(self, line: MoneyLine) -> bool:
        """Whether a line is one of this payment."""
        return (line.payment, line.case_id) == (self.payment.public_id, self.payment.case_id)


@bp.get("/me/basket")
@allow(PUBLIC)
def basket() -> str:
    """What can be paid together; without a choice in the address everything is chosen."""
    entries = basket_entries(db(), visitor_access.cases(db()))
    everything = [str(entry.key) for entry in entries]
    return _page(entries, _chosen(entries, request.args.getlist("charge") or everything))


@bp.post("/me/basket")
@allow(PUBLIC)
def pay_basket() -> Response | str | tuple[str, int]:
    """Pay what was chosen, for the total that the page showed; when it is another by now, that is shown first."""
    entries = basket_entries(db(), visitor_access.cases(db()))
    form = BasketForm()
    chosen = _chosen(entries, form.charge.data)
    if form.share.data and chosen:
        return redirect(url_for("residents.payment_link", charge=[entry.key for entry in chosen]), 303)
    if form.recount.data:
        return redirect(url_for("residents.basket", charge=[entry.key for entry in chosen] or 0), 303)
    if not chosen:
        return _page(entries, chosen, _("支払う料金を、1つ以上選んでください。")), 422
    total = sum(entry.payment.amount for entry in chosen)
    if form.total.data != str(total):
        return _page(
            entries, chosen, _("合計は{amount}です。確かめてから、もう一度押してください。", amount=yen(total))
        ), 409
    charge_ids = [charge.id for entry in chosen for charge in entry.payment.charges]
    commit_before_call()
    try:
        public_id = gather_charges(current_city().key, charge_ids, next_path="/me/payments/{order}")
    except (Conflict, Unavailable) as fault:
        entries = basket_entries(db(), visitor_access.cases(db()))
        return _page(entries, _chosen(entries, form.charge.data), _(fault.message)), 409 if isinstance(
            fault, Conflict
        ) else 503
    # 307 sends the same form on, with its token and the chosen method, so that one press is enough
    return redirect(url_for("payments.start", public_id=public_id), 307)


def payable_cases(database: Session) -> list[Case]:
    """The cases whose fees this visit may pay: its own, and those that it found by a number."""
    mine = visitor_access.cases(database)
    by_number = [public_id for public_id in shown_cases() if public_id not in {case.public_id for case in mine}]
    return [*mine, *(case for public_id in by_number if (case := case_by_public_id(database, public_id)) is not None)]


def basket_entries(database: Session, cases: Collection[Case]) -> list[BasketEntry]:
    """Return what is still to pay for these cases, oldest first: two statements, however many there are."""
    by_id = {case.id: case for case in cases}
    departments = {department.id: pick(department.title) for department in list_departments(database, with_closed=True)}
    payments = [
        payment for of_case in payments_of_cases(database, by_id).values() for payment in of_case if payment.is_payable
    ]
    return [
        BasketEntry(payment, by_id[payment.case_id], departments[by_id[payment.case_id].department_id])
        for payment in sorted(payments, key=lambda payment: payment.charges[0].id)
    ]


def _chosen(entries: Collection[BasketEntry], keys: Collection[str]) -> list[BasketEntry]:
    return [entry for entry in entries if entry.can_be_chosen and str(entry.key) in keys]


def _page(entries: list[BasketEntry], chosen: list[BasketEntry], fault: str = "") -> str:
    total = sum(entry.payment.amount for entry in chosen)
    lines = charge_lines(db(), [entry.payment for entry in entries])
    return render_template(
        "residents/basket.html",
        entries=entries,
        chosen={entry.key for entry in chosen},
        total=total,
        form=payment_form(total, limits_of(charge for entry in chosen for charge in entry.payment.charges)),
        fault=fault,
        lines={entry.key: [line for line in lines if entry.asks_for(line)] for entry in entries},
        twice=second_lines(db(), [case.id for case in visitor_access.cases(db())]),
    )
