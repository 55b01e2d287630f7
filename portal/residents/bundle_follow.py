"""What was sent together, followed on one page: how each application stands, what waits, taking some or all of it back."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.cases import Case, Outdated
from portal.cases.bundles import (
    Bundle,
    claim_bundle,
    claimable_bundle,
    seen_together,
    waiting_drafts,
    withdraw_together,
    withdrawable,
)
from portal.cases.tracking import check_code_typed
from portal.core.access import PUBLIC, allow
from portal.core.errors import Conflict, Invalid
from portal.core.text import _
from portal.core.web import db
from portal.identity import throttle
from portal.procedures import definition_of
from portal.residents import visitor_access
from portal.residents.blueprint import bp
from portal.residents.bundle_sent import awaited_orders, pay_address, to_choose, waiting_of
from portal.residents.claim import signed_in_account
from portal.residents.definition_texts import words
from portal.residents.forms import CheckCodeForm, WithdrawTogetherForm
from portal.residents.money_lines import lines_by_case
from portal.residents.my_page import cards
from portal.residents.withdrawal_money import money_after_withdrawal

Answer = str | Response | tuple[str, int]


@bp.get("/me/bundles/<public_id>")
@allow(PUBLIC)
def bundle(public_id: str) -> str:
    """Every application of the bundle, and what still waits."""
    sent, cases = visitor_access.bundle(db(), public_id)
    shown = cards(db(), cases)
    due = to_choose(shown)
    waiting = waiting_of(sent, cases)
    return render_template(
        "residents/bundle.html",
        bundle=sent,
        cards=shown,
        waiting=waiting,
        due=due,
        awaited=awaited_orders(shown),
        pay=pay_address(due) if due else "",
        lines=lines_by_case(db(), shown),
        may_withdraw=bool(waiting or withdrawable(db(), cases)),
    )


@bp.get("/me/bundles/<public_id>/withdraw")
@allow(PUBLIC)
def ask_withdraw_bundle(public_id: str) -> str:
    """Which ones, and are you sure?"""
    sent, cases = visitor_access.bundle(db(), public_id)
    return _withdraw_page(sent, cases, WithdrawTogetherForm(formdata=None))


@bp.post("/me/bundles/<public_id>/withdraw")
@allow(PUBLIC)
def withdraw_bundle(public_id: str) -> Answer:
    """Take the chosen ones back. Whoever saw them before an office went on is shown first how they stand now."""
    sent, cases = visitor_access.bundle(db(), public_id, lock=True)
    form = WithdrawTogetherForm()
    account_id = visitor_access.account_id()
    try:
        withdraw_together(db(), sent, cases, form.chosen.data, account_id, note=form.note.data, seen=form.seen.data)
    except Outdated:
        return _withdraw_page(sent, cases, form, outdated=True), 409
    except Invalid as fault:
        form.chosen.errors = [fault.message]
        return _withdraw_page(sent, cases, form), 422
    return redirect(url_for("residents.bundle", public_id=public_id), 303)


def _withdraw_page(sent: Bundle, cases: list[Case], form: WithdrawTogetherForm, *, outdated: bool = False) -> str:
    open_cases = withdrawable(db(), cases)
    waiting = waiting_drafts(db(), sent)
    if not open_cases and not waiting:
        raise Conflict(_("取り下げられる手続きは、もうありません。"))
    rows = []
    for case in open_cases:
        definition = definition_of(db(), case.version_id)
        money = money_after_withdrawal(db(), case, definition)
        rows.append((case.public_id, words(definition.title), case.number, money))
    rows += [(draft.public_id, words(definition_of(db(), draft.version_id).title), "", "") for draft in waiting]
    everything = [row[0] for row in rows]
    return render_template(
        "residents/bundle_withdraw.html",
        bundle=sent,
        rows=rows,
        chosen=form.chosen.data or ([] if form.chosen.errors else everything),
        form=form,
        seen=seen_together(open_cases),
        outdated=outdated,
    )


@bp.get("/me/bundles/<public_id>/claim")
@allow(PUBLIC)
def ask_claim_bundle(public_id: str) -> str:
    """Ask for the check code of the receipt."""
    return _claim_page(*claimable_bundle(db(), public_id, signed_in_account()), CheckCodeForm())


@bp.post("/me/bundles/<public_id>/claim")
@allow(PUBLIC)
def claim_sent_bundle(public_id: str) -> Response | tuple[str, int]:
    """Make all of it the account's, and show it."""
    account = signed_in_account()
    sent, cases = claimable_bundle(db(), public_id, account)
    form = CheckCodeForm()
    if not form.validate_on_submit():
        return _claim_page(sent, cases, form), 422
    code = check_code_typed(form.code.data)
    if code is None:  # no guess, so it is not counted
        form.code.errors = [_("確認番号は、8けたの数字で入力してください。")]
        return _claim_page(sent, cases, form), 422
    counted = throttle.limit_status_lookup(cases[0].number, code)
    try:
        claim_bundle(db(), sent, cases, account, code)
    except Invalid as fault:
        form.show(fault)
        return _claim_page(sent, cases, form), 422
    counted.refund()
    return redirect(url_for("residents.bundle", public_id=public_id), 303)


def _claim_page(sent: Bundle, cases: list[Case], form: CheckCodeForm) -> str:
    action = url_for("residents.claim_sent_bundle", public_id=sent.public_id)
    return render_template("residents/claim.html", number=cases[0].number, action=action, form=form)
