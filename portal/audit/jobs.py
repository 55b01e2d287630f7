"""Each night the chain of every city is followed, and that of one city when an auditor asks."""

from portal.audit.actions import check_and_store
from portal.audit.runs import FOLLOW_CHAIN, follow_for
from portal.core.jobs import RETRY, app, periodic
from portal.core.rounds import for_each_city_session


@periodic("7 18 * * *", "audit.verify")  # 3:07 in Japan
def verify() -> None:
    """City by city; a broken chain is an error in the log and a problem for `madoguchi doctor`."""
    for_each_city_session(check_and_store)


@app.task(name=FOLLOW_CHAIN, retry=RETRY)
def follow_chain(*, city: str, run_id: int) -> None:
    """Follow the chain of one city, for who waits for it; safe to repeat."""
    follow_for(city, run_id)
