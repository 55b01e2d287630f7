"""The city's own page at the desk: name, address, opening hours, look, where maps open, and the sender of its mails."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core.access import allow, right, staff_member
from portal.core.errors import Conflict, DomainError, Forbidden, Invalid
from portal.core.events import Actor
from portal.core.tenancy import city_row
from portal.core.text import _
from portal.core.themes import contrast
from portal.core.web import STATUS, db
from portal.identity import city_administration, staff_administration
from portal.identity.city_forms import CityForm, TrialMailForm, form_of_city

bp = Blueprint("city_administration", __name__, url_prefix="/desk/city")

_MANAGE = right("staff.manage")


@bp.get("")
@allow(_MANAGE)
def show() -> str:
    """What the city says of itself."""
    return _page(None)


@bp.post("")
@allow(_MANAGE)
def change() -> ResponseReturnValue:
    """Change it."""
    form = CityForm()
    try:
        city_administration.require_whole_city(db(), _actor())
        if not form.validate_on_submit():
            form.show_more(city_administration.faults_of_city(form.particulars))
            return _page(form), 422
        changed = city_administration.save_city(db(), _actor(), form.particulars, form.seen_number)
    except (Invalid, Conflict, Forbidden) as refused:
        db().rollback()
        return _page(form, refused), _status(refused)
    return redirect(url_for("city_administration.show", changed="saved" if changed else "same"), 303)


@bp.post("/trial-mail")
@allow(_MANAGE)
def try_mail() -> ResponseReturnValue:
    """Mail the person who asks, from the sender as it is kept."""
    TrialMailForm()
    try:
        city_administration.send_trial_mail(db(), _actor(), staff_member().email)
    except Forbidden as refused:
        db().rollback()
        return _page(None, refused), _status(refused)
    return redirect(url_for("city_administration.show", changed="mailed"), 303)


def _page(form: CityForm | None, refused: DomainError | None = None) -> str:
    city = city_row(db())
    form = form or form_of_city(city)
    if isinstance(refused, Invalid):
        form.show(refused)
    if isinstance(refused, Conflict):
        form.seen.data = str(city.number)
    return render_template(
        "identity/city.html",
        row=city,
        form=form,
        page_errors=form.summary,
        refused=None if form.errors else refused,
        may_change=staff_administration.management_scope(db(), _actor()).everywhere,
        colour_contrast=contrast(form.colour.data) if _is_colour(form) else None,
        done=_done(),
    )


def _is_colour(form: CityForm) -> bool:
    return form.theme.data == "own" and not form.colour.errors


def _done() -> str:
    sentences = {
        "saved": _("保存しました。ほかの人の画面には、30秒ほどで出ます。"),
        "same": _("変わったところは、ありません。"),
        "mailed": _("{email}に、試しのメールを送ります。", email=staff_member().email),
    }
    return sentences.get(request.args.get("changed", ""), "")


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)


def _status(refused: DomainError) -> int:
    return next(STATUS[kind] for kind in type(refused).__mro__ if kind in STATUS)
