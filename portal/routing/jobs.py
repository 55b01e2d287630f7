"""Nightly purge of kept plans whose links have ended."""

from portal.core.jobs import app
from portal.core.rounds import for_each_city_session
from portal.routing.links import delete_expired


@app.periodic(cron="47 18 * * *")  # 3:47 in Japan
@app.task(name="routing.clear_away")
def purge(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """Purge every city."""
    for_each_city_session(delete_expired)
