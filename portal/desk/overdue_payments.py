"""Payments whose last day is over, and the demands (督促状) that a cashier issues for them: chosen, read once more, issued, and fetched."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal.cases import demand
from portal.cases.queries import case_labels, cases_of_departments
from portal.core.access import allow, right, staff_member
from portal.core.clock import today
from portal.core.errors import Invalid, NotFound
from portal.core.events import Actor
from portal.core.text import _
from portal.core.web import db
from portal.desk.forms import DemandForm, whole_number
from portal.desk.rejected_action import RejectedAction, try_action
from portal.desk.viewing import record_list
from portal.documents import Document, documents_by_reference
from portal.payments import demand_day, overdue_payments, slip_reference

bp = Blueprint("desk_overdue_payments", __name__, url_prefix="/desk/payments/overdue")

MAX_ROWS = 200
"""On one page, the oldest first; what was demanded leaves room for the next."""


@dataclass(frozen=True)
class Overdue:
    """One payment of one case whose last day is over."""

    order_id: int
    case_id: int
    number: str
    title: str
    purpose: str
    amount: int
    pay_by: date
    demanded_at: datetime | None
    demand_by: date | None
    document: Document | None = None
    """The paper of the demand, once there is one."""

    @property
    def key(self) -> str:
        """What a form names it by."""
        return f"{self.case_id}-{self.order_id}"

    @property
    def days(self) -> int:
        """Days since the last day."""
        return (today() - self.pay_by).days

    @property
    def may_be_demanded(self) -> bool:
        """Whether a demand can be issued: once, and not for what is paid before an application counts as received."""
        return self.demanded_at is None and not self.purpose.startswith("submission")


def overdue() -> list[Overdue]:
    """Those of the departments of whoever is signed in, oldest first."""
    late, cases = overdue_payments().c, case_labels().c
    columns = (late.id, cases.id, cases.number, cases.title, late.purpose, late.amount, late.pay_by)
    query = (
        select(*columns, late.demanded_at, late.demand_by)
        .where(cases.id == late.case_id, cases.department_id.in_(staff_member().departments("payment.demand")))
        .order_by(late.demanded_at.is_not(None), late.pay_by, late.id)
        .limit(MAX_ROWS)
    )
    rows = [Overdue(*row) for row in db().execute(query)]
    papers = documents_by_reference(db(), [row.case_id for row in rows if row.demanded_at], "demand")
    return [replace(row, document=papers.get(slip_reference(row.order_id))) for row in rows]


@bp.get("")
@allow(right("payment.demand"))
def waiting() -> str:
    """What is overdue; after a demand, which papers were made."""
    return _page(DemandForm(formdata=None))


@bp.post("")
@allow(right("payment.demand"))
def issue() -> ResponseReturnValue:
    """Show once more what was chosen; then issue the demands: all of them, or none with the reason."""
    form = DemandForm()
    staff = staff_member()
    if form.act.data != "issue" and form.payments.data:
        return _confirmation(form)

    def act() -> None:
        chosen = [_numbers(key) for key in form.payments.data]
        if not chosen:
            raise Invalid(_("督促する料金を、1つ以上選んでください。"))
        mine = cases_of_departments(db(), [case_id for case_id, _id in chosen], staff.departments("payment.demand"))
        for case_id, order_id in sorted(chosen):
            if case_id not in mine:
                raise NotFound
            demand(db(), case_id, order_id, Actor("staff", staff.id, staff.name))

    rejected = try_action(db(), "demand", act, form)
    return (
        (_page(form, rejected), rejected.status)
        if rejected
        else redirect(url_for("desk_overdue_payments.waiting", issued=form.payments.data), 303)
    )


def _confirmation(form: DemandForm) -> ResponseReturnValue:
    """What would be demanded of whom. What cannot be demanded any more is left out; with nothing left, the list says so."""
    for key in form.payments.data:
        _numbers(key)
    rows = [row for row in overdue() if row.key in form.payments.data and row.may_be_demanded]
    if not rows:
        message = _("選んだ料金は、支払われたか、もう督促されています。いまの一覧を確かめてください。")
        return _page(form, RejectedAction("demand", message, 409)), 409
    rendered = render_template(
        "desk/overdue_confirm.html", rows=rows, total=sum(row.amount for row in rows), demand_by=demand_day(db())
    )
    record_list(db(), staff_member(), "payments overdue", len(rows))
    return rendered


def _numbers(key: str) -> tuple[int, int]:
    numbers = [whole_number(part, digits=18) for part in key.split("-")]
    match numbers:
        case [int(case_id), int(order_id)]:
            return case_id, order_id
        case _:
            raise NotFound


def _page(form: DemandForm, rejected: RejectedAction | None = None) -> str:
    rows, chosen = overdue(), set(request.args.getlist("issued"))
    rendered = render_template(
        "desk/overdue_payments.html",
        rows=rows,
        form=form,
        rejected=rejected,
        issued=[row for row in rows if row.key in chosen and row.demanded_at],
    )
    record_list(db(), staff_member(), "payments overdue", len(rows))
    return rendered
