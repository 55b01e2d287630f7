"""Nightly purge of codes, links and sessions that ended, since they say who was here."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.jobs import periodic
from portal.core.rounds import for_each_city_session
from portal.core.sessions import WebSession
from portal.identity.devices import delete_unused_devices
from portal.identity.models import LoginCode

_KEPT = timedelta(days=1)


@periodic("37 18 * * *", "identity.purge", former="identity.clear_away")  # 3:37 in Japan
def purge() -> None:
    """Purge every city."""
    for_each_city_session(purge_expired)


def purge_expired(session: Session) -> None:
    """Delete codes and links a day after their end, sessions after theirs, and browsers that were not used for long."""
    moment = now()
    session.execute(delete(LoginCode).where(LoginCode.expires_at < moment - _KEPT))
    session.execute(delete(WebSession).where(WebSession.expires_at < moment))
    delete_unused_devices(session)
