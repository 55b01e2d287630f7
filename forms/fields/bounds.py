"""The earliest and latest day of a date field: a day, or `today+7d` and `fiscal_year_start+1y` in short form."""

import re
from datetime import date, timedelta
from typing import Annotated

from pydantic import AfterValidator

from common.fiscal_years import fiscal_year_end, fiscal_year_start
from forms.text.dates import iso_date

_RELATIVE = re.compile(r"(today|fiscal_year_start|fiscal_year_end)(?:([+-])(\d{1,5})([dwmy]))?")
_ANCHORS = {"today": "申請の日", "fiscal_year_start": "申請する年度の初日", "fiscal_year_end": "申請する年度の末日"}


def _is_bound(text: str) -> str:
    if not _RELATIVE.fullmatch(text) and iso_date(text) is None:
        raise ValueError(
            "日は 2026-04-01、today、today+7d、today-2w、today+3m、today-130y、fiscal_year_start+1y(来年度の初日)のように書きます。"
            "min の deadline は、routing の deadline に days と before があるときだけ書けます。"
        )
    return text


#: A day in a definition: `2026-04-01`, `today`, `today+7d` (d days, w weeks, m months, y years); `fiscal_year_start` and
#: `fiscal_year_end` are the first and the last day of the fiscal year of the application.
DateBound = Annotated[str, AfterValidator(_is_bound)]


def resolve(bound: str, today: date) -> date:
    """The day a bound means today. A month or year without such a day ends on its last day."""
    match = _RELATIVE.fullmatch(bound)
    if not match:
        return iso_date(bound) or today
    anchor, sign, amount, unit = match.groups()
    if anchor != "today":
        today = fiscal_year_start(today) if anchor == "fiscal_year_start" else fiscal_year_end(today)
    if amount is None:
        return today
    count = int(amount) if sign == "+" else -int(amount)
    try:
        if unit in "dw":
            return today + timedelta(days=count * (7 if unit == "w" else 1))
        return months_later(today, count * (12 if unit == "y" else 1))
    except (OverflowError, ValueError):
        return date.max if count > 0 else date.min


def days_ahead(bound: str | None) -> int | None:
    """How many days after the day of the application a bound is; None for any other."""
    match = re.fullmatch(r"today\+(\d{1,5})d", bound or "")
    return int(match[1]) if match else None


def bound_in_words(bound: str) -> str | None:
    """A bound as clerks say it: 2026年4月1日, 申請の日の7日後. None for what is no bound."""
    day = iso_date(bound)
    if day is not None:
        return f"{day.year}年{day.month}月{day.day}日"
    match = _RELATIVE.fullmatch(bound)
    if match is None:
        return None
    anchor, sign, count, unit = match.groups()
    span = {"d": "日", "w": "週間", "m": "か月", "y": "年"}.get(unit)
    return _ANCHORS[anchor] + (f"の{int(count)}{span}{'後' if sign == '+' else '前'}" if sign else "")


def months_later(day: date, count: int) -> date:
    """The same day `count` months later, or the month's last day where there is none. ValueError beyond the calendar."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (first_of_next - timedelta(days=1)).day))
