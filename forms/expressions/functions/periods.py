"""Functions of the time between two days: what is charged by the day or the month, and what falls into it."""

from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import date, timedelta

import jpholiday

from forms.expressions.functions.function import Function, Signature
from forms.text import periods

_TWO_DAYS_TO_INT: tuple[Signature, ...] = ((("timestamp", "timestamp"), "int"),)
_DAY_TO_INT: tuple[Signature, ...] = ((("timestamp",), "int"),)
_MAX_DAYS = 20 * 366


def _days_between(start: date, end: date) -> int:
    return max(0, periods.days(start, end))


def _months_between(start: date, end: date) -> int:
    return periods.months(start, end) if start <= end else 0


def _full_months_between(start: date, end: date) -> int:
    """Months that are over by the end of `end`: one from 15 May to 14 June."""
    if start > end:
        return 0
    begun = periods.months(start, end)
    return begun if periods.last_day(start, begun) == end else begun - 1


def _calendar_months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month + 1 if start <= end else 0


def _each_day(start: date, end: date) -> Iterator[date]:
    """ValueError for more than twenty years, so that nobody can keep a server counting."""
    if (end - start).days > _MAX_DAYS:
        raise ValueError("too long a period")
    return (start + timedelta(days=count) for count in range((end - start).days + 1))


def _weekdays_between(start: date, end: date, weekday: int) -> int:
    if not 1 <= weekday <= 7:
        raise ValueError("no day of the week")
    return sum(on.isoweekday() == weekday for on in _each_day(start, end))


def _holidays_between(start: date, end: date) -> int:
    return sum(jpholiday.is_holiday(on) for on in _each_day(start, end))


# fmt: off
PERIODS = (
    Function("days_between", "days_between(初日, 末日)", "日数。両方の日も数えます。末日が先なら0。",
             "days_between(date('2026-04-01'), date('2026-04-10'))", "10", _days_between, _TWO_DAYS_TO_INT),
    Function("months_between", "months_between(初日, 末日)", "月数。1か月に満たない日数は1か月と数えます。",
             "months_between(date('2026-04-10'), date('2026-06-10'))", "3", _months_between, _TWO_DAYS_TO_INT),
    Function("full_months_between", "full_months_between(初日, 末日)", "満ちた月数。1か月に満たない日数は数えません。",
             "full_months_between(date('2026-04-10'), date('2026-06-10'))", "2", _full_months_between, _TWO_DAYS_TO_INT),
    Function("calendar_months", "calendar_months(初日, 末日)", "かかる暦の月の数。月割に使います。",
             "calendar_months(date('2026-04-30'), date('2026-05-01'))", "2", _calendar_months, _TWO_DAYS_TO_INT),
    Function("days_in_month", "days_in_month(日)", "その月の日数。月の日割に使います。",
             "days_in_month(date('2028-02-01'))", "29", lambda on: monthrange(on.year, on.month)[1], _DAY_TO_INT),
    Function("days_in_year", "days_in_year(日)", "その年の日数。365か、うるう年の366。",
             "days_in_year(date('2028-01-01'))", "366", lambda on: 366 if isleap(on.year) else 365, _DAY_TO_INT),
    Function("weekdays_between", "weekdays_between(初日, 末日, 曜日)", "期間のなかにその曜日が何回あるか。月曜が1、日曜が7。",
             "weekdays_between(date('2026-04-01'), date('2026-04-30'), 7)", "4",
             _weekdays_between, ((("timestamp", "timestamp", "int"), "int"),)),
    Function("holidays_between", "holidays_between(初日, 末日)", "期間のなかの国民の祝日の数。",
             "holidays_between(date('2026-04-29'), date('2026-05-06'))", "5", _holidays_between, _TWO_DAYS_TO_INT),
)
# fmt: on
