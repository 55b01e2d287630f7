"""Applying: one page of questions after the other, kept at every step, until the review."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from forms import Step, StepReading
from forms.definition.procedure import group_fields
from forms.fields.path import FieldPath, head_of
from portal import procedures
from portal.cases import (
    Carried,
    Draft,
    NotAccepted,
    acceptance_now,
    acceptance_sentence,
    drafts,
    follows,
    places,
)
from portal.cases.browser_drafts import remember_in_browser
from portal.cases.places import PlaceInspection
from portal.core.access import PUBLIC, allow
from portal.core.errors import Conflict
from portal.core.page_tokens import is_late
from portal.core.text import _, current_language
from portal.core.web import db
from portal.identity import ensure_browser_key
from portal.identity.web_session import remember_draft
from portal.procedures import Offer
from portal.residents import late, quotas, visitor_access
from portal.residents.affected_places import affected_places, objections
from portal.residents.blueprint import bp
from portal.residents.draft_application import DraftApplication, open_application
from portal.residents.form_submission import (
    goes_to_review,
    groups_to_extend,
    is_refused_address,
    kept_to_review,
    needs_own_address,
    on_page,
    read,
    read_saved,
    refused_address,
    stays_on_page,
    stays_to_search,
    table_asked_for,
    take_files,
)
from portal.residents.own_rows import lists_of, posted_page
from portal.residents.row_lists import faults_of_lists, to_row_page
from portal.residents.step_page import questions_as_saved, questions_as_typed, render_step

Answer = str | Response | tuple[str, int]


@bp.post("/apply/<key>")
@allow(PUBLIC)
def start(key: str) -> Response:
    """Begin an application and go to its first page: with a draft into which nothing was written yet, where there is one.

    The draft that the form names (`replaces`) is given up for it.
    """
    offer = procedures.offer(db(), key)
    alone = [draft for draft in visitor_access.drafts(db()) if draft.procedure_key == key and draft.bundle_id is None]
    for draft in alone:
        if draft.public_id == request.form.get("replaces"):
            drafts.discard(db(), draft)
    blank = next((draft for draft in alone if _is_blank(draft, offer)), None)
    return go_on(blank.public_id if blank is not None else begin(offer).public_id)


def _is_blank(draft: Draft, offer: Offer) -> bool:
    """Whether a draft is as if it were made now: nothing was written into it, and nothing was filled in that may have changed."""
    return (
        not draft.is_begun
        and not draft.carried
        and draft.origin_case_id is None
        and draft.version_id == offer.version_id
        and draft.account_id == visitor_access.account_id()
        and draft.language == current_language()
    )


def begin(offer: Offer, known: Mapping[str, Carried] | None = None) -> Draft:
    """A draft of a procedure for who asks, with answers that are known. Raises Conflict and NotAccepted where it cannot be begun."""
    if offer.definition.based_on is not None:
        raise Conflict(_("この手続きは、もとの手続きのページから始めてください。"))
    if not offer.definition.has_form:
        raise Conflict(
            _("この手続きは、オンラインでは申請できません。手続きのページで、行くところを確かめてください。")
        )
    acceptance = acceptance_now(offer.definition)
    if acceptance.is_over:
        raise NotAccepted(acceptance_sentence(acceptance))
    quotas.before_draft()
    draft = drafts.start(db(), offer, account_id=visitor_access.account_id(), language=current_language(), known=known)
    remember_draft(draft.public_id)
    return draft


@bp.post("/me/cases/<public_id>/follow/<key>")
@allow(PUBLIC)
def start_follow_up(public_id: str, key: str) -> Response:
    """Begin a procedure that follows one of my cases, with its answers."""
    earlier = visitor_access.case(db(), public_id)
    offer = procedures.offer(db(), key)
    if not follows(offer.definition, earlier):
        raise Conflict(_("ここからは、いまこの手続きを始められません。手続きのページを確かめてください。"))
    acceptance = acceptance_now(offer.definition)
    if acceptance.is_over:
        raise NotAccepted(acceptance_sentence(acceptance))
    quotas.before_draft()
    draft = drafts.start(
        db(), offer, account_id=visitor_access.account_id(), language=current_language(), earlier=earlier
    )
    remember_draft(draft.public_id)
    return go_on(draft.public_id)


@bp.post("/me/cases/<public_id>/again")
@allow(PUBLIC)
def start_again(public_id: str) -> Response:
    """Apply again for what was refused, with the former answers."""
    refused = visitor_access.case(db(), public_id)
    quotas.before_draft()
    draft = drafts.ask_again(db(), refused, account_id=visitor_access.account_id(), language=current_language())
    remember_draft(draft.public_id)
    return go_on(draft.public_id)


@bp.get("/drafts/<public_id>")
@allow(PUBLIC)
def go_on(public_id: str) -> Response:
    """Where an application was left: its first page that is not done, or the review."""
    application = open_application(db(), public_id)
    if application.bundle is not None and not application.is_sent:
        application = open_application(db(), application.public_id, lock=True)
        application.spread()
    for member in application.members:
        remember_in_browser(db(), member.draft, ensure_browser_key())
    return redirect(application.address(None if application.is_sent else application.next_undone), 303)


@bp.get("/apply/d/<public_id>/<step_id>")
@allow(PUBLIC)
def step(public_id: str, step_id: str) -> Answer:
    """One page, filled with what was saved."""
    application = open_application(db(), public_id)
    if application.is_sent:
        return redirect(url_for("residents.review", public_id=public_id), 303)
    here = application.step(step_id)
    inspection = places_of(application, here)
    if is_refused_address():
        reading, errors = _checked(application, here, inspection)
        return render_step(application, questions_as_typed(application, here, reading, errors), inspection)
    return render_step(application, questions_as_saved(application, here), inspection)


@bp.post("/apply/d/<public_id>/<step_id>")
@allow(PUBLIC)
def send(public_id: str, step_id: str) -> Answer:
    """Take a page: keep what is sound, say what must be corrected, go on when nothing is."""
    unseen = late.kept_for_owner(public_id, step_id)
    if unseen is not None:
        return late.to_sign_in(url_for("residents.go_on", public_id=public_id))
    application = open_application(db(), public_id, lock=True)
    if application.is_sent:
        return redirect(url_for("residents.review", public_id=public_id), 303)
    here = application.step(step_id)
    form = posted_page(application, here)
    taking = take_files(application, application.file_slots_of(here, form), form)
    reading = read_and_keep(application, here, form)
    if is_late():
        questions = questions_as_typed(application, here, reading, taking.refused, more_rows=groups_to_extend())
        return render_step(application, questions, places_of(application, here), late=True), 400
    if "continue-later" in request.form and not taking.refused:
        return redirect(url_for("residents.later", public_id=public_id), 303)
    to_rows = None if taking.refused else _to_rows(application, here)
    if to_rows is not None:
        return to_rows
    inspection = places_of(application, here)
    stays = reading.stay or stays_on_page() or stays_to_search() or "continue-later" in request.form
    lists = lists_of(application, here)
    faults = faults_of(application, here, reading, inspection, application.answers)
    errors = {} if stays else faults_of_lists(lists, reading, faults)
    errors |= taking.refused
    if not errors and not stays:
        application.keep(here, reading, done=True)
        return redirect(_after(application, here), 303)
    appeared = not taking.refused and _only_appeared(application, here, errors)
    if errors and not appeared and needs_own_address() and errors == _checked(application, here, inspection)[1]:
        return redirect(refused_address(application.address(here)), 303)
    questions = questions_as_typed(application, here, reading, {} if appeared else errors, more_rows=groups_to_extend())
    page = render_step(application, questions, inspection, appeared=appeared)
    return page, taking.status if taking.refused else 422 if questions.errors else 200


def _after(application: DraftApplication, step: Step) -> str:
    """The page after one that is done; of one that was opened from the review, what that change left open, else the review."""
    if not goes_to_review():
        return application.address(application.step_after(step))
    undone = application.next_undone
    return application.address(None) if undone is None else kept_to_review(application.address(undone))


def _checked(
    application: DraftApplication, step: Step, inspection: PlaceInspection
) -> tuple[StepReading, dict[str, list[str]]]:
    """A page as it was saved, and what must be corrected in it."""
    reading = read_saved(application, step)
    faults = faults_of(application, step, reading, inspection, application.answers)
    return reading, faults_of_lists(lists_of(application, step), reading, faults)


def _to_rows(application: DraftApplication, step: Step) -> Response | None:
    """Where a button of the page leads that fills in rows elsewhere: on a page of their own, or from a table."""
    group = table_asked_for(step)
    if group is not None:
        return redirect(kept_to_review(f"{application.address(step)}/rows/{group.id}"), 303)
    return to_row_page(application, step)


def places_of(application: DraftApplication, step: Step) -> PlaceInspection:
    """The map's word on the places of a page, and on those whose period the page asks for."""
    return places.inspect_places(
        application.session,
        application.definition,
        application.answers,
        only=affected_places(application.definition, step),
    )


def read_and_keep(application: DraftApplication, step: Step, form: dict[str, list[str]]) -> StepReading:
    """Read a page and keep it; once more where the map says something new of a place in a row, which that row may ask about."""
    reading = read(application, step, form)
    facts = application.facts
    application.keep(step, reading)
    if application.facts != facts and any(inner.is_place for group in step.fields for inner in group_fields(group)):
        reading = read(application, step, form)
        application.keep(step, reading)
    return reading


def faults_of(
    application: DraftApplication,
    step: Step,
    reading: StepReading,
    inspection: PlaceInspection,
    answers: Mapping[str, Any],
) -> dict[str, list[str]]:
    """What must be corrected on the page: in what was read, else in what follows from it; and what the map objects to in `answers`."""
    on_this_page = {field.id for field in step.fields}
    faults = dict(reading.errors) or {
        path: sentences
        for path, sentences in application.outcome.errors.items()
        if head_of(path) in on_this_page or path == str(FieldPath.of_check(step.id))
    }
    unsound = {head_of(path) for path in faults}
    for path, sentences in objections(application.definition, step, answers, unsound, inspection).items():
        faults.setdefault(reading.on_page(path), sentences)
    return faults


def _only_appeared(application: DraftApplication, step: Step, errors: dict[str, list[str]]) -> bool:
    """Whether all there is to correct are questions that the page did not show yet (it was sent without a script)."""
    shown = on_page()
    appeared = {
        field.id
        for field in step.fields
        if field.show_when and field.id not in shown and application.outcome.is_visible(field.id)
    }
    return bool(errors) and all(head_of(path) in appeared for path in errors)
