"""Over what time a line of the fee is paid: in instalments, again for each period, and by which day (納期限)."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from forms.definition.strict_model import Expression, StrictModel

#: From one payment to the next. A fiscal year ends on 31 March (地方自治法 208条).
Interval = Literal["month", "quarter", "half_year", "year", "fiscal_year"]


class DueRule(StrictModel):
    """The last day for a payment, counted from the day on which it is asked for.

    It is so many `days` later, or that `day` of a month (31: its last day), `months` after this month. On a day on which the city
    hall is closed it moves to the next open one (地方自治法 4条の2).
    """

    days: Annotated[int, Field(ge=0, le=366)] | None = None
    day: Annotated[int, Field(ge=1, le=31)] | None = None
    months: Annotated[int, Field(ge=0, le=24)] = 0

    @model_validator(mode="after")
    def _one_way(self) -> "DueRule":
        if (self.days is None) == (self.day is None):
            raise ValueError("days(何日後) か day(月の何日) の、どちらか1つを書いてください。")
        if self.days is not None and self.months:
            raise ValueError("months は、day と一緒に書きます。")
        return self


class FeeSchedule(StrictModel):
    """How a line is paid over time. The first payment falls due at the line's own moment (`when`), the others one `every` later each.

    With `instalments` the amount is divided into so many payments. With `periods` or `until` it is worked out and paid for each
    period again, the first of which begins on `from`: so many of them, or those up to a day. With neither it is one payment with
    a `due` day.
    """

    every: Interval | None = None
    instalments: Expression | None = None
    periods: Expression | None = None
    until: Expression | None = None
    from_: Annotated[Expression | None, Field(alias="from")] = None
    due: DueRule | None = None

    @model_validator(mode="after")
    def _is_one_way(self) -> "FeeSchedule":
        ways = [way for way in (self.instalments, self.periods, self.until) if way is not None]
        if len(ways) > 1:
            raise ValueError("instalments、periods、until は、どれか1つだけ書けます。")
        if bool(ways) != (self.every is not None):
            raise ValueError(
                "every(間隔)は、instalments(分割)、periods(回数)、until(末日)のどれか1つと一緒に書きます。"
            )
        if self.repeats and self.from_ is None:
            raise ValueError("期ごとに払うときは、最初の期の初日を from に書いてください。")
        if not ways and self.due is None:
            raise ValueError("due(納期限)か every(間隔)を書いてください。")
        return self

    @property
    def repeats(self) -> bool:
        """Whether the amount is worked out for each period again."""
        return self.periods is not None or self.until is not None
