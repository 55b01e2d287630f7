"""What staff do with a case: moves of its workflow, words to the applicant, whose desk it is on, refunds, opening a file."""

from functools import partial

from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from portal.cases import (
    Case,
    ReductionDecision,
    SeenVersion,
    accept_change,
    assigning,
    decide_reduction,
    decisions,
    decline_change,
    mentions,
    moves,
    refuse_outdated,
    reject_refund,
)
from portal.cases.events import of_case
from portal.cases.messages import inspect_files, send_message
from portal.cases.queries import case_for_staff
from portal.cases.standard_words import filled_words
from portal.core.access import allow, right, staff_member
from portal.core.errors import Forbidden
from portal.core.events import Actor, record
from portal.core.web import db
from portal.desk.case_files import readable_file
from portal.desk.case_list import JUST_DONE, page_of
from portal.desk.forms import (
    AssigneeForm,
    ChangeForm,
    DecisionForm,
    MessageForm,
    NoteForm,
    ReductionForm,
    RefundForm,
)
from portal.desk.listing import filter_arguments
from portal.desk.move_forms import class_of_moves, form_again
from portal.desk.rejected_action import taken_back, try_action
from portal.files import open_for_staff
from portal.files.serving import attachment
from portal.payments import approve_refund, payments_of_refund
from portal.procedures import definition_of
from portal.residents.uploads import chosen_files

bp = Blueprint("desk_acting", __name__, url_prefix="/desk")


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)


def _done(case: Case) -> ResponseReturnValue:
    """To the case again, which says what was just done, whether or not the list's filter still takes it in."""
    session[JUST_DONE] = case.id
    return back_to(case)


def back_to(case: Case, tab: str = "content") -> ResponseReturnValue:
    """To the case again, under the filter that the page had (and nothing else from the address)."""
    return redirect(url_for("desk.case", case_id=case.id, tab=tab, **filter_arguments(request.args)), 303)


@bp.post("/cases/<int:case_id>/moves")
@allow(right("case.see"))
def move(case_id: int) -> ResponseReturnValue:
    """Decide on a case; `cases` asks for the role in this case's own department, and that the page was not out of date."""
    staff = staff_member()
    case = case_for_staff(db(), case_id, staff)
    form = class_of_moves(case, definition_of(db(), case.version_id))()
    seen = SeenVersion.parse(form.seen.data)
    at_once: list[bool] = []
    act = partial(decisions.decide, db(), case.id, form.move.data, staff, seen=seen)
    rejected = try_action(db(), form.move.data, lambda: at_once.append(act(form.inputs())), form)
    if rejected:
        return page_of(case, rejected=rejected)
    return _done(case) if at_once == [True] else back_to(case)


@bp.post("/cases/<int:case_id>/decision/take-back")
@allow(right("case.see"))
def take_back(case_id: int) -> ResponseReturnValue:
    """Take back a decision that waits, or put one away that failed; what was written with it stays in its form."""
    staff = staff_member()
    case = case_for_staff(db(), case_id, staff)
    form = DecisionForm()
    taken: list[decisions.Decision] = []
    act = partial(decisions.take_back, db(), case.id, form.decision_id, staff)
    rejected = try_action(db(), "take_back", lambda: taken.append(act()), form)
    if rejected:
        return page_of(case, rejected=rejected)
    definition = definition_of(db(), case.version_id)
    return page_of(case, rejected=taken_back(taken[0], form_again(case, definition, taken[0].inputs)))


@bp.post("/cases/<int:case_id>/decision/now")
@allow(right("case.see"))
def carry_out_now(case_id: int) -> ResponseReturnValue:
    """Carry out a decision that waits, without waiting on."""
    staff = staff_member()
    case = case_for_staff(db(), case_id, staff)
    form = DecisionForm()
    act = partial(decisions.execute_now, db(), case.id, form.decision_id, staff)
    rejected = try_action(db(), "now", act, form)
    return page_of(case, rejected=rejected) if rejected else _done(case)


@bp.post("/cases/<int:case_id>/messages")
@allow(right("case.message"))
def message(case_id: int) -> ResponseReturnValue:
    """Write to the applicant."""
    staff = staff_member()
    case = case_for_staff(db(), case_id, staff)
    staff.require("case.message", case.department_id)
    form = MessageForm()

    def act() -> None:
        accepted = inspect_files(chosen_files(form.files))
        send_message(db(), case, _actor(), filled_words(db(), case, form.body.data, field="body"), files=accepted)

    rejected = try_action(db(), "message", act, form)
    return page_of(case, "messages", rejected) if rejected else back_to(case, "messages")


@bp.post("/cases/<int:case_id>/assignee")
@allow(right("case.assign"))
def assignee(case_id: int) -> ResponseReturnValue:
    """Put the case on somebody's desk, unless somebody else took it since the page was opened."""
    staff = staff_member()
    case = case_for_staff(db(), case_id, staff)
    staff.require("case.assign", case.department_id)
    form = AssigneeForm()
    act = partial(
        assigning.reassign,
        db(),
        case.id,
        form.chosen,
        staff,
        expected_version=form.seen,
        despite_absence=form.despite_absence,
    )
    rejected = try_action(db(), "assignee", act, form)
    return page_of(case, rejected=rejected) if rejected else _done(case)


@bp.post("/cases/<int:case_id>/notes")
@allow(right("case.read_answers"))
def note(case_id: int) -> ResponseReturnValue:
    """Write a note for colleagues."""
    staff = staff_member()
    case = case_for_staff(db(), case_id, staff)
    staff.require("case.read_answers", case.department_id)
    form = NoteForm()
    rejected = try_action(db(), "note", lambda: mentions.write_note(db(), case, staff, form.note_body.data), form)
    return page_of(case, "messages", rejected) if rejected else back_to(case, "messages")


@bp.post("/cases/<int:case_id>/reductions")
@allow(right("case.see"))
def reduction(case_id: int) -> ResponseReturnValue:
    """Grant or deny a reduction; `cases` asks for the role, and that the page was not out of date."""
    staff = staff_member()
    case = case_for_staff(db(), case_id, staff)
    form = ReductionForm()

    def act() -> None:
        locked = moves.lock_case(db(), case.id)
        refuse_outdated(db(), locked, SeenVersion.parse(form.seen.data))
        decision = ReductionDecision(form.number, form.decision.data == "grant", form.reason.data, form.note.data)
        decide_reduction(db(), locked, decision, _actor(), roles=moves.roles_in(staff, locked))

    rejected = try_action(db(), "reduction", act, form)
    return page_of(case, rejected=rejected) if rejected else back_to(case)


@bp.post("/cases/<int:case_id>/changes")
@allow(right("case.read_answers"))
def change(case_id: int) -> ResponseReturnValue:
    """Take over what was corrected in another case of the bundle, or say why not."""
    staff = staff_member()
    case = case_for_staff(db(), case_id, staff)
    staff.require("case.read_answers", case.department_id)
    form = ChangeForm()

    def act() -> None:
        locked = moves.lock_case(db(), case.id)
        refuse_outdated(db(), locked, SeenVersion.parse(form.seen.data))
        roles = moves.roles_in(staff, locked)
        if form.decision.data == "accept":
            accept_change(db(), locked, form.offer_id, _actor(), roles=roles)
        else:
            decline_change(db(), locked, form.offer_id, form.reason.data, _actor(), roles=roles)

    rejected = try_action(db(), "change", act, form)
    return page_of(case, rejected=rejected) if rejected else back_to(case)


@bp.get("/cases/<int:case_id>/files/<public_id>")
@allow(right("case.see"))
def file(case_id: int, public_id: str) -> ResponseReturnValue:
    """Open a file that was scanned; who opened it is kept."""
    case = case_for_staff(db(), case_id, staff_member())
    stored = readable_file(case, public_id)
    content = open_for_staff(db(), stored)
    record(db(), of_case(case.id), "case.file_opened", _actor(), file_id=stored.id, department_id=case.department_id)
    return attachment(stored, content)


@bp.post("/refunds/<int:refund_id>")
@allow(right("payment.refund"))
def refund(refund_id: int) -> ResponseReturnValue:
    """The second person's word on a refund: `decision` is approve or reject."""
    cases = [case_for_staff(db(), payment.case_id, staff_member()) for payment in payments_of_refund(db(), refund_id)]
    for case in cases:
        staff_member().require("payment.refund", case.department_id)
    case = cases[0]
    form = RefundForm()
    decisions = {
        "approve": lambda: approve_refund(db(), refund_id, _actor()),
        "reject": lambda: reject_refund(db(), refund_id, staff_member(), form.note.data),
    }
    decide = decisions.get(form.decision.data)
    if decide is None:
        raise Forbidden
    rejected = try_action(db(), "refund_approval", decide, form)
    return page_of(case, rejected=rejected) if rejected else back_to(case)
