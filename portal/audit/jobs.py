"""Each night the chain of every city is followed."""

from portal.audit.actions import check_and_store
from portal.core.jobs import app
from portal.core.rounds import for_each_city_session


@app.periodic(cron="7 18 * * *")  # 3:07 in Japan
@app.task(name="audit.verify")
def verify(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """City by city; a broken chain is an error in the log and a problem for `madoguchi doctor`."""
    for_each_city_session(check_and_store)
