"""The letters that go with moves of a case: what its definition announces of the state, what to do next, from when to when."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from forms import Definition, State
from forms.evaluation.chosen_days import ChosenDay, tells_days
from forms.evaluation.visits import Visit, visit_of
from forms.workflow.clock import due
from portal.cases.answers import open_answers
from portal.cases.counter_visits import visits_told
from portal.cases.decision_documents import documents_of_state
from portal.cases.effects import REFUND_LETTER, WITHDRAWAL_LETTER, Effects
from portal.cases.models import Case
from portal.cases.next_steps import next_step_of
from portal.cases.notices import notify
from portal.cases.queries import coming_days
from portal.cases.returned_money import money_back
from portal.cases.standard_words import conditions_of
from portal.core.database import city_of
from portal.core.text import using_language


def send_letter(
    session: Session,
    case: Case,
    definition: Definition,
    effects: Effects,
    labels: Sequence[str],
    note: str,
    *,
    until: date | None,
) -> None:
    """Send the letter of a move, if it has one. `labels` and `note` are what a request to correct asks for, `until` the last day to pay."""
    if effects.letter is None:
        return
    words = _words(session, effects.letter, case, definition, effects.state)
    if effects.letter == "correction_request":
        words = {"until": case.answer_by, "labels": labels, "words": note}
    elif effects.letter == "payment_request":
        words |= {"amount": effects.fee, "until": until}
    elif effects.letter == REFUND_LETTER:
        words = {"amount": effects.refund}
    notify(session, case, effects.letter, **words)


def _words(session: Session, kind: str, case: Case, definition: Definition, state: State) -> dict[str, Any]:
    """What a letter of that kind says of the state that a case has come to; nothing for a kind that speaks of no state."""
    announcement, days = state.announced_in(case.language), _coming_days(session, case, definition)
    next_step = next_step_of(definition, state, days, case.language, _visit(session, case, definition))
    if kind == "case_accepted":
        expected = case.due_on if state.kind == "open" else None
        comes = state.kind == "with_applicant" and definition.workflow.preset == "visit"
        answers = open_answers(city_of(session), case.answers) if comes else {}
        told = visits_told(session, case, definition, answers) if comes else []
        visits = [visit | {"words": ""} for visit in told]  # they are the next step here
        return {"announcement": announcement, "next_step": next_step, "until": expected, "visits": visits, "days": days}
    if kind == "payment_request":
        return {
            "announcement": announcement,
            "next_step": next_step,
            "conditions": conditions_of(case),
            "objection": _may_object(case, definition),
            "partly": case.granted is not None,
        }
    if kind == "decision_refused":
        with using_language(case.language):
            back = money_back(session, case).words
        return {"announcement": announcement, "objection": definition.refusal_may_be_reviewed, "money": back}
    if kind == WITHDRAWAL_LETTER:
        with using_language(case.language):
            return {"money": money_back(session, case).words_after_withdrawal}
    if kind == "decision_changed":
        return {
            "reviewed_again": not state.final,
            "objection": state.final and definition.refusal_may_be_reviewed,
            "documents": documents_of_state(definition, state.id, case.language),
        }
    if kind == "message_from_office":
        return {"announcement": announcement}
    if kind == "decision_approved":
        period = (case.starts_on, case.ends_on) if definition.asks_for_period and case.ends_on else (None, None)
        valid_until = due(case.clock, state.id) if state.deadline and state.deadline.shown else None
        return {
            "announcement": announcement,
            "next_step": next_step,
            "days": days,
            "conditions": conditions_of(case),
            "starts": period[0],
            "ends": period[1],
            "valid_until": valid_until,
            "documents": documents_of_state(definition, state.id, case.language),
            "objection": _may_object(case, definition),
            "partly": case.granted is not None,
        }
    return {}


def _coming_days(session: Session, case: Case, definition: Definition) -> list[ChosenDay]:
    answers = open_answers(city_of(session), case.answers) if tells_days(definition) else {}
    return coming_days(case, definition, answers, case.language)


def _visit(session: Session, case: Case, definition: Definition) -> Visit | None:
    answers = open_answers(city_of(session), case.answers) if definition.workflow.preset == "visit" else {}
    return visit_of(definition, answers, case.language)


def _may_object(case: Case, definition: Definition) -> bool:
    """Whether who was granted something is to be told how to object: with conditions, which burden them, and where it is only a part."""
    return bool(conditions_of(case) or case.granted) and definition.refusal_may_be_reviewed
