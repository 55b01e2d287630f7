"""A quantity of a line of the fee that a member of staff measures (実測): an area, a length, a number of pieces."""

from typing import Annotated

from pydantic import Field

from forms.definition.strict_model import Expression, Id, StrictModel
from forms.text.localized import Text
from forms.text.units import Unit


class Survey(StrictModel):
    """What is measured of a line. Expressions of the line use the figure by the `id`; until it is measured that is the `estimate`.

    Figures have so many `decimals` (the estimate is rounded half up to them) and are at most `most`. Members of staff with the role `measured_by`
    enter them. Nothing of the line is asked for before, unless it is asked for in `advance`: then the estimate is paid at the line's own
    moment, and the figure settles the difference.
    """

    id: Id
    label: Text
    unit: Unit
    estimate: Expression
    decimals: Annotated[int, Field(ge=0, le=3)] = 0
    most: Annotated[int, Field(ge=1, le=1_000_000_000)] = 1_000_000
    measured_by: Id = "clerk"
    advance: bool = False
