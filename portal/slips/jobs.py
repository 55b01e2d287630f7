"""Posting the lines of files of paid slips: at once when a file is taken in, and every night what had to wait."""

from portal.core.jobs import RETRY, app, periodic
from portal.core.rounds import for_each_city, for_each_city_session
from portal.slips.imports import POST_LINES, drop_untaken
from portal.slips.posting import post_waiting


@app.task(name=POST_LINES, retry=RETRY)
def post_lines(*, city: str) -> None:
    """Post what waits in a city."""
    post_waiting(city)


@periodic("7 19 * * *", "slips.night")  # 4:07 in Japan
def night_in_cities() -> None:
    """Every night: post what had to wait, and forget files that were only looked at."""
    for_each_city(post_waiting)
    for_each_city_session(drop_untaken)
