"""Nightly: keeping the sums of days that are over, and erasing what bank statements say in words and files that nobody took in."""

from datetime import timedelta

from sqlalchemy.orm import Session

from portal.core.clock import today
from portal.core.config import settings
from portal.core.jobs import periodic
from portal.core.rounds import for_each_city_session, for_each_item
from portal.ledger.bank_imports import drop_untaken, erase_names
from portal.ledger.kept_sums import days_to_sum, sum_day


@periodic("10 15 * * *", "ledger.sum_days")  # 0:10 in Japan
def sum_days_in_cities() -> None:
    """Go through every city, a transaction for each day; a day on which somebody posts waits for the next night."""
    for_each_item(days_to_sum, sum_day)


@periodic("37 18 * * *", "ledger.forget_names")  # 3:37 in Japan
def forget_names_in_cities() -> None:
    """Go through every city."""
    for_each_city_session(forget_names)


def forget_names(session: Session) -> None:
    """Erase the names whose time is over, and files that were only looked at."""
    erase_names(session, today() - timedelta(days=settings().bank_name_days))
    drop_untaken(session)
