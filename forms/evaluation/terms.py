"""Working out the schedule of a line of the fee: how many payments there are, and for each period its own amount."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Protocol

from forms.definition.schedule import DueRule, FeeSchedule, Interval
from forms.definition.source import Path
from forms.expressions.language import Compiled, Language, ResultType
from forms.expressions.values import ExpressionFailed
from forms.fields.bounds import months_later
from forms.fields.path import head_of
from forms.text.localized import Text

#: The first part of the names of the period that is paid for; a question with this id is meant instead.
TERM: Final = "term"
TERM_TYPES: Final[Mapping[str, str]] = {"term.number": "int", "term.start": "timestamp", "term.end": "timestamp"}
#: More payments than this are a mistake in an expression: ten years of months.
MAX_TERMS: Final = 120
MONTHS: Final[Mapping[Interval, int]] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12, "fiscal_year": 12}
_FIRST_MONTH_OF_FISCAL_YEAR: Final = 4


@dataclass(frozen=True)
class CompiledSchedule:
    """A schedule with its expressions."""

    rule: FeeSchedule
    instalments: Compiled | None
    periods: Compiled | None
    until: Compiled | None
    begins: Compiled | None

    @property
    def expressions(self) -> tuple[Compiled | None, ...]:
        """All of them."""
        return self.instalments, self.periods, self.until, self.begins


@dataclass(frozen=True)
class Term:
    """A period that is paid for: its number from 1, its first and its last day."""

    number: int
    start: date
    end: date

    def values(self) -> dict[str, Any]:
        """What expressions see of it."""
        return {"term.number": self.number, "term.start": self.start, "term.end": self.end}


@dataclass(frozen=True)
class TermAmount:
    """What is paid for one period, in yen, and how that was worked out."""

    term: Term
    amount: int
    explanation: Text | None

    def as_dict(self) -> dict[str, object]:
        """The same as plain JSON."""
        return {
            "amount": self.amount,
            "start": self.term.start.isoformat(),
            "end": self.term.end.isoformat(),
            "explanation": dict(self.explanation.root) if self.explanation else {},
        }


@dataclass(frozen=True)
class LineSchedule:
    """The payments of one line, as they are frozen with it.

    `count` payments, one `every` apart, from `start` on where that is known already, else from the moment of the line. The
    amount is divided between them into multiples of `unit` yen; with `terms` each has its own.
    """

    every: Interval | None
    count: int
    unit: int
    start: date | None
    due: DueRule | None
    terms: tuple[TermAmount, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The same as plain JSON, from which `dues` works out the payments of a case years later."""
        return {
            "every": self.every,
            "count": self.count,
            "unit": self.unit,
            "start": self.start.isoformat() if self.start else None,
            "due": self.due.model_dump() if self.due else None,
            "terms": [term.as_dict() for term in self.terms],
        }


class CompileExpression(Protocol):
    """Compiles one expression, and keeps its fault."""

    def __call__(
        self, path: Path, text: str | None, result_type: ResultType, *, strict: bool = False
    ) -> Compiled | None:
        """The compiled expression; None for a faulty one."""


def compile_schedule(path: Path, rule: FeeSchedule | None, compile_text: CompileExpression) -> CompiledSchedule | None:
    """The schedule of a line; None where it has none."""
    if rule is None:
        return None
    return CompiledSchedule(
        rule,
        instalments=compile_text((*path, "instalments"), rule.instalments, "number", strict=True),
        periods=compile_text((*path, "periods"), rule.periods, "number", strict=True),
        until=compile_text((*path, "until"), rule.until, "date", strict=True),
        begins=compile_text((*path, "from"), rule.from_, "date", strict=True),
    )


def language_of_terms(rule: FeeSchedule | None, language: Language) -> Language:
    """The language of a line's amount: where it is paid for each period, that knows the period."""
    names = language.names
    if rule is None or not rule.repeats or TERM in {head_of(name) for name in names.types}:
        return language
    return Language(replace(names, types={**names.types, **TERM_TYPES}))


def payment_count(schedule: CompiledSchedule, scope: dict[str, Any]) -> int:
    """The number of instalments. ExpressionFailed where it is none that anybody could pay in."""
    count = schedule.instalments.value(scope) if schedule.instalments else 1
    if count != int(count) or not 1 <= count <= MAX_TERMS:
        raise ExpressionFailed("instalments")
    return int(count)


def first_day(schedule: CompiledSchedule, scope: dict[str, Any]) -> date | None:
    """The first day that the schedule names; None where it names none."""
    if schedule.begins is None:
        return None
    begins = schedule.begins.value(scope)
    if not isinstance(begins, date):
        raise ExpressionFailed("from")
    return begins


def terms_of(schedule: CompiledSchedule, scope: dict[str, Any]) -> list[Term]:
    """The periods that are paid for. ExpressionFailed where there are none, or more than anybody means."""
    begins, every = first_day(schedule, scope), schedule.rule.every
    until = schedule.until.value(scope) if schedule.until else None
    count = schedule.periods.value(scope) if schedule.periods else MAX_TERMS + 1
    if begins is None or every is None or count != int(count) or (schedule.until and not isinstance(until, date)):
        raise ExpressionFailed("schedule")
    terms: list[Term] = []
    for term in _terms(begins, every):
        if len(terms) >= count or (until is not None and term.start > until):
            break
        if len(terms) == MAX_TERMS:
            raise ExpressionFailed("schedule")
        terms.append(term if until is None else Term(term.number, term.start, min(term.end, until)))
    if not terms:
        raise ExpressionFailed("schedule")
    return terms


def term_start(begins: date, every: Interval, number: int) -> date:
    """The first day of a period, by its number from 1."""
    if number == 1:
        return begins
    if every == "fiscal_year":
        year = begins.year + (begins.month >= _FIRST_MONTH_OF_FISCAL_YEAR)
        return date(year + number - 2, _FIRST_MONTH_OF_FISCAL_YEAR, 1)
    return months_later(begins, MONTHS[every] * (number - 1))


def _terms(begins: date, every: Interval) -> Iterator[Term]:
    number, start = 1, begins
    while True:
        try:
            following = term_start(begins, every, number + 1)
        except (ValueError, OverflowError) as error:
            raise ExpressionFailed("schedule") from error
        yield Term(number, start, following - timedelta(days=1))
        number, start = number + 1, following
