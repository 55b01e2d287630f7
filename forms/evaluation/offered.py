"""What a page may offer to choose from, as far as the answers go."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue
from typing_extensions import override

from forms.evaluation.program import Program
from forms.evaluation.rows import RowJudges
from forms.expressions.functions.dates import day
from forms.fields import FieldType, GroupField, ReadContext
from forms.fields.base import Rows
from forms.fields.date import DateField
from forms.fields.day_offer import DayChoices
from forms.fields.marks import days_mark, options_mark
from forms.fields.offering import MAX_FOUND, OffersOptions
from forms.fields.options import Option


class Offers(ABC):
    """The options of questions after an evaluation; conditions of options are worked out when somebody asks.

    What a row offers and fills in is asked of `row`, with the rows as a page has them: they may be no answers yet.
    """

    @abstractmethod
    def row(self, group: GroupField, rows: Rows, number: int) -> "RowOffers":
        """What a page may offer in one row of a group."""

    @abstractmethod
    def is_plain(self, group: GroupField) -> bool:
        """Whether every row of a group that stands here asks everything, and nothing in it follows from anything else."""

    @abstractmethod
    def limits_rows(self, group: GroupField) -> bool:
        """Whether the number of rows in a group that stands here follows from answers."""

    @abstractmethod
    def shown(self, question: OffersOptions) -> list[Option]:
        """The options of a page, in their order; none of a question that is searched."""

    @abstractmethod
    def search(self, question: OffersOptions, text: str, most: int = MAX_FOUND) -> Sequence[Option]:
        """What comes up for typed words."""

    @abstractmethod
    def find(self, question: OffersOptions, option_id: str) -> Option | None:
        """The option of an id."""

    @abstractmethod
    def days(self, question: DateField) -> DayChoices:
        """The days that a question offers."""

    @abstractmethod
    def mark(self, question: FieldType, path: str) -> str | None:
        """What changes when a question offers something else; None where it always offers the same."""


class DefinitionOffers(Offers):
    """What the questions of one definition offer."""

    def __init__(self, context: ReadContext, program: Program, judges: RowJudges) -> None:
        self._context, self._program, self._judges = context, program, judges

    @override
    def row(self, group: GroupField, rows: Rows, number: int) -> "RowOffers":
        judged = self._judges.row(group, rows, number)
        return RowOffers(
            {question.id: question for question in judged.shown},
            {name: judged.filled[name] for name in judged.defaults if name in judged.filled},
            DefinitionOffers(judged.context, self._program, judged.inner),
        )

    @override
    def is_plain(self, group: GroupField) -> bool:
        return self._judges.compiled[group.id].is_plain

    @override
    def limits_rows(self, group: GroupField) -> bool:
        compiled = self._judges.compiled[group.id]
        return compiled.least is not None or compiled.most is not None

    @override
    def shown(self, question: OffersOptions) -> list[Option]:
        if question.is_searched:
            return []
        with day(self._context.today):
            return [
                option for option in question.offered(self._context) if not self._context.withholds(question, option)
            ]

    @override
    def search(self, question: OffersOptions, text: str, most: int = MAX_FOUND) -> Sequence[Option]:
        with day(self._context.today):
            return question.search(text, self._context, most)

    @override
    def find(self, question: OffersOptions, option_id: str) -> Option | None:
        return question.find(option_id, self._context)

    @override
    def days(self, question: DateField) -> DayChoices:
        with day(self._context.today):
            return question.choices(self._context)

    @override
    def mark(self, question: FieldType, path: str) -> str | None:
        if isinstance(question, DateField) and question.id in self._program.offers:
            return days_mark(path, self.days(question).days)
        if not isinstance(question, OffersOptions) or question.is_searched:
            return None
        offers = self._program.offers.get(question.id)
        if offers is None or not (offers.of_options or offers.where or offers.also_needs):
            return None
        return options_mark(path, self.shown(question))


@dataclass(frozen=True)
class RowOffers:
    """One row of a page: the `questions` that it asks, demanded and limited by its answers, what `default` answers, and its options."""

    questions: Mapping[str, FieldType]
    defaults: Mapping[str, JsonValue]
    offers: Offers
