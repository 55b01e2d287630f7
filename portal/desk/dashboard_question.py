"""What the dashboard was asked for, read from its address: days, department, procedure, and by what time is told apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from common.fiscal_years import fiscal_year
from portal.cases.figures import Step
from portal.core.clock import today
from portal.core.text import _, date_ja
from portal.desk.ledger_forms import day_of
from portal.ledger import last_of_month

PERIODS: Mapping[str, str] = {"7": "7日", "30": "30日", "year": "今年度"}
STEPS: Mapping[Step, str] = {"day": "日", "week": "週", "month": "月"}
"""What time is told apart by."""
_SHORTEST: Mapping[str, Step] = {"7": "day", "30": "day", "year": "month", "month": "day"}


@dataclass(frozen=True)
class Question:
    """The days from `begin` to `end`, of a department or of all that may be seen (None), of a procedure or of all (empty)."""

    period: str
    month: str
    begin: date
    end: date
    step: Step
    department: int | None
    procedure: str

    def href(self, page: str = "", **changes: object) -> str:
        """The address of the page, or of what belongs to it, with some parameters changed."""
        given = {
            "period": self.period if not self.month else "",
            "month": self.month,
            "step": self.step if self.step != _SHORTEST["month" if self.month else self.period] else "",
            "department": self.department,
            "procedure": self.procedure,
            **changes,
        }
        return f"/desk/dashboard{page}?" + urlencode({name: value for name, value in given.items() if value})

    @property
    def days_in_words(self) -> str:
        """The days as a heading has them."""
        return f"{date_ja(self.begin, year=True)}〜{date_ja(self.end, year=True)}"

    def label(self, begin: date) -> str:
        """What a step of time is called under a chart."""
        if self.step == "month":
            return _("{month}月", month=begin.month)
        return f"{begin.month}/{begin.day}"

    def steps(self) -> list[date]:
        """The first day of each step of time, with none left out."""
        day, steps = _first(self.begin, self.step), []
        while day <= self.end:
            steps.append(day)
            day = _first(day + timedelta(days={"day": 1, "week": 7, "month": 31}[self.step]), self.step)
        return steps

    def year_before(self) -> tuple[date, date]:
        """The same days of the year before."""
        return _year_earlier(self.begin), _year_earlier(self.end)


def read_question(
    arguments: MultiDict[str, str], departments: Mapping[int, str], procedures: Mapping[str, str]
) -> Question:
    """Read the address. What cannot be chosen is left out, and the page shows what it stands on."""
    period = arguments.get("period", "30")
    period = period if period in PERIODS else "30"
    month = day_of(f"{arguments.get('month', '')}-01")
    begin, end = (month, min(last_of_month(month), today())) if month and month <= today() else _days(period)
    named = f"{begin:%Y-%m}" if month and month <= today() else ""
    shortest = _SHORTEST["month" if named else period]
    step = next((step for step in STEPS if step == arguments.get("step")), shortest)
    department = arguments.get("department", type=int)
    procedure = arguments.get("procedure", "")
    return Question(
        period=period,
        month=named,
        begin=begin,
        end=end,
        step=step,
        department=department if department in departments else None,
        procedure=procedure if procedure in procedures else "",
    )


def _days(period: str) -> tuple[date, date]:
    if period == "year":
        return date(fiscal_year(today()), 4, 1), today()
    return today() - timedelta(days=int(period) - 1), today()


def _first(day: date, step: Step) -> date:
    if step == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if step == "week" else day


def _year_earlier(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
