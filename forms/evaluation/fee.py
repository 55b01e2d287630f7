"""Working out the fee, line by line, in whole yen. It fails closed: what cannot be worked out is never zero."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal

from forms.definition.fee import FeeMoment, FeeRule, Reduction, rounded_to
from forms.definition.procedure import Definition
from forms.evaluation.city import CITY_TYPES
from forms.evaluation.compiled import CompiledFee
from forms.evaluation.dues import first_payment
from forms.evaluation.earlier import EARLIER
from forms.evaluation.fee_total import Settled, settled
from forms.evaluation.scope import Facts
from forms.evaluation.survey import SURVEYED, LineSurvey, survey_key, survey_of
from forms.evaluation.terms import LineSchedule, TermAmount, first_day, payment_count, terms_of
from forms.expressions.values import ExpressionFailed, NotDecided, Number
from forms.text.localized import Language, Text
from forms.text.messages import messages

_NOT_A_NUMBER = messages()["fee_not_a_number"]
_BELOW_ZERO = messages()["fee_below_zero"]
ABOVE_LIMIT = messages()["fee_above_limit"]
NOT_ON_THE_MAP = messages()["fee_not_on_the_map"]
NOT_IN_THE_EARLIER_CASE = messages()["fee_not_in_the_earlier_case"]


Scope = dict[str, Any]
FeeState = Literal["due", "waived", "reduction", "survey", "undecided", "refused"]


class FeeUndecided(ValueError):
    """The fee is undecided or was rejected, so that nothing may be submitted or charged."""


@dataclass(frozen=True)
class FeeLine:
    """One line. `id` is that of its rule; `amount` is what is due in yen, and None unless the line is decided.

    Label, explanation and reason stand in every language that the definition has, so that the office reads its own
    and the applicant theirs. `undecided`: something the line depends on is not known yet, and there is nothing to
    explain. `refused`: it came out below zero, above its limit or as no number; `reason` says which. `waived`: it would
    have been `full_amount`. `reduction`: a reduction was asked for, which a person with the role `decided_by` decides; with it
    `reduced_amount` would be due. `survey`: a quantity is still to be measured, and `amount` is an estimate; what is known of it stands in the
    line's `survey`. `exact` is the amount before rounding. `schedule` says over what time `amount` is paid, and
    `returned_in` in which states a deposit is given back without asking. `methods` are the only ways in which it may be paid online, if
    there are any. `row` is the row of a line with `each`, from 0.
    """

    id: str
    label: Text
    explanation: Text | None
    when: FeeMoment
    state: FeeState
    amount: int | None
    full_amount: int | None = None
    reason: Text | None = None
    row: int | None = None
    reduced_amount: int | None = None
    decided_by: str | None = None
    deposit: bool = False
    returned_in: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    schedule: LineSchedule | None = None
    survey: LineSurvey | None = None
    exact: Number = 0

    @property
    def is_due(self) -> bool:
        """Whether the line has to be paid as it stands."""
        return self.state == "due"

    def as_dict(self) -> dict[str, object]:
        """The line as plain JSON; a text is `{language: text}`, empty if there is none."""
        return {
            "id": self.id,
            "label": dict(self.label.root),
            "explanation": dict(self.explanation.root) if self.explanation else {},
            "when": self.when,
            "state": self.state,
            "amount": self.amount,
            "full_amount": self.full_amount,
            "reason": dict(self.reason.root) if self.reason else {},
            "row": self.row,
            **({"reduced_amount": self.reduced_amount, "decided_by": self.decided_by} if self.decided_by else {}),
            **({"deposit": True, "returned_in": list(self.returned_in)} if self.deposit else {}),
            **({"methods": list(self.methods)} if self.methods else {}),
            **({"schedule": self.schedule.as_dict()} if self.schedule else {}),
            **({"survey": self.survey.as_dict()} if self.survey else {}),
        }


@dataclass(frozen=True)
class Fee:
    """All lines of the fee. `open_questions` are those still to be answered or corrected that can change what is to be paid."""

    lines: tuple[FeeLine, ...]
    open_questions: frozenset[str] = frozenset()

    @property
    def decided(self) -> bool:
        """Whether every line is known."""
        return all(line.amount is not None for line in self.lines)

    @property
    def total(self) -> int | None:
        """Yen in all, or None while a line is not decided."""
        return sum(line.amount or 0 for line in self.lines) if self.decided else None

    @property
    def refused(self) -> tuple[FeeLine, ...]:
        """The lines that were refused and that a person must look at."""
        return tuple(line for line in self.lines if line.state == "refused")

    def due(self, when: FeeMoment) -> int:
        """Yen asked for at once at that moment, of lines paid over time the first payment. FeeUndecided if a line of it is not known."""
        lines = [line for line in self.lines if line.when == when]
        if any(line.amount is None for line in lines):
            raise FeeUndecided(when)
        return sum(line.amount or 0 if line.schedule is None else first_payment(line.as_dict()) for line in lines)

    def as_dict(self) -> dict[str, object]:
        """The fee as plain JSON."""
        return {"lines": [line.as_dict() for line in self.lines], "total": self.total}


NOTHING = Fee(())


def fee_of(
    fees: Sequence[CompiledFee],
    scope: Scope,
    unsettled: AbstractSet[str],
    rows: Callable[[str], Sequence[Scope]],
    definition: Definition | None = None,
    facts: Facts = MappingProxyType({}),
) -> Fee:
    """The fee for certain values. `unsettled` are the questions that must still be answered or corrected; `rows` gives the
    values of each row of a group; the `definition` says what holds for all lines together, `facts` what was measured.
    """
    figures = facts.get(SURVEYED)
    lines: list[FeeLine] = []
    open_questions: set[str] = set()
    for fee in fees:
        own = _lines_of(fee, scope, unsettled, rows, figures)
        lines += own
        if any(line.state != "waived" for line in own):
            open_questions |= fee.all_questions & unsettled
    total = definition.fee_total if definition else None
    return Fee(tuple(_adjusted(line) for line in settled(lines, total)), frozenset(open_questions))


def _lines_of(
    fee: CompiledFee,
    scope: Scope,
    unsettled: AbstractSet[str],
    rows: Callable[[str], Sequence[Scope]],
    figures: object,
) -> list[FeeLine]:
    """What one rule asks for: a line, one for each row, or none where it does not apply."""
    each = fee.rule.each
    if each is None:
        return _lines(fee, scope, unsettled, None, figures)
    if each in unsettled:
        return [_undecided(fee, None)]
    return [line for number, row in enumerate(rows(each)) for line in _lines(fee, row, unsettled, number, figures)]


def _adjusted(settled_line: Settled[FeeLine]) -> FeeLine:
    if not settled_line.adjustment:
        return settled_line.line
    adjusted = messages()["fee_adjusted"].root
    words = {language: text.format(amount=f"{settled_line.adjustment:+,}") for language, text in adjusted.items()}
    given = dict(settled_line.line.explanation.root) if settled_line.line.explanation else {}
    texts: dict[Language, str] = {language: f"{given[language]}（{words[language]}）" for language in given} or words
    return replace(settled_line.line, amount=settled_line.amount, explanation=Text.model_construct(texts))


def _lines(
    fee: CompiledFee, scope: Scope, unsettled: AbstractSet[str], row: int | None, figures: object
) -> list[FeeLine]:
    """One line, or none where it does not apply."""
    if fee.applies_questions & unsettled:
        return [_undecided(fee, row)]
    try:
        if fee.applies and not fee.applies.value(scope):
            return []
        return [_undecided(fee, row) if fee.questions & unsettled else _surveyed(fee, scope, unsettled, row, figures)]
    except NotDecided as missing:
        if missing.name in CITY_TYPES:
            return [_undecided(fee, row)]
        return [_refused(fee, _reason_without(missing.name), None, row)]
    except (ExpressionFailed, TypeError):
        return [_refused(fee, _NOT_A_NUMBER, _explanation(fee, scope), row)]


def _reason_without(name: str) -> Text:
    """Why there is no amount without the value of that name: `earlier.area`, `spot.price`; a named value or a table has no dot."""
    head, dot, _ = name.partition(".")
    if head == EARLIER:
        return NOT_IN_THE_EARLIER_CASE
    return NOT_ON_THE_MAP if dot else _NOT_A_NUMBER


def _surveyed(fee: CompiledFee, scope: Scope, unsettled: AbstractSet[str], row: int | None, figures: object) -> FeeLine:
    """A line with what was measured for it, or else with the estimate."""
    if fee.survey is None:
        return _over_time(fee, scope, unsettled, row)
    estimate = Fraction(fee.survey.estimate.value(scope))
    if estimate < 0:
        return _refused(fee, _BELOW_ZERO, None, row)
    survey = survey_of(fee.survey, survey_key(fee.id, row), figures, estimate)
    line = _over_time(fee, scope | {survey.rule.id: survey.value}, unsettled, row)
    if line.amount is None:
        return line
    line = replace(line, survey=survey, explanation=survey.explained(line.explanation))
    if line.state == "waived" or survey.rule.advance:
        return line
    return replace(line, when="approved", state="survey" if survey.is_awaited else line.state)


def _over_time(fee: CompiledFee, scope: Scope, unsettled: AbstractSet[str], row: int | None) -> FeeLine:
    """A line with its schedule, if it has one: its whole amount, divided, or what its periods add up to."""
    schedule = fee.schedule
    if schedule is None:
        return _line(fee, scope, unsettled, row)
    unit, every, due = fee.rule.round_to, schedule.rule.every, schedule.rule.due
    begins = first_day(schedule, scope)
    if not schedule.rule.repeats:
        plan = LineSchedule(every, payment_count(schedule, scope), unit, begins, due)
        return replace(_line(fee, scope, unsettled, row), schedule=plan)
    terms = terms_of(schedule, scope)
    lines = [_line(fee, scope | term.values(), unsettled, row) for term in terms]
    refused = next((line for line in lines if line.amount is None), None)
    if refused is not None:
        return refused
    amounts = [TermAmount(term, line.amount or 0, line.explanation) for term, line in zip(terms, lines, strict=True)]
    total = sum(term.amount for term in amounts)
    return replace(
        lines[0],
        amount=total,
        full_amount=sum(line.full_amount or 0 for line in lines),
        exact=total,
        schedule=LineSchedule(every, len(terms), unit, begins, due, tuple(amounts)),
    )


def _line(fee: CompiledFee, scope: Scope, unsettled: AbstractSet[str], row: int | None) -> FeeLine:
    """A line that applies and whose questions are answered."""
    rule = fee.rule
    exact = Fraction(fee.amount.value(scope))
    reduces = bool(fee.reduces and not fee.reduction_questions & unsettled and fee.reduces.value(scope))
    reduced = Fraction(fee.reduced.value(scope)) if reduces and fee.reduced else None
    explanation = _explanation(fee, scope)
    beyond = rule.maximum is None and rounded_to(exact, rule.rounding, 1) > rule.max_amount
    if beyond or rounded_to(exact, rule.rounding, 1) < 0:
        return _refused(fee, _BELOW_ZERO if exact < 0 else ABOVE_LIMIT, explanation, row)
    rounded = rounded_to(exact, rule.rounding, rule.round_to)
    amount = _within(rule, rounded)
    line = FeeLine(fee.id, rule.label, explanation, rule.when, "due", amount, amount, row=row, deposit=rule.deposit)
    line = replace(line, returned_in=rule.returned_in, methods=rule.methods)
    # Nobody is told that something is free before they have said why.
    if fee.waived and not fee.waived_questions & unsettled and fee.waived.holds(scope):
        return replace(line, state="waived", amount=0)
    if reduces and rule.reduction:
        return _with_reduction(fee, rule.reduction, line, reduced)
    return replace(line, exact=exact if amount == rounded else amount)


def _within(rule: FeeRule, amount: int) -> int:
    amount = amount if rule.minimum is None else max(amount, rule.minimum)
    return amount if rule.maximum is None else min(amount, rule.maximum)


def _with_reduction(fee: CompiledFee, rule: Reduction, line: FeeLine, reduced: Fraction | None) -> FeeLine:
    """The line while nobody has decided: due once the office has, and not before."""
    full = line.amount or 0
    after = Fraction(full) * (100 - (rule.rate or 0)) / 100 if reduced is None else reduced
    if not 0 <= after <= full:
        return _refused(fee, _BELOW_ZERO if after < 0 else ABOVE_LIMIT, line.explanation, line.row)
    yen = rounded_to(after, fee.rule.rounding, fee.rule.round_to)
    return replace(line, state="reduction", when="approved", reduced_amount=min(yen, full), decided_by=rule.decided_by)


def _undecided(fee: CompiledFee, row: int | None) -> FeeLine:
    return FeeLine(fee.id, fee.rule.label, None, fee.rule.when, "undecided", None, row=row)


def _refused(fee: CompiledFee, why: Text, explanation: Text | None, row: int | None) -> FeeLine:
    return FeeLine(fee.id, fee.rule.label, explanation, fee.rule.when, "refused", None, reason=why, row=row)


def _explanation(fee: CompiledFee, scope: Scope) -> Text | None:
    filled: dict[Language, str] = {
        language: template.fill(scope, language) for language, template in fee.explain.items()
    }
    # Not validated: an answer that stands in an explanation may be longer than a definition's own words.
    return Text.model_construct(filled) if filled.get("ja") else None
