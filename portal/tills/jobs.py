"""Nightly: forgetting files of card companies that were only looked at."""

from portal.core.jobs import periodic
from portal.core.rounds import for_each_city_session
from portal.tills.card_statements import drop_untaken


@periodic("11 19 * * *", "tills.forget_files")  # 4:11 in Japan
def forget_files_in_cities() -> None:
    """Go through every city."""
    for_each_city_session(drop_untaken)
