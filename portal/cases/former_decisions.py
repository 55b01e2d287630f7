"""A decision that was told is put aside by a new one (職権による取消し・訂正): the former stays with the case, and the case goes on from the new.

What the former demanded is kept as it was told. The money follows: what a refusal gave back or cancelled is asked for again, and what was paid
for a permit goes back where the office says so.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forms import Definition, evaluate
from portal.cases.answers import open_answers
from portal.cases.capacity import retake_places
from portal.cases.feature_options import CityFeatures
from portal.cases.fee_changes import settle_fee_change
from portal.cases.former_decision_models import FormerDecision
from portal.cases.models import Case
from portal.cases.payouts import ask_for_payouts
from portal.cases.standard_words import conditions_of
from portal.core import tenancy
from portal.core.clock import now
from portal.core.database import city_of


def keep_former_decision(session: Session, case: Case) -> int:
    """Put the present decision of a case aside before another takes its place; return its number. The case's row must be locked."""
    latest = select(func.coalesce(func.max(FormerDecision.number), 0)).where(FormerDecision.case_id == case.id)
    number = (session.scalar(latest) or 0) + 1
    session.add(
        FormerDecision(
            case_id=case.id,
            number=number,
            state=case.state,
            words={"conditions": conditions_of(case)},
            decided_at=case.closed_at,
            replaced_at=now(),
        )
    )
    session.flush()
    return number


def take_again(session: Session, case: Case, definition: Definition) -> None:
    """Take again what a refused case had given up, before anything is recorded of its new decision. The case's row must be locked.

    Raises Invalid where its limited places have gone to others meanwhile.
    """
    if not (definition.capacity or definition.payout):
        return
    city = city_of(session)
    answers = open_answers(city, case.answers)
    outcome = evaluate(
        definition,
        answers,
        case.facts,
        today=case.submitted_on,
        language=case.language,
        city=tenancy.city(city),
        features=CityFeatures(session, kept=answers),
    )
    retake_places(session, case, definition, outcome)
    ask_for_payouts(session, case, definition, outcome)


def settle_again(session: Session, case: Case) -> None:
    """Ask again for what a refusal gave back or cancelled of the fee. The case's row and the rows of its orders must be locked."""
    settle_fee_change(session, case)
