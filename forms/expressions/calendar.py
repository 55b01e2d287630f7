"""Functions of expressions that count ages, school years and fiscal years as Japanese law does.

Age: 年齢計算ニ関スル法律 with 民法 第143条; an age is reached at the end of the day before the birthday.
School years: 学校教育法 第17条 and 第36条 with 学校教育法施行規則 第59条. Fiscal years: 地方自治法 第208条, from 1 April to 31 March.
"""

from datetime import date

from cel_expr_python import cel

from common.open_days import open_day_from
from forms.expressions.declaring import function
from forms.fields.bounds import months_later
from forms.fields.date import midnight
from forms.text.periods import last_day

_INT, _TIME = cel.Type.INT, cel.Type.TIMESTAMP
_APRIL = 4


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


def fiscal_year(day: date) -> int:
    """The fiscal year (年度) of a day: 2026 from 1 April 2026 to 31 March 2027."""
    return day.year - (day.month < _APRIL)


def fiscal_year_end(day: date) -> date:
    """The last day of the fiscal year of a day. For the day of an age it is 「達する日以後の最初の3月31日」."""
    return date(fiscal_year(day) + 1, 3, 31)


def school_grade(birthday: date, on: date) -> int:
    """The school year on a day: 1–6 小学校, 7–9 中学校, 10–12 高校; 0 and less is before school.

    School begins on the first 1 April after the day on which six is reached, so who was born on 1 April goes with those
    born in the twelve months before.
    """
    return fiscal_year(on) - fiscal_year(age_reached_on(birthday, 6))


CALENDAR = (
    function("age", ([_TIME, _TIME], _INT, lambda born, on: age(born.date(), on.date()))),
    function("legal_age", ([_TIME, _TIME], _INT, lambda born, on: legal_age(born.date(), on.date()))),
    function("age_reached_on", ([_TIME, _INT], _TIME, lambda born, n: midnight(age_reached_on(born.date(), n)))),
    function("fiscal_year", ([_TIME], _INT, lambda day: fiscal_year(day.date()))),
    function("fiscal_year_end", ([_TIME], _TIME, lambda day: midnight(fiscal_year_end(day.date())))),
    function("school_grade", ([_TIME, _TIME], _INT, lambda born, on: school_grade(born.date(), on.date()))),
    function("add_months", ([_TIME, _INT], _TIME, lambda day, count: midnight(months_later(day.date(), count)))),
    function("open_day_from", ([_TIME], _TIME, lambda day: midnight(open_day_from(day.date())))),
)
"""The functions as CEL declares them."""

CALENDAR_NAMES = frozenset(
    {"age", "legal_age", "age_reached_on", "fiscal_year", "fiscal_year_end", "school_grade"}
    | {"add_months", "open_day_from"}
)
