"""Reading a profile, and the history of its use."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.events import Event
from portal.profiles.events import EVENTS, SUBJECT
from portal.profiles.models import ProfileItem

MAX_LOG = 100
"""Newest entries of the history that its owner is shown."""


def profile_items(session: Session, account_id: int) -> Sequence[ProfileItem]:
    """Everything that an account keeps, by the name of the item."""
    query = select(ProfileItem).where(ProfileItem.account_id == account_id).order_by(ProfileItem.item)
    return session.scalars(query).all()


def profile_log(session: Session, account_id: int) -> Sequence[Event]:
    """What happened to the profile, newest first."""
    query = select(Event).where(
        Event.history_kind == SUBJECT, Event.history_id == account_id, Event.name.in_(EVENTS.keys())
    )
    return session.scalars(query.order_by(Event.id.desc()).limit(MAX_LOG)).all()
