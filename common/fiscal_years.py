"""The fiscal year (会計年度) of Japanese cities: from 1 April to 31 March (地方自治法 第208条)."""

from datetime import date

_APRIL = 4


def fiscal_year(day: date) -> int:
    """The fiscal year (年度) of a day: 2026 from 1 April 2026 to 31 March 2027."""
    return day.year - (day.month < _APRIL)


def fiscal_year_start(day: date) -> date:
    """The first day of the fiscal year of a day."""
    return date(fiscal_year(day), _APRIL, 1)


def fiscal_year_end(day: date) -> date:
    """The last day of the fiscal year of a day. For the day of an age it is 「達する日以後の最初の3月31日」."""
    return date(fiscal_year(day) + 1, _APRIL - 1, 31)
