"""One case as its office sees it in the drawer: answers, places, money, files, words and history, each read only when its tab is open."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from forms import Definition, State, due_by_answer, evaluate
from forms.fields.path import head_of
from forms.workflow.clock import STANDARD, stands_still
from portal.cases import (
    SURVEY_PROOF,
    WAIVER_PROOF,
    Case,
    CasePayout,
    Consent,
    Link,
    OfferedChange,
    Parties,
    SeenVersion,
    Sight,
    SisterCase,
    allocation,
    chain_of,
    consents_of_case,
    contact_address,
    fee_difference,
    filled_forms,
    follow_up_count,
    format_period,
    intakes,
    newest_change,
    offered_changes,
    open_answers,
    parties_of,
    payouts_of_case,
    places_of_case,
    queries,
    refundable_amount,
    related,
    revisions_of,
    sight_of,
    sister_cases,
    surveyed_lines,
    why_undecidable,
)
from portal.cases import notes as case_notes
from portal.cases.decisions import Decision, decision_on
from portal.cases.dossiers import LocationDossier, dossiers_of_case
from portal.cases.holds import Retention, retention_of
from portal.cases.map_objections import objections_of
from portal.cases.messages import Message, files_by_message, message_count, messages_of
from portal.cases.moves import MoveOption, available, roles_in
from portal.cases.place_proposals import draft_count
from portal.cases.places import PlaceInspection, inspect_places
from portal.cases.queries import FormerDecisionTold, Place, extent_of, former_decisions, history, places_of, views
from portal.cases.standard_words import conditions_of, granted_parts
from portal.cases.tracking import check_code
from portal.core.access import StaffIdentity
from portal.core.database import city_of
from portal.core.events import Event
from portal.core.tenancy import current_city
from portal.core.text import _, using_language
from portal.desk.automatic_checks import AutomaticCheck, automatic_checks, fee_difference_text, objection_checks
from portal.desk.drafts_told import DraftTold, draft_told
from portal.desk.former_answers import former_answers, former_shapes, former_sizes
from portal.desk.measured_places import measured_places
from portal.desk.neighbours_told import neighbours_told
from portal.desk.next_doers import next_doers
from portal.desk.proposals_told import proposals_told
from portal.desk.reductions import AskedReduction, reductions_of
from portal.desk.stage_records import StageRecord, photo_features, stage_records
from portal.desk.transfers_told import transfers_told
from portal.files import Capture, StoredFile, capture_of, file_count, files_of_case
from portal.identity import staff_of_department
from portal.maps import CityLayers
from portal.notifications import latest_status_of_case
from portal.payments import Payment, Refund, notes_of_order, payments_of_case, refunds_of_order
from portal.procedures import definition_of, version_numbers
from portal.residents.answers import Row, Section, computed_rows, file_slots, file_titles, sections


@dataclass
class CaseDetail:
    """What the drawer shows. `shapes` are the case's places and what lies in their way, as GeoJSON with the role of each."""

    case: Case
    definition: Definition
    state: State
    tab: str
    moves: list[MoveOption]
    refundable: int
    fee_difference: str
    assignable: Sequence[tuple[int, str]]
    loads: Mapping[int, allocation.Workload]
    parties: Parties | None
    check_code: str
    email: str | None
    letters_arrive: bool
    counts: dict[str, int]
    seen: SeenVersion
    decision: Decision | None
    sections: list[Section] = field(default_factory=list)
    computed: list[Row] = field(default_factory=list)
    booked: list[tuple[str, str]] = field(default_factory=list)
    measured: list[tuple[str, str]] = field(default_factory=list)
    shapes: dict[str, Any] | None = None
    extent: list[float] | None = None
    version: tuple[int, int | None] = (0, None)
    checks: list[AutomaticCheck] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    refund_reasons: dict[int, str] = field(default_factory=dict)
    files: Sequence[StoredFile] = ()
    dossiers: Sequence[LocationDossier] = ()
    file_titles: dict[str, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    message_files: Mapping[int, Sequence[StoredFile]] = field(default_factory=dict)
    notes: list[case_notes.Note] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    views: list[Event] = field(default_factory=list)
    former: Sequence[FormerDecisionTold] = ()
    told: dict[int, str] = field(default_factory=dict)
    retention: Retention | None = None
    consents: Sequence[Consent] = ()
    reductions: Sequence[AskedReduction] = ()
    surveyed: bool = False
    payouts: Sequence[CasePayout] = ()
    payouts_wait: str = ""
    stage_forms: list[StageRecord] = field(default_factory=list)
    sight: Sight = field(default=Sight(answers=False, place=False, payments=False))
    newest_event: Event | None = None
    chain: list[Link] = field(default_factory=list)
    sisters: list[SisterCase] = field(default_factory=list)
    offered: list[OfferedChange] = field(default_factory=list)
    applicant_due: date | None = None
    next_doers: Sequence[str] = ()
    questions_asked: Collection[str] = ()
    may_write: bool = False
    draft: DraftTold | None = None

    @property
    def intake(self) -> intakes.Intake | None:
        """How it reached the office, where somebody of the staff wrote it, for who reads the answers."""
        return intakes.intake_of(self.case) if self.sight.answers else None

    @property
    def suggested(self) -> str:
        """The colleague with least on their desk, where there is a choice and the case is not on it already; else empty."""
        staff_id = allocation.suggested(self.loads)
        names = dict(self.assignable)
        return names[staff_id] if staff_id is not None and staff_id != self.case.assignee_id else ""

    @property
    def conditions(self) -> list[str]:
        """The conditions of the decision, for who reads the answers."""
        return conditions_of(self.case) if self.sight.answers else []

    def title_of_state(self, state: str) -> str:
        """What a state of the case's workflow is called."""
        states = queries.whole_workflow(self.case, self.definition).states
        return states[state].title.for_language("ja") if state in states else state

    def granted(self, stored: Mapping[str, Any] | None) -> list[tuple[str, str, str]]:
        """The parts of a decision that granted only some: each question, what was asked for, and what is granted."""
        return [part.told("ja") for part in granted_parts(stored, self.definition)]

    def capture_of(self, file: StoredFile) -> Capture | None:
        """When and where a photo of a site visit was taken."""
        return capture_of(file)

    def file_label(self, slot: str) -> str:
        """The question of a file that no answer names any more."""
        added = {WAIVER_PROOF: _("減免の根拠"), SURVEY_PROOF: _("実測の根拠"), intakes.PAPER: _("届いた紙")}
        if slot in added:
            return added[slot]
        if slot.startswith("message-"):
            return _("メッセージの添付")
        question = self.definition.question_at(slot)
        return question.label_in("ja") if question else ""

    @property
    def stands_still(self) -> bool:
        """Whether the city's own time does not run because the case is with the applicant."""
        return stands_still(self.case.clock, STANDARD) and self.case.closed_at is None

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Questions that a correction may name, id and label: those that the applicant was asked, as the case has been answered."""
        questions = self.definition.fields.values()
        return [(question.id, question.label_in("ja")) for question in questions if question.id in self.questions_asked]


def case_detail(session: Session, case: Case, staff: StaffIdentity, tab: str, layers: CityLayers) -> CaseDetail:
    """Read what one tab of the drawer needs."""
    definition = definition_of(session, case.version_id)
    answers = open_answers(city_of(session), case.answers)
    payments = payments_of_case(session, case.id)
    refundable = refundable_amount(session, payments)
    moves = available(case, definition, roles_in(staff, case), refundable=refundable)
    moves = [move for move in moves if refundable or not move.chooses_refund]
    decision = decision_on(session, case)
    if decision and decision.failure is None:
        moves = []
    sight = sight_of(staff, case)
    changed = fee_difference(session, case) if sight.payments and case.closed_at is None else None
    visible_files = None
    if not sight.answers:
        visible_files = [*file_slots(definition, sight.fields(definition)), *sight.stage_files(definition)]
    counts, letters_arrive, newest, extent, version = _counts(session, case, visible_files)
    of_office = staff.may(
        "case.read_answers", case.department_id
    )  # who is only asked does not speak with the applicant
    assignable = staff_of_department(session, case.department_id)
    may_assign = staff.may("case.assign", case.department_id)
    detail = CaseDetail(
        case=case,
        definition=definition,
        state=queries.state_of(case, definition),
        tab=tab if tab in sight.tabs else "content",
        moves=moves,
        refundable=refundable,
        fee_difference=fee_difference_text(changed) if changed else "",
        assignable=assignable,
        loads=allocation.workloads(session, [staff_id for staff_id, _name in assignable]) if may_assign else {},
        check_code=check_code(case) if of_office and case.account_id is None else "",
        parties=parties_of(definition, answers) if sight.answers else None,
        email=contact_address(session, case) if of_office else None,
        letters_arrive=letters_arrive,
        counts=counts,
        sight=sight,
        seen=SeenVersion(case.lock_version, newest.id if newest else 0),
        decision=decision,
        newest_event=newest,
        extent=extent if sight.place else None,
        version=version,
        next_doers=[] if decision and decision.failure is None else next_doers(session, case, definition, staff, moves),
        applicant_due=due_by_answer(definition, answers) if sight.answers else None,
        may_write=staff.may("case.message", case.department_id),
        chain=chain_of(session, case) if case.origin_case_id or counts["follow_ups"] else [],
        sisters=sister_cases(session, case, staff),
        offered=offered_changes(session, case, definition) if sight.answers and of_office else [],
        questions_asked=_questions_asked(case, definition, answers) if any(move.asks_fields for move in moves) else (),
    )
    if decision and decision.awaits_sign_off:
        detail.draft = draft_told(session, case, definition, staff, decision, refundable=refundable)
    if detail.tab == "content":
        if sight.payments:
            detail.payouts = payouts_of_case(session, case, definition)
            detail.payouts_wait = why_undecidable(case, definition)
            detail.reductions = reductions_of(session, case, definition, staff)
            detail.surveyed = bool(surveyed_lines(case))
        _content(session, detail, answers, payments, layers)
        if sight.answers:
            detail.consents = consents_of_case(session, case, definition)
        if sight.answers or sight.place:
            detail.stage_forms = stage_records(filled_forms(session, case, definition))
        if detail.stage_forms and detail.shapes:
            detail.shapes["features"] += photo_features(files_of_case(session, case.id))
    elif detail.tab == "files":
        visible = sight.fields(definition) | sight.stage_files(definition)
        detail.files = [
            file for file in files_of_case(session, case.id) if sight.answers or head_of(file.field) in visible
        ]
        detail.file_titles = file_titles(definition, answers)
        for form in filled_forms(session, case, definition):
            titles = file_titles(form.definition, form.answers)
            detail.file_titles |= {key: f"{form.definition.title.ja} {title}" for key, title in titles.items()}
    elif detail.tab == "messages":
        detail.messages = messages_of(session, case.id)
        detail.message_files = files_by_message(files_of_case(session, case.id))
        detail.notes = case_notes.notes_of(session, case.id)
    else:
        _history(session, detail)
    return detail


def _history(session: Session, detail: CaseDetail) -> None:
    case, definition, sight = detail.case, detail.definition, detail.sight
    detail.events = history(session, case.id)
    told = neighbours_told(session, case.id, detail.events) | proposals_told(definition, detail.events)
    detail.told = told | transfers_told(session, detail.events)
    if sight.answers and any("former" in event.data for event in detail.events):
        detail.former = former_decisions(session, case)
    detail.retention = retention_of(session, case) if sight.answers else None
    detail.views = views(session, case.id) if sight.answers else []


def _questions_asked(case: Case, definition: Definition, answers: Mapping[str, Any]) -> Collection[str]:
    """The questions, answered or left empty, that the applicant was shown; files and places are among them."""
    outcome = evaluate(definition, answers, case.facts, today=case.submitted_on, city=current_city())
    visible = {head_of(path) for path in outcome.visible}
    return {name for name, question in definition.fields.items() if name in visible and question.is_question}


def _counts(
    session: Session, case: Case, slots: Collection[str] | None
) -> tuple[dict[str, int], bool, Event | None, list[float] | None, tuple[int, int | None]]:
    """How many files (of those questions; None: all), messages and notes there are, whether letters arrive, the newest event that
    changed the case, the extent of its places, and its version with the present one, in one statement.
    """
    case_id = case.id
    files = file_count(case_id, slots)
    here = select(literal(1).label("here")).subquery()
    query = (
        select(
            files,
            message_count(case_id),
            case_notes.note_count(case_id),
            latest_status_of_case(case_id),
            Event,
            follow_up_count(case_id),
            draft_count(case_id),
            *related.join_counts(case_id),
            extent_of(case_id),
            version_numbers(case.version_id),
        )
        .select_from(here)
        .outerjoin(Event, Event.id == newest_change(case_id))
    )
    row = session.execute(query).one()
    counts = {
        "files": row[0] or 0,
        "messages": (row[1] or 0) + (row[2] or 0),
        "follow_ups": row[5] or 0,
        "proposals": row[6] or 0,
        "followers": row[7] or 0,
        "lead": row[8] or 0,
    }
    return counts, row[3] in {None, "sent"}, row[4], row[9], (row[10][0], row[10][1])


def _content(
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
