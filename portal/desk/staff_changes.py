"""Other roles for a colleague, and leaving: what changes is read once more on a page of its own, with the open cases that need another clerk."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.cases import staff_leaving
from portal.core.access import allow, right, staff_member
from portal.core.errors import Conflict, DomainError, Forbidden, Invalid
from portal.core.events import Actor
from portal.core.forms import Form, HiddenField, SelectField
from portal.core.text import _
from portal.core.web import STATUS, db
from portal.identity import (
    RoleBoxes,
    list_departments,
    rights_in_words,
    role_choice,
    staff_administration,
    staff_of_department,
    staff_particulars,
)

bp = Blueprint("desk_staff_changes", __name__, url_prefix="/desk/staff/<int:staff_id>")

_MANAGE = right("staff.manage")


class RolesForm(RoleBoxes):
    """The ticked roles, and the account as the page showed it."""

    shown = HiddenField()
    shown_cases = HiddenField()
    step = HiddenField()


class LeavingForm(Form):
    """The cases that the page listed."""

    shown_cases = HiddenField()


@bp.get("/roles")
@allow(_MANAGE)
def roles(staff_id: int) -> str:
    """A box for each role in each department."""
    person = _person(staff_id)
    return _roles_page(person, staff_administration.roles_of(db(), staff_id))


@bp.post("/roles")
@allow(_MANAGE)
def change_roles(staff_id: int) -> ResponseReturnValue:
    """First what the ticked roles would change, then, with `step` change, the change itself."""
    person, form = _person(staff_id), RolesForm()
    before = staff_administration.roles_of(db(), staff_id)
    chosen = role_choice.chosen_for(db(), _actor(), staff_id, form)
    if form.step.data == "choose":
        return _roles_page(person, chosen)
    if form.step.data != "change":
        if before == chosen:
            return _roles_page(
                person, chosen, Invalid(_("役割は、いまのままです。変えるところを選んでください。"))
            ), 422
        try:
            staff_administration.require_change(db(), _actor(), staff_id, before ^ chosen)
            staff_administration.refuse_stale(person.active, before, form.shown.data)
        except (Forbidden, Conflict) as refused:
            return _roles_page(person, chosen, refused), _status(refused)
        return _confirmation(person, chosen)
    left = _left_behind(staff_id, chosen)
    handover = _handover_form(left, staff_id)
    try:
        staff_leaving.change_roles(
            db(),
            _actor(),
            staff_id,
            chosen,
            _heirs(handover),
            shown_roles=form.shown.data,
            shown_cases=form.shown_cases.data,
        )
    except Invalid as refused:
        db().rollback()
        handover.show(refused)
        return _confirmation(person, chosen, None if handover.errors else refused, handover), 422
    except (Conflict, Forbidden) as refused:
        db().rollback()
        return _roles_page(_person(staff_id), chosen, refused), _status(refused)
    return redirect(url_for("staff_admin.person", staff_id=staff_id, changed="roles"), 303)


@bp.get("/leaving")
@allow(_MANAGE)
def leaving(staff_id: int) -> str:
    """What ends when somebody leaves, and who gets the open cases on their desk."""
    return _leaving_page(_person(staff_id))


@bp.post("/leaving")
@allow(_MANAGE)
def leave(staff_id: int) -> ResponseReturnValue:
    """Close the account and hand the cases over."""
    person, form = _person(staff_id), LeavingForm()
    handover = _handover_form(_left_behind(staff_id), staff_id)
    try:
        staff_leaving.leave(db(), _actor(), staff_id, _heirs(handover), form.shown_cases.data)
    except (Invalid, Conflict, Forbidden) as refused:
        db().rollback()
        if isinstance(refused, Invalid):
            handover.show(refused)
        return _leaving_page(person, None if handover.errors else refused, handover), _status(refused)
    return redirect(url_for("staff_admin.person", staff_id=staff_id, changed="left"), 303)


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)


def _person(staff_id: int) -> staff_particulars.Person:
    return staff_particulars.person(db(), staff_id)


def _status(refused: DomainError) -> int:
    return next(STATUS[kind] for kind in type(refused).__mro__ if kind in STATUS)


def _left_behind(staff_id: int, roles: staff_administration.RoleSet = frozenset()) -> list[staff_leaving.HeldCase]:
    return staff_leaving.cases_left_behind(db(), staff_id, rights_in_words.offices_with_role(db(), roles))


def _handover_form(left: Collection[staff_leaving.HeldCase], staff_id: int) -> Form:
    """A list of colleagues for each department with cases; `heir_` and its id is the name of the field."""
    departments = {case.department_id for case in left}
    titles = {row.id: row.title["ja"] for row in list_departments(db()) if row.id in departments}
    fields = {
        f"heir_{department}": SelectField(_("{office}の案件", office=title)) for department, title in titles.items()
    }
    form: Form = type("HandoverForm", (Form,), fields)()
    for department in titles:
        colleagues = [(str(key), name) for key, name in staff_of_department(db(), department) if key != staff_id]
        form[f"heir_{department}"].choices = [("", _("課にもどす(担当なし)")), *colleagues]
    return form


def _heirs(form: Form) -> staff_leaving.Heirs:
    """Who was chosen, by department; a choice that is no number is nobody's id."""
    chosen = {field.name.removeprefix("heir_"): field.data for field in form if field.name.startswith("heir_")}
    return {int(department): _number(heir) for department, heir in chosen.items() if heir}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _roles_page(
    person: staff_particulars.Person, chosen: staff_administration.RoleSet, refused: DomainError | None = None
) -> str:
    held = staff_administration.roles_of(db(), person.id)
    form = RolesForm(formdata=None, shown=staff_administration.state_token(person.active, held))
    return render_template(
        "desk/staff_roles.html",
        person=person,
        own=person.id == staff_member().id,
        form=form,
        refused=refused,
        **role_choice.offer_boxes(db(), _actor(), form, chosen),
    )


def _confirmation(
    person: staff_particulars.Person,
    chosen: staff_administration.RoleSet,
    refused: DomainError | None = None,
    handover: Form | None = None,
) -> str:
    held, left = staff_administration.roles_of(db(), person.id), _left_behind(person.id, chosen)
    return render_template(
        "desk/staff_roles_confirm.html",
        person=person,
        changes=rights_in_words.changes_by_office(db(), held, chosen),
        boxes=role_choice.box_values(chosen),
        shown=staff_administration.state_token(person.active, held),
        refused=refused,
        **_handover(person, left, handover),
    )


def _leaving_page(
    person: staff_particulars.Person, refused: DomainError | None = None, handover: Form | None = None
) -> str:
    return render_template(
        "desk/staff_leaving.html",
        person=person,
        own=person.id == staff_member().id,
        refused=refused,
        **_handover(person, _left_behind(person.id), handover),
    )


def _handover(
    person: staff_particulars.Person, left: list[staff_leaving.HeldCase], handover: Form | None
) -> dict[str, Any]:
    """What the pages show of the cases: those of each department, and whose they can become."""
    staff = staff_member()
    form = _handover_form(left, person.id)
    if handover is not None:
        for field in form:
            if field.name in handover:
                field.data, field.errors = handover[field.name].data, handover[field.name].errors
    fields = [field for field in form if field.name.startswith("heir_")]
    by_field = {
        field.name: [case for case in left if case.department_id == int(field.name.removeprefix("heir_"))]
        for field in fields
    }
    return {
        "left": left,
        "handover": fields,
        "cases": by_field,
        "visible": staff.departments("case.see"),
        "shown_cases": staff_leaving.cases_token(left),
        "page_errors": [(field.id, str(field.errors[0])) for field in fields if field.errors],
    }
