"""Sends made-up residents through a definition and records what they meet."""

from collections.abc import Iterable, Sequence
from datetime import date
from random import Random

from forms.definition.consent import ConsentRule
from forms.definition.fee import FeeRule
from forms.definition.payout import PayoutRule
from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.evaluation.city import CITY_TYPES, City
from forms.evaluation.evaluate import Evaluator
from forms.evaluation.program import Program, all_fields, program_of
from forms.evaluation.result import Evaluation
from forms.expressions.functions.dates import day
from forms.fields import ReadContext
from forms.fields.path import FieldPath
from forms.walking.coverage import Coverage, Outcomes
from forms.walking.dead_ends import dead_ends, line_numbers
from forms.walking.gaps import Gaps
from forms.walking.life import Office
from forms.walking.pools import Pools
from forms.walking.resident import Resident

#: With so many a walk ends even if not everything was seen.
RESIDENTS = 150
#: So many at least, because a dead end may need a rare combination.
_MIN_RESIDENTS = 15
#: So many where a rule was not seen without an answer that it speaks of: perhaps it cannot be. Where a part of it would fail, all are sent.
_FOR_GAPS = 60
_CONDITIONS = ("show_when", "required_when", "applies_when", "waived_when", "assert")


def walk(
    definition: Definition,
    *,
    today: date,
    city: City | None = None,
    residents: int = RESIDENTS,
    judgements: int | None = None,
    seed: int = 0,
) -> Coverage:
    """Walk until everything was seen and somebody applied, and at most with so many residents. The same seed gives the same walk.

    With `judgements` nobody sets out any more once so many questions were judged, each as often as the form was.
    """
    program = program_of(definition)
    plain = ReadContext(today, plane=city.plane if city else None)
    pools = Pools(definition, program, plain, city)
    office = Office(definition, plain, city)
    coverage, gaps = _empty_coverage(definition, program, city), Gaps(definition, program)
    judged = 0
    with day(today):
        for number in range(residents):
            enough = _FOR_GAPS if gaps.open else _MIN_RESIDENTS
            settled = coverage.covered and (coverage.complete or coverage.dead_ends)
            if number >= enough and settled and not office.risky and not (gaps.open and gaps.risky):
                break
            if judgements is not None and judged * len(definition.fields) > judgements:
                break
            resident = Resident(definition, pools, plain, city, Random(f"{seed}.{number}"))  # noqa: S311 - not for secrets
            for evaluator, evaluation in resident.fill_in():
                _note_conditions(coverage, definition, program, evaluator, evaluation)
                for end in dead_ends(definition, program, evaluation):
                    coverage.note_dead_end(end)
            _note_shown(coverage, definition, evaluation)
            gaps.note(evaluator, evaluation)
            if stuck := office.stuck(evaluator, evaluation, resident.random):
                coverage.note_dead_end(stuck)
            judged += resident.evaluations
            coverage.residents += 1
            coverage.complete += evaluation.complete
            coverage.unanswerable |= {_question_path(definition, path) for path in resident.unanswerable}
    return coverage


def _empty_coverage(definition: Definition, program: Program, city: City | None) -> Coverage:
    coverage = Coverage()
    for path, question in all_fields(definition):
        if question.is_question:
            coverage.shown[_name(definition, path)] = 0
    for path, compiled in program.by_path.items():
        is_of_city = city is None and not CITY_TYPES.keys().isdisjoint(compiled.names)
        if path[-1] in _CONDITIONS and path[0] in ("steps", "fee", "consents", "payout") and not is_of_city:
            coverage.conditions[path] = Outcomes()
    for kind in ("fee", "payout"):
        coverage.fees |= {(kind, number): 0 for number in range(len(getattr(definition, kind)))}
    return coverage


def _name(definition: Definition, path: Path) -> str:
    """Return `group.question` for the path of a question in a row, and the id of any other."""
    field = definition.steps[int(path[1])].fields[int(path[3])]
    inner = getattr(field, "fields", ())
    return f"{field.id}.{inner[int(path[5])].id}" if len(path) > 4 else field.id


def _note_conditions(
    coverage: Coverage, definition: Definition, program: Program, evaluator: Evaluator, evaluation: Evaluation
) -> None:
    for path, outcome in coverage.conditions.items():
        for holds in _outcomes(path, definition, program, evaluator, evaluation):
            outcome.note(holds)


def _note_shown(coverage: Coverage, definition: Definition, evaluation: Evaluation) -> None:
    for name in {_without_row(path) for path in evaluation.visible} & coverage.shown.keys():
        coverage.shown[name] += 1
    numbers = line_numbers(definition)
    for kind, fee in (("fee", evaluation.fee), ("payout", evaluation.payout)):
        for number in {numbers[kind][line.id] for line in fee.lines if line.amount is not None}:
            coverage.fees[kind, number] += 1


def _outcomes(
    path: Path, definition: Definition, program: Program, evaluator: Evaluator, evaluation: Evaluation
) -> Iterable[bool]:
    """Which way a condition went with one resident: more than once where it stands in rows."""
    compiled = program.by_path[path]
    if path[0] in ("fee", "consents", "payout"):
        rules: Sequence[FeeRule | ConsentRule | PayoutRule] = getattr(definition, str(path[0]))
        group = rules[int(path[1])].each
        scopes = evaluator.row_scopes(group) if group else [evaluator.scope]
        return [holds for scope in scopes if (holds := compiled.holds(scope)) is not None]
    step = definition.steps[int(path[1])]
    if path[2] == "checks":
        applies = step.id in evaluation.steps and evaluator.is_judged(compiled)
        holds = compiled.holds(evaluator.scope) if applies else None
        return [] if holds is None else [holds]
    if len(path) > 6 and path[4] == "fields":
        group_field = step.fields[int(path[3])]
        name = _name(definition, path[:-1]).partition(".")[2]
        inside = f"{group_field.id}."
        rows = {FieldPath.parse(visible).row for visible in evaluation.visible if visible.startswith(inside)}
        shown = evaluation.visible if path[-1] == "show_when" else evaluation.required
        return [f"{group_field.id}.{row}.{name}" in shown for row in rows]
    holds = compiled.holds(evaluator.scope)
    return [] if holds is None else [holds]


def _without_row(path: str) -> str:
    place = FieldPath.parse(path)
    return f"{place.head}.{place.in_row}" if place.row is not None else path


def _question_path(definition: Definition, path: str) -> Path:
    name = _without_row(path)
    return next(path for path, _ in all_fields(definition) if _name(definition, path) == name)
