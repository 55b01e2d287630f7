"""An application that was sent without signing in, opened on another device: by the address of its letters and its check code."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.cases import Case
from portal.cases.ownership import claim, claimable
from portal.cases.tracking import check_code_typed
from portal.core.access import PUBLIC, AccountIdentity, allow, current_account
from portal.core.errors import Invalid, SignInNeeded
from portal.core.text import _
from portal.core.web import db
from portal.identity import throttle
from portal.residents.blueprint import bp
from portal.residents.forms import CheckCodeForm


@bp.get("/me/cases/<public_id>/claim")
@allow(PUBLIC)
def ask_claim(public_id: str) -> str:
    """Ask for the check code."""
    return _page(claimable(db(), public_id, signed_in_account()), CheckCodeForm())


@bp.post("/me/cases/<public_id>/claim")
@allow(PUBLIC)
def claim_case(public_id: str) -> Response | tuple[str, int]:
    """Make it the account's, and show it."""
    account = signed_in_account()
    case = claimable(db(), public_id, account)
    form = CheckCodeForm()
    if not form.validate_on_submit():
        return _page(case, form), 422
    code = check_code_typed(form.code.data)
    if code is None:  # no guess, so it is not counted
        form.code.errors = [_("確認番号は、8けたの数字で入力してください。")]
        return _page(case, form), 422
    counted = throttle.limit_status_lookup(case.number, code)
    try:
        claim(db(), case, account, code)
    except Invalid as fault:
        form.show(fault)
        return _page(case, form), 422
    counted.refund()
    return redirect(url_for("residents.case", public_id=public_id), 303)


def signed_in_account() -> AccountIdentity:
    """The account of the visitor. Raises SignInNeeded."""
    account = current_account()
    if account is None:
        raise SignInNeeded("resident")
    return account


def _page(case: Case, form: CheckCodeForm) -> str:
    action = url_for("residents.claim_case", public_id=case.public_id)
    return render_template("residents/claim.html", number=case.number, action=action, form=form)
