"""Filling in one row of a group on a page of its own: 「お子さん 2」, then the next one, then back to the list."""

from flask import redirect, render_template, request, url_for

from forms import Step, StepReading
from forms.fields import GroupField
from forms.fields.path import FieldPath
from portal.core.access import PUBLIC, allow
from portal.core.errors import NotFound
from portal.core.page_tokens import is_late
from portal.core.text import _
from portal.core.web import db
from portal.residents import late
from portal.residents.apply import Answer, faults_of, places_of, read_and_keep
from portal.residents.blueprint import bp
from portal.residents.draft_application import DraftApplication, open_application
from portal.residents.form_submission import (
    is_refused_address,
    kept_to_review,
    needs_own_address,
    on_page,
    read_saved,
    refused_address,
    stays_on_page,
    stays_to_search,
    take_files,
)
from portal.residents.own_rows import OwnRow, RowGone, posted_page, row_after, row_of, row_posted
from portal.residents.row_lists import ADD, Errors, GoneRow, added_row, empty_row, lost_inputs, remove_row
from portal.residents.step_page import (
    about_page,
    questions_as_saved,
    questions_as_typed,
    render_step,
    step_bar,
)

_ADDRESS = "/apply/d/<public_id>/<step_id>/each/<group_id>/<int:number>"


@bp.get(_ADDRESS)
@allow(PUBLIC)
def row_page(public_id: str, step_id: str, group_id: str, number: int) -> Answer:
    """The page of one row, filled with what was saved."""
    application = open_application(db(), public_id)
    if application.is_sent:
        return redirect(url_for("residents.review", public_id=public_id), 303)
    step = application.step(step_id)
    own = row_of(application, step, _group(application, step, group_id).id, number)
    if own is None:
        return _gone(application, step, group_id), 404
    if is_refused_address():
        reading = read_saved(application, step)
        questions = questions_as_typed(application, step, reading, _faults(application, step, reading, own), own=own)
        return render_step(application, questions, places_of(application, step), own=own)
    return _page(application, step, own)


@bp.post(_ADDRESS)
@allow(PUBLIC)
def send_row(public_id: str, step_id: str, group_id: str, number: int) -> Answer:
    """Take the page of a row: keep what is sound, say what must be corrected, go on when nothing is."""
    if late.kept_for_owner(public_id, step_id) is not None:
        return late.to_sign_in(url_for("residents.go_on", public_id=public_id))
    application = open_application(db(), public_id, lock=True)
    if application.is_sent:
        return redirect(url_for("residents.review", public_id=public_id), 303)
    step = application.step(step_id)
    _group(application, step, group_id)
    try:
        own = row_posted(application, step) or row_of(application, step, group_id, number)
        form = posted_page(application, step)
    except RowGone:
        own = None
    if own is None or (own.group.id, own.key) != (group_id, number):
        return _gone(application, step, group_id), 409
    slots = [slot for slot in application.file_slots_of(step, form) if own.holds(slot.path)]
    taking = take_files(application, slots, form)
    reading = read_and_keep(application, step, form)
    if is_late():
        questions = questions_as_typed(application, step, reading, taking.refused, own=own)
        return render_step(application, questions, places_of(application, step), late=True, own=own), 400
    if "continue-later" in request.form and not taking.refused:
        return redirect(url_for("residents.later", public_id=public_id), 303)
    stays = reading.stay or stays_on_page() or stays_to_search() or "continue-later" in request.form
    errors = ({} if stays else _faults(application, step, reading, own)) | taking.refused
    if not errors and not stays:
        return redirect(kept_to_review(_next(application, step, reading, own)), 303)
    appeared = not taking.refused and _only_appeared(own, errors)
    if errors and not appeared and needs_own_address() and errors == _saved_faults(application, step, own):
        return redirect(refused_address(application.row_address(step, own.group, own.key)), 303)
    questions = questions_as_typed(application, step, reading, {} if appeared else errors, own=own)
    page = render_step(application, questions, places_of(application, step), appeared=appeared, own=own)
    return page, taking.status if taking.refused else 422 if questions.errors else 200


@bp.get(f"{_ADDRESS}/remove")
@allow(PUBLIC)
def ask_to_remove_row(public_id: str, step_id: str, group_id: str, number: int) -> Answer:
    """Ask before a row goes, with everything that was written into it."""
    application = open_application(db(), public_id)
    if application.is_sent:
        return redirect(url_for("residents.review", public_id=public_id), 303)
    step = application.step(step_id)
    own = row_of(application, step, _group(application, step, group_id).id, number)
    if own is None:
        return redirect(kept_to_review(application.address(step)), 303)
    questions = questions_as_saved(application, step)
    return render_template(
        "residents/remove_row.html",
        application=application,
        definition=application.definition,
        about=about_page(application, step),
        step=step,
        own=own,
        words=questions.page.listed_rows[own.group.id][own.number].words,
        back=kept_to_review(application.address(step)),
        address=kept_to_review(f"{application.row_address(step, own.group, own.key)}/remove"),
        **step_bar(application, step.id),
    )


@bp.post(f"{_ADDRESS}/remove")
@allow(PUBLIC)
def take_row_out(public_id: str, step_id: str, group_id: str, number: int) -> Answer:
    """Take a row out. Pressing twice, or on two devices, is no fault: the list shows what is there."""
    application = open_application(db(), public_id, lock=True)
    if application.is_sent:
        return redirect(url_for("residents.review", public_id=public_id), 303)
    step = application.step(step_id)
    own = row_of(application, step, _group(application, step, group_id).id, number)
    if own is not None:
        remove_row(application, step, own)
    return redirect(kept_to_review(f"{application.address(step)}#{group_id}"), 303)


def _group(application: DraftApplication, step: Step, group_id: str) -> GroupField:
    for group in application.row_groups(step):
        if group.id == group_id and application.outcome.is_visible(group_id):
            return group
    raise NotFound


def _page(application: DraftApplication, step: Step, own: OwnRow) -> str:
    questions = questions_as_saved(application, step, own)
    return render_step(application, questions, places_of(application, step), own=own)


def _gone(application: DraftApplication, step: Step, group_id: str) -> str:
    """The list, and that the row whose page was open is not in it any more; what was just written can go into a new one."""
    gone = _("開いていたページの内容は、別の画面で消されました。")
    questions = questions_as_saved(application, step)
    return render_step(
        application, questions, places_of(application, step), gone=GoneRow(gone, group_id, lost_inputs(group_id))
    )


def _faults(application: DraftApplication, step: Step, reading: StepReading, own: OwnRow) -> Errors:
    """What must be corrected in the row."""
    if own.number not in reading.rows.get(own.group.id, ()):
        return {own.path: [empty_row(own.group, own.number)]}
    faults = faults_of(application, step, reading, places_of(application, step), application.answers)
    return {path: sentences for path, sentences in faults.items() if own.holds(path)}


def _saved_faults(application: DraftApplication, step: Step, own: OwnRow) -> Errors:
    return _faults(application, step, read_saved(application, step), own)


def _only_appeared(own: OwnRow, errors: Errors) -> bool:
    """Whether all there is to correct are questions that the page did not show yet (it was sent without a script)."""
    conditional = {question.id for question in own.group.fields if question.show_when}
    shown = on_page()
    return bool(errors) and all(
        (name := FieldPath.parse(path).in_row.head) in conditional and f"{own.path}.{name}" not in shown
        for path in errors
    )


def _next(application: DraftApplication, step: Step, reading: StepReading, own: OwnRow) -> str:
    """Where a finished row leads: to a new one if that was asked for, to the next while it is not finished, else to the list."""
    if request.form.get(ADD) == own.group.id:
        another = added_row(application, step, own.group)
    else:
        another = row_after(questions_as_typed(application, step, reading, {}), own)
    if another is not None:
        return application.row_address(step, own.group, another.key)
    return f"{application.address(step)}#{own.path}"
