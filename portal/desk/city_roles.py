"""The roles that the city made itself (部長, 福祉専門員), for its administrators: made, changed, and taken out while nothing needs them."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.cases import procedures_naming, remove_city_role
from portal.core.access import allow, right, staff_member
from portal.core.errors import Conflict, DomainError, Forbidden, Invalid
from portal.core.events import Actor
from portal.core.text import _
from portal.core.web import STATUS, db
from portal.desk.forms import CityRoleForm
from portal.identity import CityRole, city_roles, staff_administration

bp = Blueprint("desk_city_roles", __name__, url_prefix="/desk/staff/roles")

_MANAGE = right("staff.manage")


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)


@bp.get("")
@allow(_MANAGE)
def index() -> str:
    """Every role of the city's own, and the form for another."""
    return _list(CityRoleForm(formdata=None, scope="department", rights=["case.see"]))


@bp.post("")
@allow(_MANAGE)
def create() -> ResponseReturnValue:
    """Make a role."""
    form = CityRoleForm()
    try:
        role = city_roles.create_city_role(
            db(), _actor(), form.key.data, form.title.data, form.rights.data, city_wide=form.city_wide
        )
    except (Invalid, Forbidden) as refused:
        db().rollback()
        return _list(form, refused), _status(refused)
    return redirect(url_for("desk_city_roles.role", key=role.key), 303)


@bp.get("/<key>")
@allow(_MANAGE)
def role(key: str) -> str:
    """One role: what it lets people do, who holds it, and which procedures name it."""
    row = city_roles.get_city_role(db(), key)
    return _page(row, _as_it_is(row))


@bp.post("/<key>")
@allow(_MANAGE)
def change(key: str) -> ResponseReturnValue:
    """Another title, other rights, or held elsewhere."""
    form = CityRoleForm()
    try:
        city_roles.change_city_role(
            db(),
            _actor(),
            key,
            form.title.data,
            form.rights.data,
            city_wide=form.city_wide,
            expected_version=form.seen_number,
        )
    except (Invalid, Conflict, Forbidden) as refused:
        db().rollback()
        return _page(city_roles.get_city_role(db(), key), form, refused), _status(refused)
    return redirect(url_for("desk_city_roles.role", key=key), 303)


@bp.post("/<key>/remove")
@allow(_MANAGE)
def remove(key: str) -> ResponseReturnValue:
    """Take a role out for good."""
    try:
        remove_city_role(db(), _actor(), key, CityRoleForm().seen_number)
    except (Conflict, Forbidden) as refused:
        db().rollback()
        row = city_roles.get_city_role(db(), key)
        return _page(row, _as_it_is(row), refused), _status(refused)
    return redirect(url_for("desk_city_roles.index"), 303)


def _as_it_is(row: CityRole) -> CityRoleForm:
    scope = "city" if row.city_wide else "department"
    return CityRoleForm(formdata=None, title=row.title, scope=scope, rights=row.rights, seen=str(row.number))


def _list(form: CityRoleForm, refused: DomainError | None = None) -> str:
    titles = city_roles.grantable_rights()
    rows = [
        (row, [titles[name] for name in row.rights], city_roles.holders_of(db(), row.key))
        for row in city_roles.list_city_roles(db())
    ]
    return render_template("desk/city_roles.html", rows=rows, **_shared(form, refused))


def _page(row: CityRole, form: CityRoleForm, refused: DomainError | None = None) -> str:
    return render_template(
        "desk/city_role.html",
        row=row,
        holders=city_roles.holders_of(db(), row.key),
        procedures=procedures_naming(db(), row.key),
        number=row.number,
        **_shared(form, refused),
    )


def _shared(form: CityRoleForm, refused: DomainError | None) -> dict[str, Any]:
    form.scope.choices = [("department", _("課ごと")), ("city", _("すべての課(市全体)"))]
    form.rights.choices = list(city_roles.grantable_rights().items())
    if isinstance(refused, Invalid):
        form.show(refused)
    may_change = staff_administration.management_scope(db(), _actor()).everywhere
    return {
        "form": form,
        "page_errors": form.summary if may_change else [],
        "refused": None if form.errors and may_change else refused,
        "may_change": may_change,
    }


def _status(refused: DomainError) -> int:
    return next(STATUS[kind] for kind in type(refused).__mro__ if kind in STATUS)
