"""Tables that departments share: what there is, what each says, and importing a file after seeing what it changes."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import procedures
from portal.core.access import allow, staff_member
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor
from portal.core.text import _
from portal.core.web import db
from portal.identity import list_departments
from portal.procedures import SharedList, SharedListVersion
from portal.procedures.lists import change_by, content_of, import_list, list_of, list_versions
from portal.publishing.blueprint import EDIT, PUBLISH
from portal.publishing.list_forms import ImportForm, ListFileForm, NewListForm
from portal.publishing.republications import after_change, unfinished

bp = Blueprint("lists", __name__, url_prefix="/desk/lists")

SHOWN = 100
"""Rows of a list that its page shows; the file has all."""


@bp.get("")
@allow(EDIT)
def index() -> ResponseReturnValue:
    """Every list of the city."""
    return _index(_new_form())


@bp.post("")
@allow(PUBLISH)
def create() -> ResponseReturnValue:
    """Make a list without rows."""
    form = _new_form()
    if not form.validate_on_submit():
        return _index(form), 422
    department = next(row for row in list_departments(db()) if row.key == form.department.data)
    staff_member().require("procedure.publish", department.id)
    try:
        procedures.lists.create_list(db(), form.key.data, form.title.data, department.id, _actor())
    except Conflict as error:
        form.key.errors = [error.message]
        return _index(form), 422
    return redirect(url_for("lists.show", key=form.key.data), 303)


@bp.get("/<key>")
@allow(EDIT)
def show(key: str) -> ResponseReturnValue:
    """What a list says now, and its history."""
    return _page(list_of(db(), key))


@bp.get("/<key>/<int:number>")
@allow(EDIT)
def download(key: str, number: int) -> Response:
    """A version as the file from which it can be imported."""
    return Response(
        procedures.write_csv(content_of(_version(list_of(db(), key), str(number)))),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{key}-{number}.csv"'},
    )


@bp.post("/<key>/preview")
@allow(PUBLISH)
def preview(key: str) -> ResponseReturnValue:
    """What a file, or an earlier version, would change. Nothing is stored."""
    shared, form = _own(key), ListFileForm()
    try:
        if form.number.data:
            text = procedures.decoded(procedures.write_csv(content_of(_version(shared, form.number.data))).encode())
        else:
            text = procedures.decoded(form.file.data.read()) if form.file.data else ""
        content = procedures.read_csv(text)
    except Invalid as error:
        return _page(shared, error=error), 422
    versions = list_versions(db(), shared)
    importing = ImportForm(formdata=None, content=text, seen=str(versions[0].number if versions else 0))
    return _page(shared, importing=importing, change=change_by(db(), shared, content))


@bp.post("/<key>/import")
@allow(PUBLISH)
def take(key: str) -> ResponseReturnValue:
    """Import the file that the preview showed."""
    shared, form = _own(key), ImportForm()
    try:
        if not form.validate_on_submit():
            raise Invalid(_("変更の理由は、1,000文字までにしてください。"))
        content = procedures.read_csv(form.content.data or "")
        seen = int(form.seen.data) if (form.seen.data or "").isdecimal() else 0
        import_list(db(), shared, content, _actor(), note=form.note.data or None, expected_version=seen)
    except Conflict as error:
        return _page(shared, error=error), 409
    except Invalid as error:
        return _page(shared, error=error), 422
    return redirect(after_change("lists", key, url_for("lists.show", key=key)), 303)


def _own(key: str) -> SharedList:
    shared = list_of(db(), key)
    staff_member().require("procedure.publish", shared.department_id)
    return shared


def _version(shared: SharedList, number: str) -> SharedListVersion:
    version = next((row for row in list_versions(db(), shared) if str(row.number) == number), None)
    if version is None:
        raise NotFound
    return version


def _actor() -> Actor:
    return Actor("staff", staff_member().id, staff_member().name)


def _new_form() -> NewListForm:
    form = NewListForm()
    form.department.choices = [
        (department.key, department.title["ja"])
        for department in list_departments(db())
        if staff_member().may("procedure.publish", department.id)
    ]
    return form


def _index(form: NewListForm) -> str:
    faults = [(field.id, message) for field in form for message in field.errors]
    return render_template(
        "publishing/lists.html",
        rows=procedures.lists.all_lists(db()),
        form=form,
        faults=faults,
        unfinished=unfinished(),
    )


def _page(shared: SharedList, **more: Any) -> str:
    versions = list_versions(db(), shared)
    return render_template(
        "publishing/list.html",
        shared=shared,
        versions=versions,
        content=content_of(versions[0]) if versions else None,
        shown=SHOWN,
        form=ListFileForm(formdata=None),
        latest=procedures.republications.latest_of(db(), "lists", shared.key),
        may_import=staff_member().may("procedure.publish", shared.department_id),
        **{"error": None, "change": None, "importing": None, **more},
        faults=error.fields if isinstance(error := more.get("error"), Invalid) else {},
    )
