"""What a case said before each correction: kept as it was, so that nothing the applicant sent is overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from portal.cases.answers import open_answers
from portal.cases.models import Case, CaseRevision
from portal.core.clock import now
from portal.core.database import city_of


@dataclass(frozen=True)
class Revision:
    """The canonical answers that a correction replaced, opened, what the map had said of their places, and when it did."""

    number: int
    answers: dict[str, Any]
    facts: dict[str, Any]
    replaced_at: datetime


def save_revision(session: Session, case: Case) -> int:
    """Put the case's present answers, facts and fee aside before they are replaced; return the number. The case's row must be locked."""
    latest = select(func.coalesce(func.max(CaseRevision.number), 0) + 1).where(CaseRevision.case_id == case.id)
    values = {
        "case_id": case.id,
        "answers": case.answers,
        "facts": case.facts,
        "fee": case.fee,
        "replaced_at": now(),
    }
    saved = insert(CaseRevision).values(number=latest.scalar_subquery(), **values).returning(CaseRevision.number)
    return session.scalars(saved).one()


def revisions_of(session: Session, case_id: int) -> Sequence[Revision]:
    """What the case said before each of its corrections, the first sending first."""
    query = select(CaseRevision).where(CaseRevision.case_id == case_id).order_by(CaseRevision.number)
    city = city_of(session)
    return [
        Revision(row.number, open_answers(city, row.answers), row.facts, row.replaced_at)
        for row in session.scalars(query)
    ]
