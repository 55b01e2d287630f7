"""Drafts and versions: compare, publish, discard, restore, upload, close."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import is_zipfile

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms import example_effects
from forms.text.dates import UnreadableDate, parse_date
from portal import procedures
from portal.cases.queries import count_open_cases
from portal.core.access import allow, right, staff_member
from portal.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Unavailable
from portal.core.events import Actor
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import STATUS, db
from portal.procedures import Procedure, definition_in
from portal.publishing.blueprint import EDIT, PUBLISH, bp
from portal.publishing.changes import changes_by_topic
from portal.publishing.checks import diagnose
from portal.publishing.editing import editor
from portal.publishing.forms import (
    MAX_SOURCE_LENGTH,
    ClosingForm,
    DigestForm,
    PlannedForm,
    PublishForm,
    SecondPersonForm,
    UploadForm,
)
from portal.publishing.handover import handover
from portal.publishing.lines import changed_lines
from portal.publishing.pictures import MAX_BYTES, checked_pictures, packed, unpacked
from portal.publishing.preview import PreviewOptions
from portal.publishing.preview_page import loadable
from portal.publishing.reach import clean, procedure_of, saved_text, seen, version_of

_MAX_PACKED = procedures.pictures.MAX_PICTURES * MAX_BYTES + MAX_SOURCE_LENGTH


@bp.get("/<key>/difference")
@allow(EDIT)
def compare(key: str) -> ResponseReturnValue:
    """The draft beside the published version: in words, and line by line."""
    procedure = procedure_of(key)
    draft, live = procedures.draft_of(db(), procedure), procedures.current_version(db(), procedure)
    if draft is None or live is None:
        raise NotFound(_("くらべる版がありません。"))
    text = procedures.upgraded(draft).text
    newer = loadable(db(), text)
    older = definition_in(db(), live)
    lines = changed_lines(live.source, text)
    return render_template(
        "publishing/difference.html",
        procedure=procedure,
        draft=draft,
        live=live,
        changes=changes_by_topic(older, newer) if newer else None,
        effects=example_effects(older, newer, current_city()) if newer else [],
        lines=lines,
        rewritings=procedures.upgraded(live).rewritings,
        handover=handover(db(), procedure, newer),
        running=count_open_cases(db(), procedure.key),
    )


@bp.post("/<key>/publish")
@allow(PUBLISH)
def publish(key: str) -> ResponseReturnValue:
    """Publish the draft that was looked at, or have it wait for its day or a second person; running cases stay on their version."""
    procedure, form = procedure_of(key), PublishForm()
    staff_member().require("procedure.publish", procedure.department_id)
    try:
        waits = _publish(procedure, form)
    except (Conflict, Invalid) as error:
        return _refused(procedure, error)
    return redirect(url_for("publishing.edit", key=key, published=None if waits else 1), 303)


def _publish(procedure: Procedure, form: PublishForm) -> bool:
    """Whether it waits."""
    note, typed_day = (form.note.data or "").strip(), (form.from_day.data or "").strip()
    if not form.validate_on_submit():
        raise Invalid(_("変更の理由は、1,000文字までにしてください。"))
    if not note and procedure.current_version_id is not None:
        raise Invalid(_("変更の理由を書いてください。あとから版を見る職員に伝わります。"))
    try:
        from_day = parse_date(typed_day) if typed_day else None
    except UnreadableDate as error:
        raise Invalid(_("公開する日を、2027-04-01 のように入力してください。")) from error
    _check_for_publishing(procedure)
    digest = seen(form.digest.data)
    if from_day is None and not procedure.needs_second_person:
        procedures.publish(db(), procedure, staff_member().id, note or None, seen_digest=digest)
        return False
    if procedures.draft_of(db(), procedure) is not None:
        procedures.planned.plan(db(), procedure, _actor(), note, from_day=from_day, seen_digest=digest)
    return True


def _check_for_publishing(procedure: Procedure) -> None:
    """Raise Invalid while the draft has faults, or goes to a department for which this person may not publish."""
    draft = procedures.draft_of(db(), procedure)
    source = procedures.upgraded(draft).text if draft else ""
    errors = diagnose(db(), procedure, source).errors if draft else []
    if errors:
        raise Invalid(_("直すところが{count}件あります。直してから公開してください。", count=len(errors)))
    change = handover(db(), procedure, loadable(db(), source))
    if change is not None and not staff_member().may("procedure.publish", change.to_id):
        raise Invalid(
            _(
                "「{department}」の手続きを公開する権限がありません。その課で公開できる人に頼むか、department を直してください。",
                department=change.to_title,
            )
        )


@bp.post("/<key>/planned")
@allow(PUBLISH)
def decide_planned(key: str) -> ResponseReturnValue:
    """Confirm the publication that somebody else asked for, or take it back."""
    procedure, form = procedure_of(key), PlannedForm()
    staff_member().require("procedure.publish", procedure.department_id)
    published = False
    try:
        if form.act.data == "confirm":
            _check_for_publishing(procedure)
            published = procedures.planned.confirm(db(), procedure, _actor(), seen_digest=seen(form.digest.data))
        else:
            procedures.planned.withdraw(db(), procedure, _actor())
    except (Conflict, Invalid, Forbidden) as error:
        return _refused(procedure, error)
    return redirect(url_for("publishing.edit", key=key, published=1 if published else None), 303)


@bp.post("/<key>/second-person")
@allow(right("staff.manage"))
def second_person(key: str) -> ResponseReturnValue:
    """Say whether publishing takes two people: for who manages the staff of the department, since it binds those who publish."""
    procedure, form = procedure_of(key), SecondPersonForm()
    staff_member().require("staff.manage", procedure.department_id)
    needed = form.needed.data == "yes"
    procedures.planned.need_second_person(db(), procedure, _actor(), needed=needed)
    return redirect(url_for("publishing.edit", key=key, _anchor="rule"), 303)


def _refused(procedure: Procedure, error: DomainError) -> ResponseReturnValue:
    """The editor again, with what is saved and the reason why nothing was done."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return editor(procedure, saved_text(procedure), PreviewOptions(), problem=error.message), status


@bp.post("/<key>/discard")
@allow(EDIT)
def discard(key: str) -> ResponseReturnValue:
    """Discard the draft."""
    procedure = procedure_of(key)
    try:
        procedures.discard_draft(db(), procedure, _actor())
    except Conflict as error:
        return _refused(procedure, error)
    target = url_for("publishing.edit", key=key) if procedure.current_version_id else url_for("publishing.index")
    return redirect(target, 303)


@bp.post("/<key>/upload")
@allow(EDIT)
def upload(key: str) -> ResponseReturnValue:
    """Go on with a definition from a file: it becomes the draft, with the same checks as a text that was typed."""
    procedure, form = procedure_of(key), UploadForm()
    try:
        if not form.validate_on_submit() or not form.file.data:
            raise Invalid(_("読み込むファイルを選んでください。"))
        content: bytes = form.file.data.stream.read(_MAX_PACKED + 1)
        beside: Mapping[str, bytes] = {}
        if is_zipfile(BytesIO(content)):
            content, beside = unpacked(content, 4 * MAX_SOURCE_LENGTH)
        pictures = list(checked_pictures(beside))
        with db().begin_nested():
            for picture in pictures:
                procedures.pictures.add_picture(db(), procedure, picture, staff_member().id)
            _save(procedure, _text_of(content), form.digest.data)
    except (Conflict, Invalid, Unavailable) as error:
        return _refused(procedure, error)
    return redirect(url_for("publishing.edit", key=key), 303)


def _text_of(content: bytes) -> str:
    try:
        text = clean(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Invalid(_("このファイルは文字として読めません。UTF-8のYAMLファイルを選んでください。")) from error
    if len(text) > MAX_SOURCE_LENGTH:
        raise Invalid(_("定義が大きすぎます。{count}文字までにしてください。", count=f"{MAX_SOURCE_LENGTH:,}"))
    return text


@bp.post("/<key>/versions/<int:number>/restore")
@allow(EDIT)
def restore(key: str, number: int) -> ResponseReturnValue:
    """Restore an earlier version: its text becomes the draft, and is published like any other."""
    procedure = procedure_of(key)
    source = procedures.upgraded(version_of(procedure, number)).text
    try:
        _save(procedure, source, DigestForm().digest.data)
    except Conflict as error:
        return _refused(procedure, error)
    return redirect(url_for("publishing.edit", key=key), 303)


def _save(procedure: Procedure, source: str, digest: str | None) -> None:
    procedures.save_draft(db(), procedure, source, staff_member().id, seen_digest=seen(digest))


@bp.get("/<key>/versions/<int:number>.yaml")
@allow(EDIT)
def version(key: str, number: int) -> ResponseReturnValue:
    """One version as a file: the text that was published, in the present language, so that it can be read in again; a ZIP file
    with its pictures, where it shows some.
    """
    procedure = procedure_of(key)
    version = version_of(procedure, number)
    text = procedures.upgraded(version).text
    together = packed(procedure, text, f"{procedure.key}-{number}.yaml")
    ending, kind = ("yaml", "application/yaml") if together is None else ("zip", "application/zip")
    disposition = f'attachment; filename="{procedure.key}-{number}.{ending}"'
    return Response(together or text, mimetype=kind, headers={"Content-Disposition": disposition})


@bp.post("/<key>/closing")
@allow(PUBLISH)
def closing(key: str) -> ResponseReturnValue:
    """Stop taking applications, or take them again; running cases go on."""
    procedure = procedure_of(key)
    staff_member().require("procedure.publish", procedure.department_id)
    change = procedures.close_procedure if ClosingForm().close.data == "yes" else procedures.reopen_procedure
    change(db(), procedure, _actor())
    return redirect(url_for("publishing.index"), 303)


def _actor() -> Actor:
    return Actor("staff", staff_member().id, staff_member().name)
