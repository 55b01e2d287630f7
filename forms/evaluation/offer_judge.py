"""What questions offer while answers are judged: the part of an evaluation that options and days are asked of."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from pydantic import JsonValue

from forms.definition.procedure import Definition
from forms.evaluation.option_rules import row_options
from forms.evaluation.program import Program
from forms.expressions.values import ANSWERED
from forms.fields import FieldType
from forms.fields.date import DateField
from forms.fields.day_offer import DayRule
from forms.fields.group import rows_of
from forms.fields.offering import OffersOptions
from forms.fields.options import Option


class OfferJudge(ABC):
    """What the answers judged so far leave to questions that offer something. `scope`, `rows` and `visible` grow meanwhile."""

    definition: Definition
    program: Program
    language: str
    scope: dict[str, Any]
    rows: dict[str, list[JsonValue]]
    visible: set[str]

    @abstractmethod
    def row_scopes(self, group_id: str) -> list[dict[str, Any]]:
        """What an expression for each row of a group is worked out from."""

    def withholds(self, question: FieldType, option: Option) -> bool:
        """Whether a condition keeps an option from being offered."""
        offers = self.program.offers.get(question.id) if question.id in self.definition.fields else None
        return offers is not None and offers.withholds(option, self.scope)

    def day_rule(self, question: FieldType) -> DayRule | None:
        """Which days the answers leave to a question that offers days."""
        offers = self.program.offers.get(question.id)
        if offers is None or not isinstance(question, DateField):
            return None
        unanswered = not self.program.questions(*offers.of_days) <= self.scope[ANSWERED]
        return offers.day_rule(question, self.scope, unanswered, self.language)

    def row_options(self, question: FieldType) -> Sequence[Option]:
        """The answers of rows that a question offers."""
        offers = self.program.offers.get(question.id)
        source = question.source if isinstance(question, OffersOptions) else None
        if not isinstance(question, OffersOptions) or not offers or not source or source.group not in self.visible:
            return ()
        rows = rows_of(self.rows.get(source.group))
        return row_options(self.definition, question, offers, rows, self.row_scopes(source.group))
