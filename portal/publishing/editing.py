"""A procedure in the making: the list, a new one, and the editor with its checks and its preview."""

from datetime import timedelta
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import procedures
from portal.cases.queries import count_open_cases
from portal.core.access import allow, staff_member
from portal.core.clock import today
from portal.core.errors import Conflict
from portal.core.events import Actor
from portal.core.text import _
from portal.core.web import db
from portal.identity import list_departments, staff_names
from portal.procedures import Procedure, ProcedureVersion
from portal.publishing.blueprint import EDIT, bp
from portal.publishing.changes import Summary, summary_of
from portal.publishing.checks import diagnose
from portal.publishing.forms import (
    MAX_SOURCE_LENGTH,
    NewProcedureForm,
    PictureForm,
    PublishForm,
    SourceForm,
    UploadForm,
)
from portal.publishing.handover import handover
from portal.publishing.overview import overview
from portal.publishing.preview import PreviewOptions, draw_preview, preview_options, typed_answers
from portal.publishing.preview_page import loadable
from portal.publishing.reach import clean, procedure_of, saved_text, seen
from portal.publishing.template import starting_text


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
    if procedures.find_procedure(db(), form.key.data) is not None:
        form.key.errors = [_("このキーは、もう使われています。ほかのキーにしてください。")]
        return _index(form), 422
    procedure = procedures.create_procedure(
        db(), form.key.data, form.department.data, by=Actor("staff", staff_member().id, staff_member().name)
    )
    base = procedures.procedure(db(), procedures.offer(db(), form.base.data).key) if form.base.data else None
    version = procedures.current_version(db(), base) if base else None
    source = starting_text(
        procedures.upgraded(version).text if version else None, form.key.data, form.title.data, form.department.data
    )
    if base is not None:
        procedures.pictures.copy_pictures(db(), base, procedure)
    procedures.save_draft(db(), procedure, source, staff_member().id)
    return redirect(url_for("publishing.edit", key=procedure.key), 303)


def _index(form: NewProcedureForm) -> str:
    faults = [(field.id, message) for field in form for message in field.errors]
    return render_template(
        "publishing/index.html",
        rows=overview(db(), staff_member()),
        form=form,
        faults=faults,
        may_arrange=staff_member().may("windows.edit"),
    )


def _new_form() -> NewProcedureForm:
    staff = staff_member()
    mine = staff.departments("procedure.edit")
    form = NewProcedureForm()
    departments = [department for department in list_departments(db()) if department.id in mine]
    form.department.choices = [(department.key, department.title["ja"]) for department in departments]
    form.base.choices = [
        ("", _("なにもないところから")),
        *((offer.key, offer.definition.title.for_language("ja")) for offer in procedures.offers(db())),
    ]
    return form


@bp.get("/<key>")
@allow(EDIT)
def edit(key: str) -> ResponseReturnValue:
    """The editor: the draft, or the published text as the beginning of one."""
    procedure = procedure_of(key)
    return editor(procedure, saved_text(procedure), preview_options())


def editor(procedure: Procedure, source: str, view: PreviewOptions, *, problem: str = "") -> str:
    """The whole page with this text in it, saved or not; `problem` is what kept the last press from being done."""
    draft, live = procedures.draft_of(db(), procedure), procedures.current_version(db(), procedure)
    begun_from = draft or live
    return render_template(
        "publishing/editor.html",
        source_form=SourceForm(
            formdata=None, prefix="draft", source=source, digest=draft.digest.hex() if draft else ""
        ),
        live=live,
        problem=problem,
        rewritings=procedures.upgraded(begun_from).rewritings if begun_from else (),
        publish_form=PublishForm(formdata=None),
        upload=UploadForm(formdata=None, digest=draft.digest.hex() if draft else ""),
        running=count_open_cases(db(), procedure.key),
        versions=procedures.published_versions(db(), procedure.id),
        published=request.args.get("published") == "1",
        pictures=procedures.pictures.pictures_of(db(), procedure.id),
        picture_form=PictureForm(formdata=None),
        changes=_changes(draft, live),
        planned=_planned(procedure),
        tomorrow=today() + timedelta(days=1),
        **_editor_context(procedure, draft, source, view),
    )


def _planned(procedure: Procedure) -> dict[str, Any] | None:
    """The publication that waits, with the names of who asked for it and who confirmed it, and whether this person may confirm it."""
    planned, staff = procedures.planned.plan_of(db(), procedure), staff_member()
    if planned is None:
        return None
    names = staff_names(db())
    open_to_confirm = planned.needs_confirmation and planned.confirmed_by is None
    return {
        "row": planned,
        "asked_by": names.get(planned.asked_by, ""),
        "confirmed_by": names.get(planned.confirmed_by, "") if planned.confirmed_by else "",
        "awaits_confirmation": open_to_confirm,
        "may_confirm": open_to_confirm and planned.asked_by != staff.id,
    }


def _changes(draft: ProcedureVersion | None, live: ProcedureVersion | None) -> Summary:
    """What the saved draft changes, which the question before publishing restates."""
    newer = loadable(db(), procedures.upgraded(draft).text) if draft else None
    return summary_of(procedures.definition_in(db(), live), newer) if live and newer else Summary([], [])


def _editor_context(
    procedure: Procedure, draft: ProcedureVersion | None, source: str, view: PreviewOptions
) -> dict[str, Any]:
    """What follows from a text: checks, preview, and whether it can be published as it stands."""
    diagnostics = diagnose(db(), procedure, source)
    saved = draft is not None and procedures.upgraded(draft).text == source
    return {
        "procedure": procedure,
        "draft": draft,
        "saved": saved or source == saved_text(procedure),
        "diagnostics": diagnostics,
        "preview": draw_preview(loadable(db(), source), view, typed_answers()),
        "may_publish": staff_member().may("procedure.publish", procedure.department_id),
        "ready": saved and not diagnostics.errors and procedures.planned.plan_of(db(), procedure) is None,
        "handover": handover(db(), procedure, loadable(db(), source)),
    }


@bp.post("/<key>/draft")
@allow(EDIT)
def save(key: str) -> ResponseReturnValue:
    """Save the draft, faulty or not; somebody else's newer text is never overwritten, and nothing typed is lost."""
    procedure, form = procedure_of(key), SourceForm(prefix="draft")
    source, view = clean(form.source.data), preview_options()
    if not form.validate_on_submit():
        problem = _("定義が大きすぎます。{count}文字までにしてください。", count=f"{MAX_SOURCE_LENGTH:,}")
        return editor(procedure, source, view, problem=problem), 422
    try:
        procedures.save_draft(db(), procedure, source, staff_member().id, seen_digest=seen(form.digest.data))
    except Conflict as conflict:
        return editor(procedure, source, view, problem=conflict.message), 409
    return redirect(url_for("publishing.edit", key=key, **view.address()), 303)


@bp.post("/<key>/check")
@allow(EDIT)
def check(key: str) -> ResponseReturnValue:
    """Checks and preview of the text as it stands in the editor, saved or not; the whole page where no script asks."""
    procedure, source = procedure_of(key), clean(SourceForm(prefix="draft").source.data)
    if request.headers.get("HX-Request") != "true":
        return editor(procedure, source, preview_options())
    judged = _editor_context(procedure, procedures.draft_of(db(), procedure), source, preview_options())
    response = make_response(render_template("publishing/_checked.html", **judged))
    if judged["preview"].page is None:
        response.headers["HX-Reswap"] = "none"  # the last preview that could be drawn stays; faults and state change
    return response


@bp.post("/<key>/preview")
@allow(EDIT)
def preview(key: str) -> ResponseReturnValue:
    """One page of the text with what was typed into the preview: conditions, faults and the fee, as residents get them.

    Without a script only the preview is posted, and what is saved is tried.
    """
    procedure, posted = procedure_of(key), SourceForm(prefix="draft").source
    source = clean(posted.data) if posted.raw_data else saved_text(procedure)
    if request.headers.get("HX-Request") != "true":
        return editor(procedure, source, preview_options())
    preview = draw_preview(loadable(db(), source), preview_options(), typed_answers())
    return render_template("publishing/_preview.html", procedure=procedure, preview=preview)
