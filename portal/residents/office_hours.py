"""When somebody answers the telephone: city halls are open on open days from 8:30 to 17:15."""

from datetime import datetime, time, timedelta

from common.open_days import is_open, open_day_from
from portal.core.clock import TOKYO

OPENS, CLOSES = time(8, 30), time(17, 15)


def open_until(moment: datetime) -> datetime | None:
    """The end of today's opening hours if the city hall is open at that moment."""
    local = moment.astimezone(TOKYO)
    if is_open(local.date()) and OPENS <= local.time() < CLOSES:
        return datetime.combine(local.date(), CLOSES, TOKYO)
    return None


def opens_next(moment: datetime) -> datetime:
    """When the city hall opens next after that moment."""
    local = moment.astimezone(TOKYO)
    later_today = local.time() < OPENS
    day = open_day_from(local.date() if later_today else local.date() + timedelta(days=1))
    return datetime.combine(day, OPENS, TOKYO)
