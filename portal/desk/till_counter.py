"""One till at work: who is at the counter, what they owe, taking the money, taking an entry back, and paying refunds in cash."""

import secrets
from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import tills
from portal.cases import Case, request_payment_paper
from portal.cases.queries import case_labels_of, cases_of_departments
from portal.core.access import allow, right, staff_member
from portal.core.errors import Conflict, Invalid, NotFound, Unavailable
from portal.core.tenancy import current_city
from portal.core.text import _, yen
from portal.core.web import commit_before_call, db
from portal.desk.forms import whole_number
from portal.desk.rejected_action import RejectedAction, form_of, try_action
from portal.desk.till_forms import BRAND_TITLES, WAYS, ReversalForm, TakingForm
from portal.desk.till_search import search
from portal.desk.tills import actor, people, till_of
from portal.desk.viewing import record_list
from portal.documents import Document, documents_of_case, issues_receipts, title_of
from portal.payments import (
    Refund,
    cases_of_orders,
    offline_methods,
    payments_of_order,
    prepare_offline_order,
    refunds_for_counter,
)

bp = Blueprint("desk_till_counter", __name__, url_prefix="/desk/tills")


@bp.get("/<int:till_id>")
@allow(right("till.use"))
def counter(till_id: int) -> ResponseReturnValue:
    """The till: what was entered, what waits to be paid back, and what the person at the counter owes."""
    till = till_of(till_id)
    if tills.open_shift(db(), till_id) is None:
        return redirect(url_for("desk_tills.overview"), 303)
    return _counter(till, TakingForm(request.args, meta={"csrf": False}))


@bp.post("/<int:till_id>/payments")
@allow(right("till.use"))
def take(till_id: int) -> ResponseReturnValue:
    """Take the money for the chosen charges; pressed a second time, show what was entered the first time."""
    till, form = till_of(till_id), TakingForm()
    known = tills.entry_of_token(db(), form.token.data)
    if known is not None:
        return redirect(url_for("desk_till_counter.entry", till_id=till_id, entry_id=known.id), 303)
    try:
        order_id, total = _order(till, form)
        entry = tills.take_payment(
            db(),
            till_id,
            order_id,
            total,
            form.handed,
            token=form.token.data,
            actor=actor(),
        )
    except (Invalid, Conflict, Unavailable) as fault:
        db().rollback()
        if isinstance(fault, Invalid):
            form.show(fault)
        status = 422 if isinstance(fault, Invalid) else 409 if isinstance(fault, Conflict) else 503
        rejected = RejectedAction("take", fault.message, status, posted=form)
        return _counter(till, form, rejected), status
    _ask_for_papers(entry.order_id)
    return redirect(url_for("desk_till_counter.entry", till_id=till_id, entry_id=entry.id), 303)


@bp.get("/<int:till_id>/entries/<int:entry_id>")
@allow(right("till.use"))
def entry(till_id: int, entry_id: int) -> str:
    """What was entered: the change to hand over, the papers to print, and a way to take it back."""
    return _entry(till_of(till_id), entry_id)


@bp.post("/<int:till_id>/entries/<int:entry_id>")
@allow(right("till.use"))
def reverse(till_id: int, entry_id: int) -> ResponseReturnValue:
    """Take an entry back, with a reason."""
    till, form = till_of(till_id), ReversalForm()
    rejected = try_action(
        db(), "reverse", lambda: tills.reverse_entry(db(), till_id, entry_id, form.reason.data, actor()), form
    )
    if rejected:
        return _entry(till, entry_id, rejected), rejected.status
    return redirect(url_for("desk_till_counter.counter", till_id=till_id), 303)


@bp.post("/<int:till_id>/refunds/<int:refund_id>")
@allow(right("till.use"))
def pay_refund(till_id: int, refund_id: int) -> ResponseReturnValue:
    """Pay an approved refund out of the till, or back at its card reader."""
    till = till_of(till_id)
    waiting = {refund.id: way for refund, way, _case_id in _refunds(till)}
    way = waiting.get(refund_id, "cash")
    rejected = try_action(db(), "refund", lambda: tills.pay_refund(db(), till_id, refund_id, way, actor()))
    if rejected:
        return _counter(till, TakingForm(formdata=None), rejected), rejected.status
    return redirect(url_for("desk_till_counter.counter", till_id=till_id), 303)


def _order(till: tills.Till, form: TakingForm) -> tuple[int, int]:
    """The order in which the chosen charges are paid now, and what they are. Raises Invalid, Conflict, Unavailable."""
    result = search(db(), form.q.data, staff_member().departments("till.use"))
    charge_ids = _ids(form.charge.data)
    chosen = result.chosen(charge_ids)
    total = sum(charge.due for charge in chosen)
    if not charge_ids:
        raise Invalid(_("受け取る料金を、1つ以上選んでください。"))
    if len(chosen) != len(set(charge_ids)) or form.total.data != str(total):
        raise Conflict(
            _("料金が変わりました。いまの合計は{amount}です。確かめてから、もう一度押してください。", amount=yen(total))
        )
    tills.check_money(total, form.handed)
    if not form.token.data:
        raise Invalid(_("ページを読み込み直してから、もう一度入力してください。"))
    tills.check_open(db(), till.id)
    commit_before_call()
    pages = {each.case.public_id for each in result.owed if any(charge.id in charge_ids for charge in each.charges)}
    next_path = f"/me/cases/{pages.pop()}" if len(pages) == 1 else "/me"
    return prepare_offline_order(current_city().key, charge_ids, next_path=next_path), total


def _counter(till: tills.Till, form: TakingForm, rejected: RejectedAction | None = None) -> str:
    staff, shift = staff_member(), tills.open_shift(db(), till.id)
    if shift is None:
        raise Conflict(_("このレジは開いていません。レジを開けてから、もう一度入力してください。"))
    result = search(db(), form.q.data, staff.departments("till.use"))
    everything = result.everything
    chosen = [number for number in _ids(form.charge.data) if number in everything] or everything
    form.token.data = form.token.data or secrets.token_urlsafe(18)
    form.method.data = form.method.data or "cash"
    form.brand.choices = [("", _("選んでください")), *BRAND_TITLES.items()]
    entries, refunds = tills.entries_of_shift(db(), shift.id), _refunds(till)
    cases = cases_of_orders(db(), [entry.order_id for entry in entries])
    rendered = render_template(
        "desk/till.html",
        till=till,
        shift=shift,
        report=tills.report_of_shift(db(), till, shift),
        result=result,
        chosen=chosen,
        total=sum(charge.due for charge in result.chosen(chosen)),
        form=form,
        ways=[way for way in WAYS if way[0] in offline_methods(db())],
        entries=entries,
        reversed_ids={entry.reverses_id for entry in entries},
        case_of=cases,
        labels=case_labels_of(db(), {*cases.values(), *(case_id for _refund, _way, case_id in refunds)}),
        refunds=refunds,
        rejected=rejected,
        people=people(),
    )
    record_list(db(), staff, f"till {till.id}", len(result.cases) + len(entries) + len(refunds))
    return rendered


def _entry(till: tills.Till, entry_id: int, rejected: RejectedAction | None = None) -> str:
    entry = tills.get_entry(db(), entry_id)
    _till, shift = tills.get_shift(db(), entry.shift_id)
    if shift.till_id != till.id:
        raise NotFound
    entries = tills.entries_of_shift(db(), shift.id)
    cases = _cases(entry.order_id)
    rendered = render_template(
        "desk/till_entry.html",
        brands=BRAND_TITLES,
        till=till,
        shift=shift,
        entry=entry,
        is_reversed=any(each.reverses_id == entry_id for each in entries),
        cases=cases,
        papers=_papers(cases) if entry.kind == "payment" else [],
        title_of=title_of,
        rejected=rejected,
        form=form_of(rejected, "reverse", ReversalForm),
    )
    record_list(db(), staff_member(), f"till {till.id}", len(cases))
    return rendered


def _cases(order_id: int) -> list[Case]:
    """The cases of an order that belong to this cashier's departments."""
    ids = [payment.case_id for payment in payments_of_order(db(), order_id)]
    return list(cases_of_departments(db(), ids, staff_member().departments("till.use")).values())


def _paper_kind() -> str:
    return "receipt" if issues_receipts(db()) else "payment_confirmation"


def _ask_for_papers(order_id: int) -> None:
    """Have the paper made that is handed over at once: a receipt where the city issues them, else a confirmation, in the payer's language."""
    kind = _paper_kind()
    public_id = payments_of_order(db(), order_id)[0].public_id
    for case in _cases(order_id):
        request_payment_paper(db(), case, kind, public_id, actor(), language=case.language)


def _papers(cases: Sequence[Case]) -> list[tuple[Case, Document]]:
    """The newest of those papers of each case."""
    kind, papers = _paper_kind(), list[tuple[Case, Document]]()
    for case in cases:
        newest = next((document for document in documents_of_case(db(), case.id) if document.kind == kind), None)
        papers += [(case, newest)] if newest else []
    return papers


def _refunds(till: tills.Till) -> list[tuple[Refund, str, int]]:
    """The refunds of this cashier's departments that wait to be paid at a counter, with how, and their case."""
    waiting = refunds_for_counter(db())
    case_of = cases_of_orders(db(), [refund.order_id for refund, _way in waiting])
    mine = cases_of_departments(db(), case_of.values(), [till.department_id])
    return [(refund, way, case_of[refund.order_id]) for refund, way in waiting if case_of[refund.order_id] in mine]


def _ids(texts: Sequence[str]) -> list[int]:
    return [number for text in texts if (number := whole_number(text, digits=12)) is not None]
