"""One case read for its office: what the head of the drawer shows, and what the open tab does."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from forms import Definition, due_by_answer, evaluate
from forms.fields.path import head_of
from portal.cases import (
    Case,
    SeenVersion,
    allocation,
    chain_of,
    contact_address,
    fee_difference,
    follow_up_count,
    newest_change,
    offered_changes,
    open_answers,
    parties_of,
    queries,
    refundable_amount,
    related,
    sight_of,
    sister_cases,
)
from portal.cases import notes as case_notes
from portal.cases.decisions import decision_on
from portal.cases.messages import message_count
from portal.cases.moves import available, roles_in
from portal.cases.place_proposals import draft_count
from portal.cases.queries import extent_of
from portal.cases.tracking import check_code
from portal.core.access import StaffIdentity
from portal.core.database import city_of
from portal.core.events import Event
from portal.core.tenancy import current_city
from portal.desk.automatic_checks import fee_difference_text
from portal.desk.case_detail import CaseDetail
from portal.desk.case_tabs import read_tab
from portal.desk.drafts_told import draft_told
from portal.desk.next_doers import next_doers
from portal.files import file_count
from portal.identity import staff_of_department
from portal.maps import CityLayers
from portal.notifications import latest_status_of_case
from portal.payments import payments_of_case
from portal.procedures import definition_of, version_numbers
from portal.residents.answers import file_slots


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
    read_tab(session, detail, staff, answers, payments, layers)
    return detail


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
