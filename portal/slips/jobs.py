"""Posting the lines of files of paid slips: at once when a file is taken in, and every night what had to wait."""

from portal.core.jobs import RETRY, app
from portal.core.rounds import for_each_city, for_each_city_session
from portal.slips.imports import POST_LINES, drop_untaken
from portal.slips.posting import post_waiting


@app.task(name=POST_LINES, retry=RETRY)
def post_lines(*, city: str) -> None:
    """Post what waits in a city."""
    post_waiting(city)


@app.periodic(cron="7 19 * * *")  # 4:07 in Japan
@app.task(name="slips.night", queueing_lock="slips.night")
def night_in_cities(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """Every night: post what had to wait, and forget files that were only looked at."""
    for_each_city(post_waiting)
    for_each_city_session(drop_untaken)
