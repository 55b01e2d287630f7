"""When a member of staff is away and who stands in, for those who manage the staff."""

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired

from portal.core.access import allow, right, staff_member
from portal.core.errors import Conflict, DomainError, Forbidden, Invalid
from portal.core.events import Actor
from portal.core.forms import Form, SelectField, StringField
from portal.core.text import _
from portal.core.web import STATUS, db
from portal.identity import staff_absence_entries, staff_absences, staff_particulars

bp = Blueprint("staff_absences", __name__, url_prefix="/desk/staff/<int:staff_id>/absences")

_MANAGE = right("staff.manage")


class AbsenceForm(Form):
    """The days, both included, and who stands in."""

    first_day = StringField(
        "はじめの日", render_kw={"type": "date"}, validators=[InputRequired("はじめの日を入力してください。")]
    )
    last_day = StringField(
        "最後の日", render_kw={"type": "date"}, validators=[InputRequired("最後の日を入力してください。")]
    )
    deputy = SelectField("代理", choices=[])


@bp.get("")
@allow(_MANAGE)
def overview(staff_id: int) -> str:
    """The absences that have not ended, and the form for another one."""
    return _page(staff_id, AbsenceForm(formdata=None))


@bp.post("")
@allow(_MANAGE)
def enter(staff_id: int) -> ResponseReturnValue:
    """Note an absence."""
    form = AbsenceForm()
    form.validate_on_submit()
    try:
        staff_absence_entries.enter_absence(
            db(), _actor(), staff_id, _number(form.deputy.data), _day(form.first_day.data), _day(form.last_day.data)
        )
    except (Invalid, Conflict, Forbidden) as refused:
        db().rollback()
        if isinstance(refused, Invalid):
            form.show(refused)
        return _page(staff_id, form, refused), _status(refused)
    return redirect(url_for("staff_absences.overview", staff_id=staff_id, changed="entered"), 303)


@bp.post("/<int:absence_id>/end")
@allow(_MANAGE)
def end(staff_id: int, absence_id: int) -> ResponseReturnValue:
    """Somebody is back earlier, or does not leave after all."""
    try:
        staff_absence_entries.end_absence(db(), _actor(), staff_id, absence_id)
    except (Conflict, Forbidden) as refused:
        db().rollback()
        return _page(staff_id, AbsenceForm(formdata=None), refused), _status(refused)
    return redirect(url_for("staff_absences.overview", staff_id=staff_id, changed="ended"), 303)


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _status(refused: DomainError) -> int:
    return next(STATUS[kind] for kind in type(refused).__mro__ if kind in STATUS)


def _page(staff_id: int, form: AbsenceForm, refused: DomainError | None = None) -> str:
    person = staff_particulars.person(db(), staff_id)
    deputies = staff_absence_entries.possible_deputies(db(), staff_id) if person.active else []
    form.deputy.choices = [("", _("選んでください")), *((str(key), name) for key, name in deputies)]
    sentences = {
        "entered": _("不在と代理を登録しました。"),
        "ended": _("不在を終わりにしました。代理の一覧は、もう出ません。"),
    }
    shown = (
        refused if not form.errors or not deputies else None
    )  # the sentences beside the fields, where there is a form
    context: dict[str, Any] = {"form": form, "page_errors": form.summary, "refused": shown}
    return render_template(
        "identity/staff_absences.html",
        person=person,
        absences=staff_absences.absences_of(db(), staff_id),
        deputies=deputies,
        done=sentences.get(request.args.get("changed", ""), ""),
        **context,
    )
