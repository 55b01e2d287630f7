"""How long a period is, in the units that fees and rules count."""

import calendar
from datetime import date, timedelta


def days(start: date, end: date) -> int:
    """Days from `start` to `end`, both counted."""
    return (end - start).days + 1


def months(start: date, end: date) -> int:
    """Months of a period, part months counted whole: 4/10-5/21 is 2, 4/10-6/9 is 2, 4/10-6/10 is 3."""
    count = (end.year - start.year) * 12 + end.month - start.month
    return count if count and end <= last_day(start, count) else count + 1


def years(start: date, end: date) -> int:
    """Years of a period, part years counted whole."""
    return -(-months(start, end) // 12)


def last_day(start: date, count: int) -> date:
    """Last day of a period of `count` months that begins on `start`.

    民法 第143条: the day before the corresponding day, or the month's last day where there is none.
    """
    month = start.month - 1 + count
    year, month = start.year + month // 12, month % 12 + 1
    length = calendar.monthrange(year, month)[1]
    return date(year, month, length) if start.day > length else date(year, month, start.day) - timedelta(days=1)
