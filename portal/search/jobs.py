"""Nightly purge of words that were long not looked for."""

from portal.core.jobs import periodic
from portal.core.rounds import for_each_city_session
from portal.search.unfound import forget_old


@periodic("53 18 * * *", "search.purge")  # 3:53 in Japan
def purge() -> None:
    """Purge every city."""
    for_each_city_session(forget_old)
