"""What a page may offer to choose from, as far as the answers go."""

from collections.abc import Sequence
from hashlib import sha256

from forms.evaluation.program import Program
from forms.expressions.functions.dates import day
from forms.fields import FieldType, ReadContext
from forms.fields.offering import MOST_FOUND, OffersOptions
from forms.fields.options import Option


class Offers:
    """The options of questions after an evaluation; conditions of options are worked out when somebody asks."""

    def __init__(self, context: ReadContext, program: Program) -> None:
        self._context, self._program = context, program

    def shown(self, question: OffersOptions) -> list[Option]:
        """The options of a page, in their order; none of a question that is searched."""
        if question.is_searched:
            return []
        with day(self._context.today):
            return [
                option for option in question.offered(self._context) if not self._context.withholds(question, option)
            ]

    def search(self, question: OffersOptions, text: str, most: int = MOST_FOUND) -> Sequence[Option]:
        """What comes up for typed words."""
        with day(self._context.today):
            return question.search(text, self._context, most)

    def find(self, question: OffersOptions, option_id: str) -> Option | None:
        """The option of an id."""
        return question.find(option_id, self._context)

    def mark(self, question: FieldType) -> str | None:
        """What changes when a question offers something else; None where it always offers the same."""
        if not isinstance(question, OffersOptions) or question.is_searched:
            return None
        offers = self._program.offers.get(question.id)
        if offers is None or not (offers.of_options or offers.where or offers.also_needs):
            return None
        ids = [option.id for option in self.shown(question)]
        return f"{question.id}.-options.{sha256(repr(ids).encode()).hexdigest()[:12]}"
