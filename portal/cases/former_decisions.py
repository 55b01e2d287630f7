"""A decision that was told is put aside by a new one (職権による取消し・訂正): the former stays with the case, and the case goes on from the new.

What the former demanded is kept as it was told. The money follows: what a refusal gave back or cancelled is asked for again, and what was paid
for a permit goes back where the office says so.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forms import Definition, Move
from portal.cases.capacity import retake_places
from portal.cases.effects import Effects
from portal.cases.fee_changes import settle_fee_change
from portal.cases.fees import cancel_open_fees
from portal.cases.former_decision_models import FormerDecision
from portal.cases.models import Case
from portal.cases.outcomes import outcome_of
from portal.cases.payouts import ask_for_payouts
from portal.cases.scheduled_fees import end_schedule
from portal.cases.standard_words import conditions_of
from portal.core.clock import now


def put_aside(session: Session, case: Case, move: Move, effects: Effects) -> int | None:
    """Keep the present decision of a case before a move takes its place; its number, None for a move that does not.

    The case's row must be locked. What a decision granted goes with it when nothing is granted any more.
    """
    if not move.corrects:
        return None
    latest = select(func.coalesce(func.max(FormerDecision.number), 0)).where(FormerDecision.case_id == case.id)
    number = (session.scalar(latest) or 0) + 1
    session.add(
        FormerDecision(
            case_id=case.id,
            number=number,
            state=case.state,
            words={"conditions": conditions_of(case), "granted": case.granted},
            decided_at=case.closed_at,
            replaced_at=now(),
        )
    )
    if effects.state.kind == "refused":
        case.granted = None
    session.flush()
    return number


def take_again(session: Session, case: Case, definition: Definition) -> None:
    """Take again what a refused case had given up, before anything is recorded of its new decision. The case's row must be locked.

    Raises Invalid where its limited places have gone to others meanwhile.
    """
    if not (definition.capacity or definition.payout):
        return
    outcome = outcome_of(session, case, definition)
    retake_places(session, case, definition, outcome)
    ask_for_payouts(session, case, definition, outcome)


def follow_with_fees(session: Session, case: Case, move: Move, effects: Effects) -> None:
    """What a move does to fees that are asked for: an end without success cancels them, and what a refusal gave back or cancelled is asked for
    again where it is put aside. The case's row and the rows of its orders must be locked.
    """
    if effects.state.kind in {"refused", "withdrawn"}:
        cancel_open_fees(session, case)
    elif move.corrects:
        settle_fee_change(session, case)
    elif effects.ends_otherwise:
        end_schedule(case)
