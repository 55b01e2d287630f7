"""Places that are limited: 定員, 区画, 台数; what they are counted by, how many there are, how many an application takes."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from forms.definition.strict_model import Expression, Id, StrictModel
from forms.text.localized import Text
from forms.text.units import Unit


class CapacityDays(StrictModel):
    """The days on which places are taken, first and last both counted; without `until` the first day alone."""

    from_: Annotated[Expression, Field(alias="from")]
    until: Expression | None = None


class CapacityRule(StrictModel):
    """One kind of limited places.

    Places are counted separately for each value of `by` (an option, a day, a piece that the map finds); without `by` for the
    whole procedure. A value that is not answered takes no place. With `each` every row of that group takes its own. With
    `days` a place is taken on those days only, and free on others. `limit` is how many there are, `amount` how many one takes.

    Whoever reaches the last page before sending holds their places for `hold_minutes`; once sent they are theirs, with a fee at
    submission for `pay_days` until it is paid. With `waiting_days` there is a waiting list, and the next of it has so many
    days to send.

    With `allocation: lottery` or `points` applications are entries, and nobody holds anything until staff allocate, once: in the order of
    a draw, or of `points`, the highest first; where the first is equal the next decides, where all are equal the draw. `wishes` are
    a ranking, or questions in the order of wishes: the rule is written for the first of them, and means each in turn, its points too.
    With `each` every row is an entry of its own (siblings), and its wishes may be a question of the rows. `winners` are the
    moves that a case makes once all its entries have a place; who gets none waits in that order. What comes free later is the next one's at once, or with
    `waiting_days` offered to them for so many days.
    """

    id: Id
    label: Text
    by: tuple[Expression, ...] = Field(default=(), max_length=3)
    each: Id | None = None
    days: CapacityDays | None = None
    limit: Expression
    amount: Expression = "1"
    applies_when: Expression | None = None
    unit: Unit | None = None
    hold_minutes: Annotated[int, Field(ge=5, le=1440)] = 30
    pay_days: Annotated[int, Field(ge=1, le=60)] | None = None
    waiting_days: Annotated[int, Field(ge=1, le=30)] | None = None
    allocation: Literal["first_come", "lottery", "points"] = "first_come"
    points: tuple[Expression, ...] = Field(default=(), max_length=5)
    wishes: tuple[Id, ...] = Field(default=(), max_length=10)
    winners: tuple[Id, ...] = Field(default=(), max_length=5)

    @model_validator(mode="after")
    def _is_one_way(self) -> "CapacityRule":
        if not self.is_drawn and (self.wishes or self.winners):
            raise ValueError("wishes と winners は、allocation が lottery か points のときだけ書けます。")
        if self.is_drawn and self.pay_days:
            raise ValueError(
                "抽選(lottery)と点数の順(points)では、pay_days を書けません。外れた人は、その順に待ちます。"
            )
        if bool(self.points) != (self.allocation == "points"):
            raise ValueError("点数の順に決めるときは、allocation: points と points の両方を書いてください。")
        return self

    @property
    def is_drawn(self) -> bool:
        """Whether applications are entries that wait until staff allocate the places."""
        return self.allocation != "first_come"
