"""Counting ages, school years and open days as Japanese law and offices do.

Age: 年齢計算ニ関スル法律 with 民法 第143条; an age is reached at the end of the day before the birthday.
School years: 学校教育法 第17条 and 第36条 with 学校教育法施行規則 第59条.
"""

from calendar import monthrange
from datetime import date, timedelta

from common.fiscal_years import fiscal_year
from common.open_days import add_open_days, is_open
from forms.text.periods import last_day

_MAX_DAYS = 20 * 366
_MINUTES_OF_A_DAY = 24 * 60


def age(birthday: date, on: date) -> int:
    """Full years of age as people count them: a year older on the birthday, or on 1 March for who was born on 29 February."""
    return on.year - birthday.year - ((on.month, on.day) < (birthday.month, birthday.day))


def age_reached_on(birthday: date, years: int) -> date:
    """The day on which an age is reached in law (達する日): the day before the birthday; 28 February for 29 February."""
    return last_day(birthday, 12 * years)


def legal_age(birthday: date, on: date) -> int:
    """The age reached in law by the end of a day: on the day before the birthday it is a year more than `age`."""
    years = age(birthday, on)
    return years + (age_reached_on(birthday, years + 1) <= on)


def school_grade(birthday: date, on: date) -> int:
    """The school year on a day: 1–6 小学校, 7–9 中学校, 10–12 高校; 0 and less is before school.

    School begins on the first 1 April after the day on which six is reached, so who was born on 1 April goes with those
    born in the twelve months before.
    """
    return fiscal_year(on) - fiscal_year(age_reached_on(birthday, 6))


def month_end(day: date) -> date:
    """The last day of the month of a day."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def weekday_name(day: date) -> str:
    """The Japanese name of the weekday of a day: 月曜日."""
    return f"{'月火水木金土日'[day.weekday()]}曜日"


def open_days_between(start: date, end: date) -> int:
    """The open days from `start` to `end`, both counted if the city hall is open on them; 0 where `end` comes first.

    ValueError for more than twenty years.
    """
    if (end - start).days > _MAX_DAYS:
        raise ValueError("too long a period")
    return sum(is_open(start + timedelta(days=count)) for count in range((end - start).days + 1))


def open_day_after(start: date, count: int) -> date:
    """The `count`-th open day after `start`, as `common.open_days`. ValueError for more than twenty years."""
    if not 0 <= count <= _MAX_DAYS:
        raise ValueError("too many days")
    return add_open_days(start, count)


def overlap_days(start: date, end: date, other_start: date, other_end: date) -> int:
    """The days that two periods share, their first and last days counted; 0 for none."""
    return max(0, (min(end, other_end) - max(start, other_start)).days + 1)


def minutes_between(start: str, end: str) -> int:
    """Minutes from one time of day (`HH:MM`) to another; past midnight where the second is the earlier. ValueError for no times."""
    return (_minutes(end) - _minutes(start)) % _MINUTES_OF_A_DAY


def _minutes(time: str) -> int:
    hours, _, minutes = time.partition(":")
    return int(hours) * 60 + int(minutes)
