"""What each tab of the drawer shows of a case, read only when it is open: content, files, words, history."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from forms import evaluate
from forms.fields.path import head_of
from portal.cases import (
    consents_of_case,
    filled_forms,
    format_period,
    payouts_of_case,
    places_of_case,
    revisions_of,
    surveyed_lines,
    why_undecidable,
)
from portal.cases import notes as case_notes
from portal.cases.dossiers import dossiers_of_case
from portal.cases.holds import retention_of
from portal.cases.map_objections import objections_of
from portal.cases.messages import files_by_message, messages_of
from portal.cases.places import PlaceInspection, inspect_places
from portal.cases.queries import Place, former_decisions, history, places_of, views
from portal.core.access import StaffIdentity
from portal.core.tenancy import current_city
from portal.core.text import using_language
from portal.desk.automatic_checks import automatic_checks, objection_checks
from portal.desk.case_detail import CaseDetail
from portal.desk.former_answers import former_answers, former_files, former_shapes, former_sizes
from portal.desk.measured_places import measured_places
from portal.desk.neighbours_told import neighbours_told
from portal.desk.proposals_told import proposals_told
from portal.desk.reductions import reductions_of
from portal.desk.stage_records import photo_features, stage_records
from portal.desk.transfers_told import transfers_told
from portal.documents import issued_documents
from portal.files import files_of_case
from portal.maps import CityLayers
from portal.payments import Payment, notes_of_order, refunds_of_order
from portal.residents.answers import computed_rows, file_titles, sections


def read_tab(
    session: Session,
    detail: CaseDetail,
    staff: StaffIdentity,
    answers: Mapping[str, Any],
    payments: list[Payment],
    layers: CityLayers,
) -> None:
    """Read into `detail` what its open tab shows, and nothing of the others."""
    if detail.tab == "content":
        _content(session, detail, staff, answers, payments, layers)
    elif detail.tab == "files":
        _files(session, detail, answers)
        detail.issued = issued_documents(session, [detail.case.id]) if detail.sight.answers else ()
    elif detail.tab == "messages":
        detail.messages = messages_of(session, detail.case.id)
        detail.message_files = files_by_message(files_of_case(session, detail.case.id))
        detail.notes = case_notes.notes_of(session, detail.case.id)
    else:
        _history(session, detail)


def _content(
    session: Session,
    detail: CaseDetail,
    staff: StaffIdentity,
    answers: Mapping[str, Any],
    payments: list[Payment],
    layers: CityLayers,
) -> None:
    case, definition, sight = detail.case, detail.definition, detail.sight
    if sight.payments:
        detail.payouts = payouts_of_case(session, case, definition)
        detail.payouts_wait = why_undecidable(case, definition)
        detail.reductions = reductions_of(session, case, definition, staff)
        detail.surveyed = bool(surveyed_lines(case))
    _answered(session, detail, answers, payments, layers)
    if sight.answers:
        detail.consents = consents_of_case(session, case, definition)
    if sight.answers or sight.place:
        detail.stage_forms = stage_records(filled_forms(session, case, definition))
    if detail.stage_forms and detail.shapes:
        detail.shapes["features"] += photo_features(case.id, files_of_case(session, case.id))


def _files(session: Session, detail: CaseDetail, answers: Mapping[str, Any]) -> None:
    """The files of the case: those that its answers name now, then those that a correction replaced."""
    case, definition, sight = detail.case, detail.definition, detail.sight
    visible = sight.fields(definition) | sight.stage_files(definition)
    files = [file for file in files_of_case(session, case.id) if sight.answers or head_of(file.field) in visible]
    detail.file_titles = file_titles(definition, answers)
    for form in filled_forms(session, case, definition):
        titles = file_titles(form.definition, form.answers)
        detail.file_titles |= {key: f"{form.definition.title.ja} {title}" for key, title in titles.items()}
    if any(file.public_id not in detail.file_titles for file in files):
        detail.former_files = former_files(definition, answers, revisions_of(session, case.id))
    detail.files = sorted(files, key=lambda file: file.public_id in detail.former_files)


def _answered(
    session: Session, detail: CaseDetail, answers: Mapping[str, Any], payments: list[Payment], layers: CityLayers
) -> None:
    case, definition, sight = detail.case, detail.definition, detail.sight
    revisions = revisions_of(session, case.id)
    given = {*answers, *(key for revision in revisions for key in revision.answers)}
    shown = sight.fields(definition) & given
    questions = {key: question for key, question in definition.fields.items() if key in shown and not question.is_place}
    with using_language("ja"):
        former = {key: former_answers(question, answers, revisions) for key, question in questions.items()}
        detail.sections = sections(definition, answers, case.facts, questions, former)
        detail.booked = places_of_case(session, case, definition) if sight.answers else []
        if definition.compute:
            outcome = evaluate(definition, answers, case.facts, today=case.submitted_on, city=current_city())
            detail.computed = computed_rows(definition, outcome, sight.fields(definition))
    places = places_of(session, case.id) if sight.place else []
    payments = payments if sight.payments else []
    detail.refunds = [refund for payment in payments for refund in refunds_of_order(session, payment.id)]
    for order_id in {refund.order_id for refund in detail.refunds if refund.status == "requested"}:
        notes = notes_of_order(session, order_id)
        detail.refund_reasons |= {
            note.refund_id: note.body for note in notes if note.refund_id and note.kind == "refund"
        }
    titles = layers.titles() if places else {}
    inspection = None
    if case.closed_at is None and places:
        inspection = inspect_places(session, definition, answers, exclude_case=case.id)
    detail.checks = automatic_checks(
        case,
        definition,
        answers,
        inspection=inspection,
        titles=titles,
        payments=payments,
        sight=sight,
        changed=detail.fee_difference,
    )
    if places:
        detail.dossiers = dossiers_of_case(session, case.id)
        detail.checks = [*objection_checks(objections_of(session, case.id), titles), *detail.checks]
    detail.measured = measured_places(case, definition, answers, titles, places)
    detail.shapes = _shapes(places, inspection)
    if detail.shapes:
        detail.measured += former_sizes(definition, answers, revisions)
        detail.shapes["features"] += [
            _feature(shape, "former") for shape in former_shapes(definition, answers, revisions)
        ]


def _history(session: Session, detail: CaseDetail) -> None:
    case, definition, sight = detail.case, detail.definition, detail.sight
    detail.events = history(session, case.id)
    told = neighbours_told(session, case.id, detail.events) | proposals_told(definition, detail.events)
    detail.told = told | transfers_told(session, detail.events)
    if sight.answers and any("former" in event.data for event in detail.events):
        detail.former = former_decisions(session, case)
    detail.retention = retention_of(session, case) if sight.answers else None
    detail.views = views(session, case.id) if sight.answers else []


def _shapes(places: list[Place], inspection: PlaceInspection | None) -> dict[str, Any] | None:
    if not places:
        return None
    features = [_feature(place.geometry, "place") for place in places]
    for conflict in [
        conflict for several in (inspection.conflicts.values() if inspection else ()) for conflict in several
    ]:
        title = f"{conflict.number} {format_period(conflict.starts_on, conflict.ends_on)}"
        features += [
            _feature(conflict.geometry, "permit", title),
            *([_feature(conflict.overlap, "overlap")] if conflict.overlap else []),
        ]
    return {"type": "FeatureCollection", "features": features}


def _feature(geometry: dict[str, Any], role: str, title: str | None = None) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": {"role": role, "title": title}}
