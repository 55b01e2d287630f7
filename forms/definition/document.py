"""A document that the office issues from a case."""

from forms.definition.strict_model import Expression, Id, Key, StrictModel
from forms.text.localized import Text


class DocumentRule(StrictModel):
    """A document (許可書, 証明書) made when the case reaches the state `when`.

    `valid_until` is CEL and gives a date.
    """

    id: Id
    when: Id
    template: Key
    title: Text | None = None
    sign: bool = False
    valid_until: Expression | None = None
