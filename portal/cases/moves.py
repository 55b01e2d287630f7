"""Moves of a case's workflow: which are available to whom, and applying one. One move is one transaction under the case's row lock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, object_session

from forms import Definition, Move, MoveNotAllowed, Workflow
from portal import payouts
from portal.cases.answer_days import AnswerDays, answer_days, latest_answer
from portal.cases.bundle_models import OPEN_WAITING
from portal.cases.capacity import release_places
from portal.cases.consent_reading import refuse_without_consents
from portal.cases.consultations import consulted_roles, update_consultations
from portal.cases.deadlines import enter, shift_clock
from portal.cases.decision_documents import follow_with_documents
from portal.cases.deposits import return_deposits
from portal.cases.effects import CORRECTION_REQUESTED, REFUND_LETTER, REFUND_REQUESTED, Effects, effects_of
from portal.cases.events import EVENTS, of_case
from portal.cases.fees import open_fee, refund, refundable_charges, refuse_while_disputed
from portal.cases.former_decisions import follow_with_fees, put_aside, take_again
from portal.cases.join_models import FOLLOW_LEAD, leads
from portal.cases.letters import send_letter
from portal.cases.messages import send_message
from portal.cases.models import Case, CasePlace
from portal.cases.move_inputs import NO_INPUTS, PAID_BACK, PAID_KEPT, MoveInputs, check_inputs
from portal.cases.notes import add_note
from portal.cases.partial_grants import REASON_FIELD, Grant, Grantable, due_by, grantable, keep_grant, read_grant
from portal.cases.payouts import refuse_undecided_payouts
from portal.cases.place_proposals import PlaceProposal, sound_drafts, with_places
from portal.cases.proposal_answers import follow_move
from portal.cases.reductions import refuse_undecided_reductions
from portal.cases.staff_withdrawals import ASKED_BY, ASKED_HOW, words_of_request
from portal.cases.stage_forms import pass_stage, save_form
from portal.cases.standard_words import filled_words, keep_conditions, readable_conditions, standard_request
from portal.cases.survey_reading import refuse_unsurveyed
from portal.cases.versions import Outdated
from portal.cases.workflows import filled_text, keep_skipped, workflow_of_case
from portal.core.access import StaffIdentity
from portal.core.clock import now
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.events import SYSTEM, Actor, record
from portal.core.jobs import enqueue
from portal.core.locking import lock_rows
from portal.core.text import _, current_language
from portal.payments import lock_orders_of_cases, payments_of_case
from portal.procedures import definition_of

__all__ = [
    "ASKED_BY",
    "ASKED_HOW",
    "PAID_BACK",
    "PAID_KEPT",
    "REFUND_REQUESTED",
    "MoveInputs",
    "MoveOption",
    "PreparedMove",
    "apply_transition",
    "available",
    "backdate",
    "lock_case",
    "perform",
    "prepare",
    "roles_in",
]


@dataclass(frozen=True)
class MoveOption:
    """A move as a button: `kind` is main (the way forward), line, or danger (cannot be taken back, or costs money).

    `effects` are those without words to the applicant, `answer_days` until when a correction may be asked for, `partial` of which questions a
    part may be granted, `corrects` whether it puts a decision aside that was told, `steps_to_sign` how many others sign it off before it takes
    effect.
    """

    id: str
    title: str
    kind: str
    needs: frozenset[str]
    refunds: bool
    asks_fields: bool
    effects: Effects
    event: str = ""
    stage: str | None = None
    answer_days: AnswerDays | None = None
    takes_conditions: bool = False
    partial: Sequence[Grantable] = ()
    corrects: bool = False
    steps_to_sign: int = 0

    @property
    def needs_note(self) -> bool:
        """Whether words to the applicant must go with it."""
        return "note" in self.needs

    @property
    def chooses_refund(self) -> bool:
        """Whether it is made to give money back, chosen line by line on a page of its own."""
        return self.event == REFUND_REQUESTED

    @property
    def fills_form(self) -> bool:
        """Whether the form of a stage is filled in with it, on a page of its own."""
        return "form" in self.needs


@dataclass(frozen=True)
class PreparedMove:
    """A move that was checked and can be performed."""

    case: Case
    definition: Definition
    move: Move
    actor: Actor
    inputs: MoveInputs
    effects: Effects
    proposals: Sequence[PlaceProposal] = ()
    grant: Grant | None = None


def available(case: Case, definition: Definition, roles: Collection[str], *, refundable: int = 0) -> list[MoveOption]:
    """Return the moves that these roles (or `applicant`) may make now; `refundable` yen could be refunded."""
    workflow = workflow_of_case(case, definition)
    by_applicant, session = "applicant" in roles, object_session(case)
    options = []
    for move in workflow.moves_from(case.state, set(roles)):
        refunds = "refund" in move.causes
        effects = effects_of(workflow, case, move, by_applicant=by_applicant, has_note=False, refundable=refundable)
        final = {workflow.states[target].kind for target in move.targets(case.state)} <= {"refused", "withdrawn"}
        asks_fields = move.event == CORRECTION_REQUESTED
        options.append(
            MoveOption(
                id=move.id,
                title=move.title.for_language(current_language()),
                kind="danger" if final or refunds or move.corrects else "line" if asks_fields else "main",
                needs=frozenset(move.needs),
                refunds=refunds,
                asks_fields=asks_fields,
                effects=effects,
                event=move.event,
                stage=move.stage if move.passes else None,
                answer_days=answer_days(session, case, definition) if asks_fields and session else None,
                takes_conditions=move.conditions,
                partial=grantable(case, move, definition),
                corrects=move.corrects,
                steps_to_sign=len(move.signed_off_by),
            )
        )
    return options


def roles_in(staff: StaffIdentity, case: Case) -> frozenset[str]:
    """The roles of a member of staff in the case's department, and what they do of it as somebody of a department that is asked."""
    roles = frozenset(staff.roles.get(case.department_id, ()))
    session = object_session(case)
    return roles | consulted_roles(session, staff, case) if session else roles


def lock_case(session: Session, case_id: int) -> Case:
    """The case, locked and as it is now; and before it the one that it follows, which its good end may move. Raises NotFound."""
    followed = select(Case.origin_case_id).where(Case.id == case_id).scalar_subquery()
    locked = lock_rows(session, Case, or_(Case.id == case_id, Case.id == followed), order_by=[Case.id.asc()])
    case = next((case for case in locked if case.id == case_id), None)
    if case is None:
        raise NotFound
    return case


def apply_transition(
    session: Session,
    case_id: int,
    move_id: str,
    actor: Actor,
    *,
    roles: Collection[str],
    inputs: MoveInputs = NO_INPUTS,
) -> Case:
    """Check and perform a move at once: `roles` are the actor's roles in the case's department, `applicant` or `system`.

    Raises what `prepare` raises. Letters, refunds and payments go with the same transaction. What staff decide goes through
    `decisions.decide`, which holds it back for a moment.
    """
    case = lock_case(session, case_id)
    return perform(session, prepare(session, case, move_id, actor, roles=roles, inputs=inputs))


def prepare(
    session: Session,
    case: Case,
    move_id: str,
    actor: Actor,
    *,
    roles: Collection[str],
    inputs: MoveInputs,
) -> PreparedMove:
    """Check a move against the case as it is; its row must be locked. Nothing changes.

    Raises Conflict when the case has moved on, Forbidden without the role, Invalid with a sentence for each input to fix
    (`note`, `internal_note`, `fields`, `answer_by`, `conditions`, `granted-` and a question, `not_granted`, `asked_by`, `asked_how`, `paid`, `amount`).
    """
    definition = definition_of(session, case.version_id)
    workflow = workflow_of_case(case, definition)
    move = _move(workflow, case, move_id, roles)
    proposals = sound_drafts(session, case, definition) if move.event == CORRECTION_REQUESTED else ()
    inputs = replace(
        inputs,
        note=inputs.note.strip(),
        internal_note=inputs.internal_note.strip(),
        fields=tuple(field for field in with_places(inputs.fields, proposals) if field in definition.fields),
        conditions=inputs.conditions if move.conditions else (),
    )
    asks = move.event == CORRECTION_REQUESTED
    if actor.kind == "staff":
        deadline = (inputs.answer_by or answer_days(session, case, definition).usual) if asks else None
        note = filled_words(session, case, inputs.note, field="note", deadline=deadline)
        reason = (
            filled_words(session, case, inputs.not_granted, field=REASON_FIELD) if inputs.granted is not None else ""
        )
        conditions = readable_conditions(session, case, inputs.conditions)
        inputs = replace(inputs, note=note, not_granted=reason, conditions=conditions)
    if move.forward:
        refuse_without_consents(session, case, definition)
        refuse_undecided_reductions(case)
        refuse_unsurveyed(session, case)
        refuse_undecided_payouts(session, case, definition)
    refundable = refundable_charges(session, payments_of_case(session, case.id)) if "refund" in move.causes else {}
    check_inputs(move, inputs, refundable, latest_answer(session, case, definition) if asks else None)
    if "request" in move.needs:
        told = words_of_request(inputs.asked_by, inputs.asked_how, case.language)
        inputs = replace(inputs, note="\n\n".join(filter(None, (told, inputs.note))))
    if "form" in move.needs and inputs.form_answers is None:
        raise Invalid(_("この段階の様式に書いてから、終えてください。"))
    if inputs.refund_parts is not None:
        refundable = dict(inputs.refund_parts)
    if inputs.keeps_paid and move.corrects:
        refundable = {}
    typed = inputs.granted if move.partial else None
    grant = read_grant(session, case, move, definition, typed, inputs.not_granted) if move.partial else None
    effects = effects_of(
        workflow,
        case,
        move,
        by_applicant=actor.kind == "applicant",
        has_note=bool(inputs.note),
        refundable=sum(refundable.values()),
        due=due_by(case, grant),
    )
    if effects.state.final or "refund" in move.causes:
        refuse_while_disputed(session, case)
    return PreparedMove(case, definition, move, actor, inputs, effects, proposals, grant)


def _move(workflow: Workflow, case: Case, move_id: str, roles: Collection[str]) -> Move:
    try:
        move = workflow.move(case.state, move_id)
    except MoveNotAllowed as error:
        raise Outdated from error
    if not move.roles & set(roles):
        raise Forbidden
    return move


def perform(session: Session, prepared: PreparedMove) -> Case:
    """Do what was prepared: the state, the words, the event, the letter and the money, in this transaction.

    Raises Invalid when the form of a stage has to be corrected.
    """
    case, move, inputs, effects = prepared.case, prepared.move, prepared.inputs, prepared.effects
    _lock_what_follows(session, prepared)
    former = put_aside(session, case, move, effects)
    if prepared.grant is not None:
        keep_grant(session, case, prepared.definition, prepared.grant)
    if move.stage is not None and inputs.form_answers is not None:
        form = prepared.definition.stage_forms[move.stage]
        save_form(session, case, form, inputs.form_answers, prepared.actor, inputs.form_files, inputs.form_key)
    elif move.passes is not None:
        pass_stage(session, case, move.passes, prepared.actor)
    if move.event == CORRECTION_REQUESTED:
        case.answer_by = inputs.answer_by or answer_days(session, case, prepared.definition).usual
    if move.conditions or move.corrects:
        keep_conditions(case, inputs.conditions)
    left, waited = case.state, case.status == "fix"
    if effects.state.id != left:
        _enter(session, prepared)
    update_consultations(session, case, prepared.definition)
    case.advance()
    follow_with_documents(session, case, prepared.definition, move, effects, left)
    _record(session, prepared, left, former)
    follow_move(session, case, move.event, prepared.proposals, prepared.actor, waited=waited)
    fee = open_fee(session, case, move.fee) if move.fee and effects.fee else None
    returning = 0
    if "refund" in move.causes and not (move.corrects and inputs.keeps_paid):
        by_rule = case.status == "no" and "request" not in move.needs and prepared.actor.kind != "applicant"
        returning = refund(session, case, prepared.actor, inputs.note, inputs.refund_parts, by_rule=by_rule)
    if effects.state.id != left:
        return_deposits(session, case, effects.state.id)
    if effects.letter and (effects.letter != REFUND_LETTER or returning):
        labels = [prepared.definition.fields[name].label_in(case.language) for name in inputs.fields]
        told = replace(effects, refund=returning)
        send_letter(session, case, prepared.definition, told, labels, inputs.note, until=fee.pay_by if fee else None)
    if effects.state.kind == "done" and case.origin_case_id is not None:
        _move_earlier(session, case, prepared.definition)
    follow_with_fees(session, case, move, effects)
    session.flush()
    return case


def _lock_what_follows(session: Session, prepared: PreparedMove) -> None:
    """Give up what is booked and asked for, and lock the money, before any event is recorded: an event locks the city's chain."""
    case, effects = prepared.case, prepared.effects
    ends = effects.state.kind in {"refused", "withdrawn"}
    if ends:
        release_places(session, case)
        if prepared.definition.payout:
            payouts.withdraw_all(session, case.id)
    elif prepared.move.corrects:
        take_again(session, case, prepared.definition)
    if ends or prepared.move.corrects or prepared.grant or effects.refund or effects.deposit:
        lock_orders_of_cases(session, [case.id])


def _move_earlier(session: Session, case: Case, definition: Definition) -> None:
    """What a good end does to the case that this one follows; its office sees it as unread, also where it has gone on some other way."""
    move = definition.based_on.move if definition.based_on else None
    if move is None or case.origin_case_id is None:
        return
    earlier = lock_case(session, case.origin_case_id)
    earlier_definition = definition_of(session, earlier.version_id)
    if any(option.id == move for option in available(earlier, earlier_definition, ("system",))):
        apply_transition(session, earlier.id, move, SYSTEM, roles=("system",))
    earlier.unread = True


def _enter(session: Session, prepared: PreparedMove) -> None:
    case, state, moment = prepared.case, prepared.effects.state, now()
    keep_skipped(case, prepared.move, state)
    reopened = case.closed_at is not None and not state.final
    case.state, case.status, case.updated_at = state.id, state.status, moment
    case.closed_at = moment if state.final else None
    if state.final and case.bundle_id is not None:
        enqueue(session, OPEN_WAITING, bundle_id=case.bundle_id)
    if session.scalar(leads(case.id).select()):
        enqueue(session, FOLLOW_LEAD, case_id=case.id)
    if state.kind != "with_applicant":
        case.answer_by = None
    enter(session, case, prepared.definition, state, reopened=reopened)
    places = update(CasePlace).where(CasePlace.case_id == case.id)
    places = places.values(state=state.id, status=state.status, due_on=case.due_on)
    session.execute(places.execution_options(synchronize_session=False))


def _record(session: Session, prepared: PreparedMove, left: str, former: int | None) -> None:
    """Keep the actor's words (sealed, each where it belongs) and append the event; `left` is the state in which the case was, `former` the
    number of the decision that was put aside.
    """
    case, move, actor, inputs = prepared.case, prepared.move, prepared.actor, prepared.inputs
    asks = move.event == CORRECTION_REQUESTED
    text = inputs.note or (standard_request(case, prepared.definition, inputs.fields) if asks else "")
    message = None
    if move.message is not None:
        standard = filled_text(session, case, prepared.definition, move.message)
        by_office = actor if actor.kind == "staff" else SYSTEM
        message = send_message(session, case, by_office, standard, by_mail=False)
    if text:
        fields = inputs.fields if asks else ()
        message = send_message(session, case, actor, text, fields=fields, by_mail=False)
    if inputs.internal_note:
        add_note(session, case, actor, inputs.internal_note)
    # What happens to money is recorded by payments, with the payment's own number.
    if move.event.startswith("case."):
        told = {
            "state": case.state,
            "came_from": left if left != case.state else None,
            "message_id": message and message.id,
            "fields": list(inputs.fields) or None,
            "answer_by": str(case.answer_by) if asks else None,
            "conditions": len(inputs.conditions) or None,
            "asked_by": inputs.asked_by or None,
            "asked_how": inputs.asked_how or None,
            "former": former,
            "parts": len(prepared.grant.parts) or None if prepared.grant else None,
        }
        declared = EVENTS[move.event].keys
        record(session, of_case(case.id), move.event, actor, **{key: told[key] for key in told if key in declared})


def backdate(session: Session, case: Case, shift: timedelta) -> None:
    """Move the submission and the due day of a case and of its places into the past, as sample data need it."""
    case.submitted_at -= shift
    case.due_on -= shift
    case.clock = shift_clock(case.clock, shift)
    places = update(CasePlace).where(CasePlace.case_id == case.id)
    session.execute(places.values(submitted_at=case.submitted_at, due_on=case.due_on))
    session.flush()
