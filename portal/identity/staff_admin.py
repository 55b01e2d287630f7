"""The city's staff, for those who manage it: who works where, other roles, closing, opening again, and a lost authenticator."""

from collections.abc import Callable
from typing import Any

import segno
from flask import Blueprint, redirect, render_template, url_for
from markupsafe import Markup

from portal.core.access import allow, right, staff_member
from portal.core.errors import DomainError, Invalid, NotFound
from portal.core.events import Actor
from portal.core.text import _
from portal.core.web import STATUS, db
from portal.identity import staff_administration
from portal.identity.city_roles import list_city_roles, role_titles
from portal.identity.departments import list_departments
from portal.identity.models import Staff
from portal.identity.staff_administration import RoleSet
from portal.identity.staff_directory import list_staff
from portal.identity.staff_enrolment import CODE_LIFE, open_reset
from portal.identity.staff_forms import NewStaffForm, ResetForm, RoleBoxes, RolesForm

bp = Blueprint("staff_admin", __name__, url_prefix="/desk/staff")

_MANAGE = right("staff.manage")


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)


@bp.get("")
@allow(_MANAGE)
def people() -> str:
    """Everybody with an account, closed ones last, and the form for a new colleague."""
    return _list(NewStaffForm(formdata=None), frozenset())


@bp.post("")
@allow(_MANAGE)
def create_account() -> Any:
    """A new account; its password and authenticator are shown on the answer and never again."""
    form = NewStaffForm()
    chosen = _chosen(form)
    if not form.validate_on_submit():
        return _list(form, chosen), 422
    try:
        staff, password, address = staff_administration.create_account(
            db(), _actor(), form.email.data, form.name.data, chosen
        )
    except DomainError as refused:
        db().rollback()
        if isinstance(refused, Invalid):
            form.show(refused)
        return _list(form, chosen, refused=None if form.errors else refused), _status(refused)
    return _secrets(staff, password=password, address=address)


@bp.get("/<int:staff_id>")
@allow(_MANAGE)
def person(staff_id: int) -> str:
    """One account: roles, state, and what can be done with it."""
    return _page(staff_id)


@bp.post("/<int:staff_id>/roles")
@allow(_MANAGE)
def roles(staff_id: int) -> Any:
    """Other roles; those in departments that this administrator does not manage stay."""
    form = RolesForm()
    chosen = _chosen(form)
    reach = staff_administration.management_scope(db(), _actor())
    chosen |= {held for held in staff_administration.roles_of(db(), staff_id) if not reach.covers(frozenset({held}))}
    return _act(
        staff_id,
        lambda: staff_administration.change_roles(db(), _actor(), staff_id, chosen, form.shown.data),
        chosen=chosen,
    )


@bp.post("/<int:staff_id>/close")
@allow(_MANAGE)
def close(staff_id: int) -> Any:
    """Close the account."""
    return _act(staff_id, lambda: staff_administration.close(db(), _actor(), staff_id))


@bp.post("/<int:staff_id>/reopen")
@allow(_MANAGE)
def reopen(staff_id: int) -> Any:
    """Open the account again, with a first password."""
    return _act(staff_id, lambda: staff_administration.reopen(db(), _actor(), staff_id))


@bp.post("/<int:staff_id>/password")
@allow(_MANAGE)
def give_password(staff_id: int) -> Any:
    """A first password for somebody who forgot theirs."""
    return _act(staff_id, lambda: staff_administration.give_password(db(), _actor(), staff_id))


@bp.post("/<int:staff_id>/reset")
@allow(_MANAGE)
def reset(staff_id: int) -> Any:
    """A lost authenticator: `step` is request, confirm or cancel."""
    step = ResetForm().step.data
    if step == "confirm":
        return _act(staff_id, lambda: staff_administration.confirm_reset(db(), _actor(), staff_id), code=True)
    steps = {"request": staff_administration.request_reset, "cancel": staff_administration.cancel_reset}
    if step not in steps:
        raise NotFound
    return _act(staff_id, lambda: steps[step](db(), _actor(), staff_id))


def _act(staff_id: int, act: Callable[[], str | None], *, code: bool = False, chosen: RoleSet | None = None) -> Any:
    """Carry out an act: a secret that it made is shown at once, a refusal beside the account."""
    try:
        secret = act()
    except NotFound:
        raise
    except DomainError as refused:
        db().rollback()
        return _page(staff_id, refused=refused, chosen=chosen), _status(refused)
    if secret is None:
        return redirect(url_for("staff_admin.person", staff_id=staff_id), 303)
    staff = db().get_one(Staff, staff_id)
    return _secrets(staff, code=secret) if code else _secrets(staff, password=secret)


def _status(refused: DomainError) -> int:
    return next(STATUS[kind] for kind in type(refused).__mro__ if kind in STATUS)


def _chosen(form: RoleBoxes) -> RoleSet:
    """The ticked boxes, `DEPARTMENT:ROLE`; what no page offers is left out."""
    department_ids = {str(department.id): department.id for department in list_departments(db())}
    known, chosen = role_titles(db()), set[tuple[int | None, str]]()
    for box in form.role.data:
        department, _colon, role = box.rpartition(":")
        if role in known and (department == "*" or department in department_ids):
            chosen.add((department_ids.get(department), role))
    return frozenset(chosen)


def _list(form: NewStaffForm, chosen: RoleSet, refused: DomainError | None = None) -> str:
    return render_template(
        "identity/staff_list.html",
        people=sorted(list_staff(db()), key=lambda member: not member.active),
        form=form,
        page_errors=form.summary,
        refused=refused,
        **_boxes(form, chosen),
    )


def _page(staff_id: int, refused: DomainError | None = None, chosen: RoleSet | None = None) -> str:
    person = db().get(Staff, staff_id)
    if person is None:
        raise NotFound
    held = staff_administration.roles_of(db(), staff_id)
    pending = open_reset(db(), staff_id)
    form = RolesForm(formdata=None, shown=staff_administration.state_token(person.active, held))
    return render_template(
        "identity/staff_member.html",
        person=person,
        own=staff_member().id == staff_id,
        form=form,
        pending=pending,
        asked_here=bool(pending and pending.requested_by == staff_member().id),
        refused=refused,
        **_boxes(form, held if chosen is None else chosen),
    )


def _boxes(form: RoleBoxes, chosen: RoleSet) -> dict[str, Any]:
    """Offer a box for each role in each department, the first row for all of them; return the titles of rows and columns.

    A box in a department that this administrator does not manage is disabled, and there is none where a role of the city's own is not held.
    """
    reach = staff_administration.management_scope(db(), _actor())
    titles = role_titles(db())
    city_wide = {role.key: role.city_wide for role in list_city_roles(db())}
    rows: list[tuple[int | None, str, str]] = [(None, "*", _("すべての課(これからできる課も)"))]
    rows += [(department.id, str(department.id), department.title["ja"]) for department in list_departments(db())]
    form.role.choices = [
        (
            f"{key}:{role}",
            f"{title} {role_title}",
            {"disabled": not reach.covers(frozenset({(department, "")}))}
            if city_wide.get(role) in (None, department is None)
            else {"absent": True},
        )
        for department, key, title in rows
        for role, role_title in titles.items()
    ]
    form.role.data = [f"{'*' if department is None else department}:{role}" for department, role in chosen]
    return {
        "roles": titles,
        "departments": [title for _id, _key, title in rows],
        "may_make_roles": reach.everywhere,
    }


def _secrets(staff: Staff, *, password: str | None = None, address: str | None = None, code: str | None = None) -> str:
    picture = segno.make_qr(address).svg_inline(scale=4) if address else ""
    return render_template(
        "identity/staff_secrets.html",
        person=staff,
        password=password,
        code=code,
        days=CODE_LIFE.days,
        picture=Markup(picture),  # noqa: S704 - drawn here
        secret=address.partition("secret=")[2].partition("&")[0] if address else None,
    )
