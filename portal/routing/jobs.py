"""Nightly purge of plans that are kept no longer."""

from portal.core.jobs import periodic
from portal.core.rounds import for_each_city_session
from portal.routing.links import delete_expired


@periodic("47 18 * * *", "routing.purge", former="routing.clear_away")  # 3:47 in Japan
def purge() -> None:
    """Purge every city."""
    for_each_city_session(delete_expired)
