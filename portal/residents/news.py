"""What is new at the counter: procedures that were published lately."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.procedures.models import ProcedureVersion
from portal.procedures.queries import Offer


@dataclass(frozen=True)
class Item:
    """One procedure that opened (its first version) or changed."""

    offer: Offer
    at: datetime
    first: bool


def latest(session: Session, offers: list[Offer], count: int = 4) -> list[Item]:
    """The procedures on offer that were published last, newest first."""
    by_version = {offer.version_id: offer for offer in offers}
    query = (
        select(ProcedureVersion.id, ProcedureVersion.published_at, ProcedureVersion.number)
        .where(ProcedureVersion.status == "published")
        .order_by(ProcedureVersion.published_at.desc(), ProcedureVersion.id.desc())
        .limit(count)
    )
    return [
        Item(by_version[version_id], published_at, number == 1)
        for version_id, published_at, number in session.execute(query)
        if version_id in by_version and published_at is not None
    ]
