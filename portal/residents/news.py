"""What is new at the counter: procedures that were published lately."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.procedures import Offer, latest_published


@dataclass(frozen=True)
class Item:
    """One procedure that opened (its first version) or changed."""

    offer: Offer
    at: datetime
    first: bool


def latest(session: Session, offers: list[Offer], count: int = 4) -> list[Item]:
    """The procedures on offer that were published last, newest first."""
    by_version = {offer.version_id: offer for offer in offers}
    return [
        Item(by_version[version.version_id], version.published_at, version.number == 1)
        for version in latest_published(session, count)
        if version.version_id in by_version and version.published_at is not None
    ]
