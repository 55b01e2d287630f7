"""Values that a definition works out from answers and gives a name: 世帯の人数, 点数, 助成の上限."""

from forms.definition.strict_model import Expression, Id, StrictModel
from forms.text.localized import Text
from forms.text.units import Unit


class Computed(StrictModel):
    """A named value. Expressions use it by its id wherever they use answers; its type is that of `value`.

    Values may use each other in any order, but not in a ring. One with a `label` is shown to the applicant and the office,
    with its `unit`; one without is for other expressions only. It follows from the answers, the day and the version, which
    all stay with a case, and so does it.
    """

    id: Id
    value: Expression
    label: Text | None = None
    unit: Unit | None = None
