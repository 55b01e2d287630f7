"""When somebody answers the telephone: city halls are open on open days, from and until what the city says."""

from datetime import datetime, time, timedelta

from common.open_days import is_open, open_day_from
from portal.core.city_days import ClosedDay
from portal.core.clock import TOKYO
from portal.core.tenancy import City

Hours = tuple[time, time]
"""When a city hall opens and closes."""
_SOON = timedelta(days=120)


def open_until(moment: datetime, hours: Hours) -> datetime | None:
    """The end of today's opening hours if the city hall is open at that moment."""
    opens, closes = hours
    local = moment.astimezone(TOKYO)
    if is_open(local.date()) and opens <= local.time() < closes:
        return datetime.combine(local.date(), closes, TOKYO)
    return None


def opens_next(moment: datetime, hours: Hours) -> datetime:
    """When the city hall opens next after that moment."""
    opens, _closes = hours
    local = moment.astimezone(TOKYO)
    later_today = local.time() < opens
    day = open_day_from(local.date() if later_today else local.date() + timedelta(days=1))
    return datetime.combine(day, opens, TOKYO)


def closed_soon(moment: datetime, city: City) -> list[ClosedDay]:
    """The days of the next four months on which the city is closed besides holidays."""
    first = moment.astimezone(TOKYO).date()
    return [entry for entry in city.closed_days if first <= entry.day <= first + _SOON]
