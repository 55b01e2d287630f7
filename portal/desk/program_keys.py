"""Keys of programs that read map layers and cases from outside (地図のソフト、オープンデータの作業): made, shown once, and revoked."""

from datetime import date
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import Length

from geo.catalogue import entries
from portal.core.access import allow, right, staff_member
from portal.core.errors import Conflict
from portal.core.forms import CheckboxListField, Form, SelectField, StringField
from portal.core.web import db
from portal.desk.layer_doors import sight
from portal.desk.rejected_action import RejectedAction, try_action
from portal.identity import list_departments
from portal.procedures import published_procedures
from portal.programs import Grantable, KeyGrant, NewKey, create_key, get_key, keys_of, revoke_key

bp = Blueprint("desk_program_keys", __name__, url_prefix="/desk/program-keys")

_MANAGE = right("program_key.manage")


class KeyForm(Form):
    """What a program may read, for which department, and until when."""

    name = StringField("名前", validators=[Length(max=60)])
    department = SelectField("部署")
    layers = CheckboxListField("地図の層")
    procedures = CheckboxListField("案件")
    valid_until = StringField("使える最後の日", render_kw={"type": "date"})

    @property
    def last_day(self) -> date | None:
        """The day that was typed; None for text that is no day."""
        try:
            return date.fromisoformat(self.valid_until.data.strip())
        except ValueError:
            return None


@bp.get("")
@allow(_MANAGE)
def overview() -> str:
    """The keys of this person's departments, and the form for another."""
    return _overview(KeyForm(formdata=None))


@bp.post("")
@allow(_MANAGE)
def create() -> ResponseReturnValue:
    """Make a key; the answer alone shows it."""
    form = KeyForm()
    if not form.validate():
        return _overview(form), 422
    made: list[NewKey] = []
    departments = {row.key: row.id for row in list_departments(db())}

    def act() -> None:
        grant = KeyGrant(
            name=form.name.data.strip(),
            department_id=departments.get(form.department.data),
            layers=form.layers.data,
            procedures=form.procedures.data,
            valid_until=form.last_day,
        )
        made.append(create_key(db(), staff_member(), grant, _grantable()))

    if rejected := try_action(db(), "create", act, form):
        return _overview(form, rejected), rejected.status
    response = make_response(render_template("desk/program_key_made.html", key=made[0]))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/<int:key_id>/revocation")
@allow(_MANAGE)
def ask(key_id: int) -> str:
    """What revoking a key does, before it does."""
    row = get_key(db(), staff_member(), key_id)
    [key] = [key for key in keys_of(db(), [row.department_id]) if key.row.id == key_id]
    return render_template("desk/program_key_revoke.html", key=key)


@bp.post("/<int:key_id>/revocation")
@allow(_MANAGE)
def revoke(key_id: int) -> ResponseReturnValue:
    """Revoke a key."""
    try:
        revoke_key(db(), staff_member(), key_id)
    except Conflict as error:
        db().rollback()
        rejected = RejectedAction("revoke", error.message, 409)
        return _overview(KeyForm(formdata=None), rejected), 409
    return redirect(url_for("desk_program_keys.overview"), 303)


def _grantable() -> Grantable:
    """Layers about which this person decides, or that everybody sees; procedures of departments for which they manage keys."""
    return Grantable(layers=dict(_layers()), procedures=dict(_procedures()))


def _layers() -> list[tuple[str, str]]:
    sees = sight()
    return [
        (entry.key, entry.title["ja"])
        for entry in entries(db())
        if entry.in_use and sees.sees(entry) and (entry.visible_to == "public" or sees.manages(entry))
    ]


def _procedures() -> list[tuple[str, str]]:
    managed = staff_member().departments("program_key.manage")
    return [
        (offer.key, offer.definition.title.for_language("ja"))
        for offer in published_procedures(db())
        if offer.department_id in managed and offer.definition.place_fields
    ]


def _overview(form: KeyForm, rejected: RejectedAction | None = None) -> str:
    managed = staff_member().departments("program_key.manage")
    departments = [row for row in list_departments(db()) if row.id in managed]
    form.department.choices = [(row.key, row.title["ja"]) for row in departments]
    form.layers.choices, form.procedures.choices = _layers(), _procedures()
    titles: dict[str, Any] = {
        "layers": {entry.key: entry.title["ja"] for entry in entries(db())},
        "procedures": {row.key: row.definition.title.for_language("ja") for row in published_procedures(db())},
    }
    return render_template(
        "desk/program_keys.html",
        form=form,
        keys=keys_of(db(), managed),
        departments={row.id: row.title["ja"] for row in departments},
        titles=titles,
        rejected=rejected,
    )
