"""Functions of days."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, timedelta

import jpholiday

from common import fiscal_years
from common.open_days import is_open, open_day_from
from forms.expressions.functions import calendar
from forms.expressions.functions.function import Function, Signature
from forms.fields.bounds import months_later
from forms.text.addresses import same_city

_today: ContextVar[date] = ContextVar("today")

_DAY_TO_INT: tuple[Signature, ...] = ((("timestamp",), "int"),)
_DAY_TO_DAY: tuple[Signature, ...] = ((("timestamp",), "timestamp"),)
_DAY_TO_BOOL: tuple[Signature, ...] = ((("timestamp",), "bool"),)
_TWO_DAYS_TO_INT: tuple[Signature, ...] = ((("timestamp", "timestamp"), "int"),)
_DAY_AND_INT: tuple[Signature, ...] = ((("timestamp", "int"), "timestamp"),)


def today() -> date:
    """The day within which an expression is worked out."""
    return _today.get()


@contextmanager
def day(on: date) -> Iterator[None]:
    """Within, `today()` is this day."""
    token = _today.set(on)
    try:
        yield
    finally:
        _today.reset(token)


# fmt: off
DATES = (
    Function("today", "today()", "申請する日。",
             "today() == date('2026-04-01')", "はい", today, (((), "timestamp"),)),
    Function("date", "date('2026-04-01')", "式のなかに書く日。",
             "date('2026-04-01')", "2026年4月1日", date.fromisoformat, ((("string",), "timestamp"),)),
    Function("days", "days(日数)", "日に足したり引いたりする日数。",
             "date('2026-02-27') + days(2)", "2026年3月1日",
             lambda count: timedelta(days=count), ((("int",), "duration"),)),
    Function("add_months", "add_months(日, 月数)", "月数だけ後の同じ日。その日がない月では末日。",
             "add_months(date('2026-01-31'), 1)", "2026年2月28日", months_later, _DAY_AND_INT),
    Function("add_years", "add_years(日, 年数)", "年数だけ後の同じ日。2月29日は、ない年では2月28日。",
             "add_years(date('2024-02-29'), 1)", "2025年2月28日",
             lambda on, count: months_later(on, 12 * count), _DAY_AND_INT),
    Function("month_start", "month_start(日)", "その月の1日。",
             "month_start(date('2026-04-15'))", "2026年4月1日", lambda on: on.replace(day=1), _DAY_TO_DAY),
    Function("month_end", "month_end(日)", "その月の末日。",
             "month_end(date('2026-02-10'))", "2026年2月28日", calendar.month_end, _DAY_TO_DAY),
    Function("year", "year(日)", "西暦の年。",
             "year(date('2026-04-01'))", "2,026", lambda on: on.year, _DAY_TO_INT),
    Function("month", "month(日)", "月。1から12まで。",
             "month(date('2026-04-01'))", "4", lambda on: on.month, _DAY_TO_INT),
    Function("day_of_month", "day_of_month(日)", "月の何日目か。1から31まで。",
             "day_of_month(date('2026-04-15'))", "15", lambda on: on.day, _DAY_TO_INT),
    Function("weekday", "weekday(日)", "曜日。月曜が1、日曜が7。",
             "weekday(date('2026-04-01'))", "3", lambda on: on.isoweekday(), _DAY_TO_INT),
    Function("weekday_name", "weekday_name(日)", "曜日の名前。地図や表に書いた曜日と比べます。",
             "weekday_name(date('2026-04-01'))", "水曜日", calendar.weekday_name, ((("timestamp",), "string"),)),
    Function("is_holiday", "is_holiday(日)", "国民の祝日か。",
             "is_holiday(date('2026-04-29'))", "はい", jpholiday.is_holiday, _DAY_TO_BOOL),
    Function("is_open_day", "is_open_day(日)", "市役所が開いている日か(土日、祝日、年末年始、市の休みでない日)。",
             "is_open_day(date('2026-04-04'))", "いいえ", is_open, _DAY_TO_BOOL),
    Function("open_day_from", "open_day_from(日)", "その日か、その後はじめて市役所が開いている日。",
             "open_day_from(date('2026-04-04'))", "2026年4月6日", open_day_from, _DAY_TO_DAY),
    Function("add_open_days", "add_open_days(日, 日数)", "開庁日で数えて日数だけ後の日。その日は数えません。",
             "add_open_days(date('2026-04-03'), 2)", "2026年4月7日", calendar.open_day_after, _DAY_AND_INT),
    Function("open_days_between", "open_days_between(日, 日)", "2つの日のあいだの開庁日の数。両方の日も数えます。",
             "open_days_between(date('2026-04-01'), date('2026-04-07'))", "5",
             calendar.open_days_between, _TWO_DAYS_TO_INT),
    Function("overlap_days", "overlap_days(初日, 末日, 初日, 末日)", "2つの期間が重なる日数。",
             "overlap_days(date('2026-04-01'), date('2026-04-10'), date('2026-04-08'), date('2026-04-20'))", "3",
             calendar.overlap_days, ((("timestamp",) * 4, "int"),)),
    Function("minutes_between", "minutes_between(時刻, 時刻)", "時刻から時刻までの分。後の時刻のほうが早いときは、日をまたぎます。",
             "minutes_between('22:30', '01:00')", "150", calendar.minutes_between, ((("string", "string"), "int"),)),
    Function("age", "age(生年月日, 日)", "その日に何歳か。誕生日に1つ増えます。",
             "age(date('2004-02-29'), date('2026-03-01'))", "22", calendar.age, _TWO_DAYS_TO_INT),
    Function("legal_age", "legal_age(生年月日, 日)", "法律で数える年齢。誕生日の前の日に1つ増えます。",
             "legal_age(date('2000-04-02'), date('2026-04-01'))", "26", calendar.legal_age, _TWO_DAYS_TO_INT),
    Function("age_reached_on", "age_reached_on(生年月日, 年齢)", "その年齢に達する日(誕生日の前の日)。",
             "age_reached_on(date('2008-04-02'), 18)", "2026年4月1日", calendar.age_reached_on, _DAY_AND_INT),
    Function("fiscal_year", "fiscal_year(日)", "年度。4月に始まります。",
             "fiscal_year(date('2027-03-31'))", "2,026", fiscal_years.fiscal_year, _DAY_TO_INT),
    Function("fiscal_year_start", "fiscal_year_start(日)", "その年度の初日。来年度は add_years(fiscal_year_start(今年度の日), 1)。",
             "fiscal_year_start(date('2027-03-31'))", "2026年4月1日", fiscal_years.fiscal_year_start, _DAY_TO_DAY),
    Function("fiscal_year_end", "fiscal_year_end(日)", "その年度の末日。",
             "fiscal_year_end(date('2026-04-01'))", "2027年3月31日", fiscal_years.fiscal_year_end, _DAY_TO_DAY),
    Function("school_grade", "school_grade(生年月日, 日)", "学年。1から6が小学校、7から9が中学校、10から12が高校。",
             "school_grade(date('2019-04-02'), date('2026-04-01'))", "1", calendar.school_grade, _TWO_DAYS_TO_INT),
    Function("same_city", "same_city(都道府県, 市区町村, 都道府県, 市区町村)", "同じ市区町村か。都道府県が書かれていなくても比べます。",
             "same_city('東京都', '立川市', '東京都', '立川市')", "はい", same_city, ((("string",) * 4, "bool"),)),
    Function("getFullYear", "日.getFullYear()", "西暦の年。",
             "date('2026-04-01').getFullYear()", "2,026", lambda on: on.year, method=True),
    Function("getMonth", "日.getMonth()", "月。0が1月です。",
             "date('2026-04-01').getMonth()", "3", lambda on: on.month - 1, method=True),
    Function("getDate", "日.getDate()", "月の何日目か。",
             "date('2026-04-15').getDate()", "15", lambda on: on.day, method=True),
    Function("getDayOfMonth", "日.getDayOfMonth()", "月の何日目か。0が1日です。",
             "date('2026-04-15').getDayOfMonth()", "14", lambda on: on.day - 1, method=True),
    Function("getDayOfWeek", "日.getDayOfWeek()", "曜日。0が日曜です。",
             "date('2026-04-01').getDayOfWeek()", "3", lambda on: on.isoweekday() % 7, method=True),
    Function("getDayOfYear", "日.getDayOfYear()", "年の何日目か。0が1月1日です。",
             "date('2026-02-01').getDayOfYear()", "31", lambda on: on.timetuple().tm_yday - 1, method=True),
)
# fmt: on
