"""Which handovers there are, without their content."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_of
from portal.handover.models import Handover


def handed_from_case(session: Session, case_id: int) -> Handover | None:
    """What a case of this city has handed over that was not taken and has not ended."""
    query = select(Handover).where(
        Handover.source_city == city_of(session),
        Handover.case_id == case_id,
        Handover.used_at.is_(None),
        Handover.expires_at > now(),
    )
    return session.scalar(query.order_by(Handover.id.desc()).limit(1))


def open_to(session: Session, person: bytes) -> Sequence[Handover]:
    """What other cities have handed to this one for a person, newest first."""
    query = select(Handover).where(
        Handover.target_city == city_of(session),
        Handover.person == person,
        Handover.used_at.is_(None),
        Handover.expires_at > now(),
    )
    return session.scalars(query.order_by(Handover.id.desc())).all()
