"""A nightly count of what is not under the newest key."""

from portal.core.jobs import app
from portal.core.rounds import for_each_city_session
from portal.sealing.counting import count_and_store


@app.periodic(cron="53 18 * * *")  # 3:53 in Japan
@app.task(name="sealing.count")
def count(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """City by city, for `madoguchi doctor`."""
    for_each_city_session(count_and_store)
