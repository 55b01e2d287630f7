"""Each night the chain of every city is followed."""

from portal.audit.actions import check_and_store
from portal.core.jobs import periodic
from portal.core.rounds import for_each_city_session


@periodic("7 18 * * *", "audit.verify")  # 3:07 in Japan
def verify() -> None:
    """City by city; a broken chain is an error in the log and a problem for `madoguchi doctor`."""
    for_each_city_session(check_and_store)
