"""Moves of a case: what may be done with it now and by whom, and doing it. One move is one transaction under the case's row lock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from common.open_days import add_open_days
from forms import Definition, Move, MoveRefused, State, Workflow, workflow_of
from portal.cases.fees import cancel_open_fees, give_back, open_fee
from portal.cases.messages import send_message
from portal.cases.models import CaseFile, CasePlace
from portal.cases.notices import notify
from portal.cases.rules import ANSWER_DAYS
from portal.cases.stage_forms import keep_form
from portal.core.access import StaffIdentity
from portal.core.clock import now, today
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.events import EVENTS, Actor, record
from portal.core.locking import lock_row
from portal.core.text import _, current_language
from portal.procedures.definitions import definition_of

MOVED_ON = "この案件は、先にほかの人が処理しました。読み込み直して、いまの状態を確かめてください。"

ASKS = "case.correction_requested"
_LETTERS = {"done": "decision_approved", "refused": "decision_refused"}
"""The letter for the kind of state that a move led to."""


@dataclass(frozen=True)
class MoveOption:
    """A move as a button: `kind` is main (the way forward), line, or danger (cannot be taken back, or costs money)."""

    id: str
    title: str
    kind: str
    needs_note: bool
    refunds: bool
    asks_fields: bool
    fills_form: bool


def available(case: CaseFile, definition: Definition, who: Collection[str]) -> list[MoveOption]:
    """What somebody with these roles (or `applicant`) may do with the case now."""
    workflow = workflow_of(definition)
    options = []
    for move in workflow.moves_from(case.state, set(who)):
        final = {workflow.states[target].kind for target in move.targets(case.state)} <= {"refused", "withdrawn"}
        danger = final or "refund" in move.causes
        asks_fields = move.event == ASKS
        options.append(
            MoveOption(
                id=move.id,
                title=move.title.in_(current_language()),
                kind="danger" if danger else "line" if asks_fields else "main",
                needs_note="note" in move.needs,
                refunds="refund" in move.causes,
                asks_fields=asks_fields,
                fills_form="form" in move.needs,
            )
        )
    return options


def roles_in(staff: StaffIdentity, case: CaseFile) -> frozenset[str]:
    """The roles of a member of staff in the case's department."""
    return frozenset(staff.roles.get(case.department_id, ()))


def carry_out(
    session: Session,
    case_id: int,
    move_id: str,
    actor: Actor,
    *,
    who: Collection[str],
    note: str | None = None,
    fields: Sequence[str] = (),
    answer_by: date | None = None,
    seen_state: str | None = None,
    refund_amount: int | None = None,
    form_answers: Mapping[str, Any] | None = None,
) -> CaseFile:
    """Carry out one move: `who` are the actor's roles in the case's department, or `applicant`, or `system`.

    `seen_state`: the state the actor was looking at. `refund_amount`: yen to give back where the move refunds, all without
    it. `form_answers`: the answers to the form of the stage that the move passes. Raises Conflict when the case has moved
    on, Forbidden without the role, Invalid (field `note`) when a reason is missing or the form has to be corrected.
    Letters, refunds and payments go with the same transaction.
    """
    case = lock_row(session, CaseFile, CaseFile.id == case_id)
    if case is None:
        raise NotFound
    definition = definition_of(session, case.version_id)
    workflow = workflow_of(definition)
    move = _move(workflow, case, move_id, who, seen_state)
    words = (note or "").strip()
    if "note" in move.needs and not words:
        raise Invalid(
            _("理由を書いてください。"), {"note": _("申請した人に伝える理由や、直すところを書いてください。")}
        )
    if "form" in move.needs and move.stage is not None:
        if form_answers is None:
            raise Invalid(_("この段階の様式に書いてから、終えてください。"))
        keep_form(session, case, definition.stage_forms[move.stage], form_answers, actor)
    due = int(case.fee["due"][move.fee]) if move.fee else 0
    state = workflow.states[workflow.next(case.state, move_id, fee_due=due)]
    if move.event == ASKS:
        case.answer_by = answer_by or add_open_days(today(), ANSWER_DAYS)
    if state.id != case.state:
        _enter(session, case, state)
    known = [one for one in dict.fromkeys(fields) if one in definition.fields]
    _tell(session, case, move, actor=actor, words=words, fields=known)
    if move.fee and due:
        open_fee(session, case, move.fee)
    if "refund" in move.causes:
        give_back(session, case, actor, words, refund_amount)
    if state.kind in {"refused", "withdrawn"}:
        cancel_open_fees(session, case)
    session.flush()
    return case


def _move(workflow: Workflow, case: CaseFile, move_id: str, who: Collection[str], seen_state: str | None) -> Move:
    if seen_state is not None and seen_state != case.state:
        raise Conflict(_(MOVED_ON))
    try:
        move = workflow.move(case.state, move_id)
    except MoveRefused as error:
        raise Conflict(_(MOVED_ON)) from error
    if not set(move.who) & set(who):
        raise Forbidden
    return move


def _enter(session: Session, case: CaseFile, state: State) -> None:
    moment = now()
    case.state, case.status, case.updated_at = state.id, state.status, moment
    case.closed_at = moment if state.final else None
    if state.kind != "with_applicant":
        case.answer_by = None
    places = update(CasePlace).where(CasePlace.case_id == case.id).values(state=state.id, status=state.status)
    session.execute(places.execution_options(synchronize_session=False))


def _tell(session: Session, case: CaseFile, move: Move, *, actor: Actor, words: str, fields: Sequence[str]) -> None:
    """Keep the actor's words as a sealed message, append the event, and write to the applicant where the move says so."""
    asks = move.event == ASKS
    message = None
    if words:
        message = send_message(session, case, actor, words, fields=fields if asks else (), by_mail=False)
    # What happens to money is recorded by payments, with the payment's own number.
    if move.event.startswith("case."):
        named = bool(fields) and "fields" in EVENTS[move.event]
        more: dict[str, object] = {"fields": list(fields)} if named else {}
        if asks:
            more["answer_by"] = str(case.answer_by)
        record(session, case.id, move.event, actor, state=case.state, message_id=message and message.id, **more)
    if "message" in move.causes and actor.kind != "applicant":
        _write(session, case, move, by_hand=message is not None)


def _write(session: Session, case: CaseFile, move: Move, *, by_hand: bool) -> None:
    """The letter that belongs to where the case stands now."""
    kind = workflow_of(definition_of(session, case.version_id)).states[case.state].kind
    if move.event == ASKS:
        notify(session, case, "correction_request", until=case.answer_by)
    elif kind == "awaiting_payment" and move.fee:
        notify(session, case, "payment_request", amount=int(case.fee["due"][move.fee]), until=None)
    elif move.event.startswith("case.") and kind in _LETTERS:
        notify(session, case, _LETTERS[kind])
    elif by_hand:
        notify(session, case, "message_from_office")


def assign(session: Session, case: CaseFile, to_staff_id: int | None, actor: Actor) -> None:
    """Put a case on somebody's desk, or on nobody's."""
    case.assignee_id = to_staff_id
    places = update(CasePlace).where(CasePlace.case_id == case.id).values(assignee_id=to_staff_id)
    session.execute(places.execution_options(synchronize_session=False))
    record(session, case.id, "case.assigned", actor, to=to_staff_id)
    session.flush()
