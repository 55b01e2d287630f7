"""What the questions of a composition offer: what each of the procedures that ask them does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue
from typing_extensions import override

from forms.bundling.composition import Composition
from forms.bundling.renaming import RenamedRows, Renaming
from forms.evaluation.offered import Offers, RowOffers
from forms.evaluation.result import Evaluation
from forms.fields import FieldType, GroupField
from forms.fields.base import Rows
from forms.fields.date import DateField
from forms.fields.day_offer import DayChoices
from forms.fields.marks import days_mark, options_mark
from forms.fields.offering import MAX_FOUND, OffersOptions
from forms.fields.options import Option


@dataclass(frozen=True)
class AskedBy:
    """The questions that one procedure asks here, with what it offers for them. `fields` are those that show, by their own ids."""

    fields: Mapping[str, FieldType]
    renaming: Renaming
    offers: Offers

    def own(self, question: FieldType) -> FieldType | None:
        """A question of the composition as the procedure asks it; None where it does not."""
        name = self.renaming.back.names.get(question.id)
        return self.fields.get(name) if name is not None else None


class CompositionOffers(Offers):
    """What the questions of a form, or of one row, offer."""

    def __init__(self, procedures: Sequence[AskedBy]) -> None:
        self._procedures = procedures

    @override
    def row(self, group: GroupField, rows: Rows, number: int) -> RowOffers:
        inner: list[AskedBy] = []
        defaults: dict[str, JsonValue] = {}
        for asked_by, own in self._groups(group):
            renaming = asked_by.renaming.rows[own.id]
            row = asked_by.offers.row(own, RenamedRows(rows, renaming.back), number)
            inner.append(AskedBy(row.questions, renaming, row.offers))
            defaults = {**renaming.values(row.defaults), **defaults}
        questions = {question.id: shown for question in group.fields if (shown := _as_asked(question, inner))}
        return RowOffers(questions, defaults, CompositionOffers(inner))

    @override
    def is_plain(self, group: GroupField) -> bool:
        depends = any(question.show_when is not None for question in group.fields)
        return (
            not depends
            and not _offers_options(group)
            and all(asked_by.offers.is_plain(own) for asked_by, own in self._groups(group))
        )

    @override
    def limits_rows(self, group: GroupField) -> bool:
        return any(asked_by.offers.limits_rows(own) for asked_by, own in self._groups(group))

    @override
    def shown(self, question: OffersOptions) -> list[Option]:
        offered = [asked_by.offers.shown(own) for asked_by, own in self._choices(question)]
        everywhere = set.intersection(*({option.id for option in options} for options in offered)) if offered else set()
        return [option for options in offered[:1] for option in options if option.id in everywhere]

    @override
    def search(self, question: OffersOptions, text: str, most: int = MAX_FOUND) -> Sequence[Option]:
        first = next(self._choices(question), None)
        return first[0].offers.search(first[1], text, most) if first else ()

    @override
    def find(self, question: OffersOptions, option_id: str) -> Option | None:
        first = next(self._choices(question), None)
        return first[0].offers.find(first[1], option_id) if first else None

    @override
    def days(self, question: DateField) -> DayChoices:
        for asked_by in self._procedures:
            own = asked_by.own(question)
            if isinstance(own, DateField):
                return asked_by.offers.days(own)
        return DayChoices(None, "")

    @override
    def mark(self, question: FieldType, path: str) -> str | None:
        if isinstance(question, DateField) and question.offer is not None:
            return days_mark(path, self.days(question).days)
        if not isinstance(question, OffersOptions):
            return None
        marks = [asked_by.offers.mark(own, path) for asked_by, own in self._choices(question)]
        return options_mark(path, self.shown(question)) if any(marks) else None

    def _groups(self, group: GroupField) -> Iterator[tuple[AskedBy, GroupField]]:
        for asked_by in self._procedures:
            own = asked_by.own(group)
            if isinstance(own, GroupField):
                yield asked_by, own

    def _choices(self, question: OffersOptions) -> Iterator[tuple[AskedBy, OffersOptions]]:
        for asked_by in self._procedures:
            own = asked_by.own(question)
            if isinstance(own, OffersOptions):
                yield asked_by, own


def offers_of(composition: Composition, outcomes: Mapping[str, Evaluation]) -> CompositionOffers:
    """What the questions of a form offer after the evaluation of each procedure."""
    return CompositionOffers(
        [
            AskedBy(
                {name: question for name, question in member.definition.fields.items() if outcome.is_visible(name)},
                member.renaming,
                outcome.offers,
            )
            for key, outcome in outcomes.items()
            if (member := composition.members[key]) and outcome.offers is not None
        ]
    )


def _offers_options(group: GroupField) -> bool:
    """Whether its rows ask questions with options, whose names are known in the row alone."""
    return any(
        isinstance(question, OffersOptions) or (isinstance(question, GroupField) and _offers_options(question))
        for question in group.fields
    )


def _as_asked(question: FieldType, procedures: Sequence[AskedBy]) -> FieldType | None:
    """A question of a row as the procedures that show it demand and limit it; None where none does."""
    own = [shown for asked_by in procedures if (shown := asked_by.own(question)) is not None]
    if not own:
        return None
    if any(shown.required for shown in own):
        question = question.demanded()
    groups = [shown for shown in own if isinstance(shown, GroupField)]
    if groups:
        limits = {"min": max(group.least for group in groups), "max": min(group.most for group in groups)}
        question = question.model_copy(update=limits)
    return question
