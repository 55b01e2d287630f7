"""When applications are taken: a window of days, once or every year, as a definition writes it."""

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from forms.definition.strict_model import StrictModel
from forms.text.dates import iso_date

_YEARLY = re.compile(r"(\d{2})-(\d{2})")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
#: A year that has every day a window may name; 29 February is not one of them, since most years lack it.
_PLAIN_YEAR = 2027


def _as_text(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _is_window_day(text: str) -> str:
    if not yearly_day(text) and iso_date(text) is None:
        raise ValueError("日は 2027-02-01 のように、毎年なら 02-01 のように書きます(毎年の2月29日は書けません)。")
    return text


def _is_time(text: str) -> str:
    if not _TIME.fullmatch(text):
        raise ValueError('時刻は 09:00 のように書き、引用符 " で囲みます(00:00〜24:00)。')
    return text


#: `2027-02-01`, or `02-01` for every year.
WindowDay = Annotated[str, BeforeValidator(_as_text, json_schema_input_type=str), AfterValidator(_is_window_day)]
#: `09:00`; a day ends at `24:00`.
ClockTime = Annotated[str, AfterValidator(_is_time)]


def yearly_day(text: str) -> tuple[int, int] | None:
    """Month and day of `02-01`; None for a day of one year, and for what no year has."""
    match = _YEARLY.fullmatch(text)
    if match is None or iso_date(f"{_PLAIN_YEAR}-{text}") is None:
        return None
    return int(match[1]), int(match[2])


class AcceptanceWindow(StrictModel):
    """The days on which applications are taken, first and last both counted; without `from` or `until` they are open to that side.

    Both days of one year, or both of every year. The first day begins at `opens_at`, the last ends at `closes_at`, by the city's clock.
    """

    from_: Annotated[WindowDay | None, Field(alias="from")] = None
    until: WindowDay | None = None
    opens_at: ClockTime = "00:00"
    closes_at: ClockTime = "24:00"

    @model_validator(mode="after")
    def _is_a_window(self) -> "AcceptanceWindow":
        if self.from_ is None and self.until is None:
            raise ValueError("from か until を書いてください。")
        yearly = [yearly_day(day) is not None for day in (self.from_, self.until) if day]
        if any(yearly) and (len(yearly) < 2 or not all(yearly)):
            raise ValueError("毎年の受付期間は、from と until の両方を 02-01 の形で書いてください。")
        if self.from_ and self.until and not any(yearly):
            if (self.until, self.closes_at) <= (self.from_, self.opens_at):
                raise ValueError("until は、from よりあとにしてください。")
        elif self.from_ == self.until and self.closes_at <= self.opens_at:
            raise ValueError("closes_at は、opens_at よりあとにしてください。")
        return self

    @property
    def is_yearly(self) -> bool:
        """Whether it comes back every year."""
        return self.from_ is not None and yearly_day(self.from_) is not None
