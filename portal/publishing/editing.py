"""A procedure in the making: the list, the editor with checks and preview, the comparison, publishing."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from forms import difference
from portal.core.access import allow, right, staff_member
from portal.core.clock import now
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.text import _
from portal.core.web import db
from portal.identity.models import Department
from portal.procedures import actions, queries
from portal.procedures.definitions import definition_in
from portal.procedures.models import Procedure, ProcedureVersion
from portal.publishing.checks import findings
from portal.publishing.forms import NewProcedureForm, PublishForm, SourceForm
from portal.publishing.lines import changed_lines
from portal.publishing.overview import overview
from portal.publishing.template import starting_text
from portal.publishing.trial import loadable, trial

bp = Blueprint("publishing", __name__, url_prefix="/desk/procedures")

EDIT = right("procedure.edit")
PUBLISH = right("procedure.publish")


@bp.get("")
@allow(EDIT)
def index() -> ResponseReturnValue:
    """Every procedure of this person's departments, with its versions in short."""
    return _index(_new_form())


@bp.post("")
@allow(EDIT)
def create() -> ResponseReturnValue:
    """Begin a new procedure from an existing one or from an empty pattern."""
    form = _new_form()
    if not form.validate_on_submit():
        return _index(form), 422
    known = db().scalar(select(Procedure.id).where(Procedure.key == form.key.data))
    if known is not None:
        form.key.errors = [_("このキーは、もう使われています。ほかのキーにしてください。")]
        return _index(form), 422
    made = actions.create_procedure(db(), form.key.data, form.department.data)
    base = queries.offer(db(), form.base.data).version_id if form.base.data else None
    version = db().get(ProcedureVersion, base) if base else None
    source = starting_text(version.source if version else None, form.key.data, form.title.data, form.department.data)
    actions.save_draft(db(), made, source, staff_member().id)
    return redirect(url_for("publishing.edit", key=made.key), 303)


def _index(form: NewProcedureForm) -> str:
    faults = [(field.id, message) for field in form for message in field.errors]
    return render_template("publishing/index.html", rows=overview(db(), staff_member()), form=form, faults=faults)


def _new_form() -> NewProcedureForm:
    staff = staff_member()
    mine = staff.departments("procedure.edit")
    form = NewProcedureForm()
    departments = db().scalars(select(Department).where(Department.id.in_(mine)).order_by(Department.sort)).all()
    form.department.choices = [(one.key, one.title["ja"]) for one in departments]
    form.base.choices = [
        ("", _("なにもないところから")),
        *((one.key, one.definition.title.in_("ja")) for one in queries.offers(db())),
    ]
    return form


@bp.get("/<key>")
@allow(EDIT)
def edit(key: str) -> ResponseReturnValue:
    """The editor: the draft, or the published text as the beginning of one."""
    procedure = _procedure(key)
    draft, live = actions.draft_of(db(), procedure), _live(procedure)
    source = draft.source if draft else live.source if live else ""
    return _editor(procedure, draft, live, source)


def _editor(
    procedure: Procedure, draft: ProcedureVersion | None, live: ProcedureVersion | None, source: str, **more: Any
) -> str:
    definition = loadable(source)
    form = SourceForm(formdata=None, source=source, digest=draft.digest.hex() if draft else "")
    return render_template(
        "publishing/editor.html",
        procedure=procedure,
        draft=draft,
        live=live,
        form=form,
        publish_form=PublishForm(formdata=None),
        findings=findings(db(), procedure, source),
        trial=trial(definition, request.args.get("step", ""), {}) if definition else None,
        may_publish=staff_member().may("procedure.publish", procedure.department_id),
        **more,
    )


@bp.post("/<key>/draft")
@allow(EDIT)
def save(key: str) -> ResponseReturnValue:
    """Save the draft, faulty or not; somebody else's newer text is never overwritten, and nothing typed is lost."""
    procedure, form = _procedure(key), SourceForm()
    source = _clean(form.source.data)
    if not form.validate_on_submit():
        raise Invalid(_("定義が大きすぎます。1,000,000文字までにしてください。"))
    try:
        seen = bytes.fromhex(form.digest.data or "")
    except ValueError:
        seen = b""
    try:
        actions.save_draft(db(), procedure, source, staff_member().id, seen_digest=seen)
    except Conflict as conflict:
        draft, live = actions.draft_of(db(), procedure), _live(procedure)
        return _editor(procedure, draft, live, source, problem=conflict.message), 409
    return redirect(url_for("publishing.edit", key=key, step=request.form.get("step") or None), 303)


@bp.post("/<key>/check")
@allow(EDIT)
def check(key: str) -> ResponseReturnValue:
    """The checks of the text as it stands in the editor, saved or not, and the preview beside them."""
    procedure = _procedure(key)
    source = _clean(request.form.get("source", ""))
    definition = loadable(source)
    page = trial(definition, request.form.get("step", ""), {}) if definition else None
    return render_template(
        "publishing/_beside.html", procedure=procedure, findings=findings(db(), procedure, source), trial=page
    )


@bp.post("/<key>/preview")
@allow(EDIT)
def preview(key: str) -> ResponseReturnValue:
    """One page of the draft with what was typed into the preview: conditions, faults and the fee, as residents get them."""
    _procedure(key)
    source = _clean(request.form.get("source", ""))
    definition = loadable(source)
    if definition is None:
        return render_template("publishing/_preview.html", trial=None)
    typed = MultiDict(
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in {"source", "step", "csrf_token", "digest"}
    )
    page = trial(definition, request.form.get("step", ""), typed.to_dict(flat=False))
    return render_template("publishing/_preview.html", trial=page)


@bp.get("/<key>/difference")
@allow(EDIT)
def compare(key: str) -> ResponseReturnValue:
    """The draft beside the published version: in words, and line by line."""
    procedure = _procedure(key)
    draft, live = actions.draft_of(db(), procedure), _live(procedure)
    if draft is None or live is None:
        raise NotFound(_("くらべる版がありません。"))
    newer = loadable(draft.source)
    changes = difference(definition_in(db(), live), newer) if newer else None
    lines = changed_lines(live.source, draft.source)
    return render_template(
        "publishing/difference.html", procedure=procedure, draft=draft, live=live, changes=changes, lines=lines
    )


@bp.post("/<key>/publish")
@allow(PUBLISH)
def publish(key: str) -> ResponseReturnValue:
    """Publish the draft; running cases stay on their version."""
    procedure, form = _procedure(key), PublishForm()
    staff_member().require("procedure.publish", procedure.department_id)
    draft = actions.draft_of(db(), procedure)
    if not form.validate_on_submit() or draft is None:
        raise Conflict(_("公開する下書きがありません。"))
    errors = findings(db(), procedure, draft.source).errors
    if errors:
        raise Invalid(_("直すところが{count}件あります。直してから公開してください。", count=len(errors)))
    actions.publish(db(), procedure, staff_member().id, form.note.data or None)
    return redirect(url_for("publishing.edit", key=key, published=1), 303)


@bp.post("/<key>/discard")
@allow(EDIT)
def discard(key: str) -> ResponseReturnValue:
    """Throw the draft away."""
    procedure = _procedure(key)
    actions.discard_draft(db(), procedure)
    return redirect(
        url_for("publishing.edit", key=key) if procedure.current_version_id else url_for("publishing.index"), 303
    )


@bp.post("/<key>/closing")
@allow(PUBLISH)
def closing(key: str) -> ResponseReturnValue:
    """Stop taking applications, or take them again; running cases go on."""
    procedure = _procedure(key)
    staff_member().require("procedure.publish", procedure.department_id)
    procedure.closed_at = now() if request.form.get("close") == "yes" else None
    return redirect(url_for("publishing.index"), 303)


@bp.get("/<key>/versions/<int:number>.yaml")
@allow(EDIT)
def version(key: str, number: int) -> ResponseReturnValue:
    """One version as a file, the same text that was published."""
    procedure = _procedure(key)
    found = next((one for one in queries.versions(db(), procedure.id) if one.number == number), None)
    if found is None:
        raise NotFound
    disposition = f'attachment; filename="{procedure.key}-{number}.yaml"'
    return Response(found.source, mimetype="application/yaml", headers={"Content-Disposition": disposition})


def _procedure(key: str) -> Procedure:
    """A procedure of a department in which this person edits. Raises NotFound for any other."""
    found = queries.procedure(db(), key)
    if not staff_member().may("procedure.edit", found.department_id):
        raise NotFound
    return found


def _live(procedure: Procedure) -> ProcedureVersion | None:
    return db().get(ProcedureVersion, procedure.current_version_id) if procedure.current_version_id else None


def _clean(source: str | None) -> str:
    """The text as posted, with the line ends of a file; what a database text cannot hold becomes a visible mark."""
    text = (source or "").replace("\r\n", "\n").replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return text.encode("utf-8", "replace").decode("utf-8")
