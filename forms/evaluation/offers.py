"""What each option or day of a question would take of the limited places, so that a page can say how many are left of each."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from pydantic import JsonValue

from forms.definition.procedure import Definition
from forms.evaluation.capacity import Claim, claims_in
from forms.evaluation.city import City
from forms.evaluation.evaluate import Evaluator
from forms.evaluation.program import program_of
from forms.evaluation.result import Evaluation
from forms.evaluation.scope import Answers, Facts, field_values
from forms.expressions.functions.dates import day
from forms.expressions.values import ANSWERED, ExpressionFailed, NotDecided
from forms.fields import FieldType, ReadContext
from forms.fields.choice import ChoiceField
from forms.fields.choices import ChoicesField
from forms.fields.date import DateField
from forms.fields.options import Option


def option_places(
    definition: Definition,
    answers: Answers,
    facts: Facts,
    question_id: str,
    *,
    today: date,
    city: City | None = None,
    options: Sequence[Option] = (),
) -> Mapping[str, list[Claim]]:
    """One place of each pool that an option or an offered day belongs to, by the option's id or the day, with the other answers as they are.

    `options` are those of a map layer, which only the city knows. Nothing for questions and options that no rule counts by, and where it cannot be said yet.
    """
    question = definition.fields[question_id]
    program = program_of(definition)
    rules = [
        capacity
        for capacity in program.capacity
        if capacity.rule.each is None and question_id in capacity.key_questions
    ]
    if not rules:
        return {}
    with day(today):
        evaluator = Evaluator(definition, answers, facts, ReadContext(today), city)
        outcome = evaluator.run()
        claims: dict[str, list[Claim]] = {}
        for name, answer in _possible_answers(question, options, outcome, today):
            values = field_values(question, answer, facts, program.language.names.types)
            scope = {**evaluator.scope, **values, ANSWERED: {*evaluator.scope[ANSWERED], question_id}}
            for capacity in rules:
                try:
                    claims.setdefault(name, []).extend(claims_in(capacity, scope, amount=1))
                except (NotDecided, ExpressionFailed, TypeError, ValueError):
                    continue
    return claims


def _possible_answers(
    question: FieldType, options: Sequence[Option], outcome: Evaluation, today: date
) -> Iterator[tuple[str, JsonValue]]:
    """The options or days that a question offers, each by its id with the answer that chooses it alone."""
    if isinstance(question, DateField) and question.offer is not None and outcome.offers is not None:
        for offered in outcome.offers.days(question).days or ():
            yield offered.isoformat(), offered.isoformat()
    if isinstance(question, ChoiceField | ChoicesField):
        for option in options or question.offered(ReadContext(today)):
            choice = question.answer(option)
            yield option.id, choice if isinstance(question, ChoiceField) else [choice]
