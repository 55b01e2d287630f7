"""A line of the fee (手数料・使用料), as a definition writes it."""

from typing import Annotated, Literal

from pydantic import Field

from forms.definition.strict import Expression, Id, Part
from forms.text.localized import Text

#: When a line falls due: before the office sees the application, or when the office has approved it.
FeeMoment = Literal["submission", "approved"]
FEE_MOMENTS: tuple[FeeMoment, ...] = ("submission", "approved")


class FeeRule(Part):
    """One line of the fee, in yen.

    `amount` may come out with a fraction, which `rounding` removes. With `each` the line is worked out once for every
    row of that group, and the row's questions can be used by name. `explain` is shown to the resident; `{…}` in it
    is CEL. An amount below zero or above `max_amount` is refused, never shown as zero.
    """

    label: Text
    amount: Expression
    when: FeeMoment = "submission"
    each: Id | None = None
    applies_when: Expression | None = None
    waived_when: Expression | None = None
    explain: Text | None = None
    rounding: Literal["down", "up", "half_up"] = "down"
    max_amount: Annotated[int, Field(ge=1, le=1_000_000_000)] = 10_000_000
