"""Sends made-up residents through a definition and records what they meet."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any

from pydantic import JsonValue

from forms.definition.consent import ConsentRule
from forms.definition.fee import FeeRule
from forms.definition.payout import PayoutRule
from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.evaluation.city import CITY_TYPES, City
from forms.evaluation.earlier import EARLIER
from forms.evaluation.evaluate import Evaluator
from forms.evaluation.fee import ABOVE_LIMIT, NOT_ON_THE_MAP
from forms.evaluation.program import Program, all_fields, program_of
from forms.evaluation.result import Evaluation
from forms.expressions.functions.dates import day
from forms.expressions.language import Compiled
from forms.fields import ReadContext
from forms.fields.path import FieldPath, head_of
from forms.walking.coverage import Coverage, DeadEnd, Outcomes
from forms.walking.life import Office
from forms.walking.pools import Pools
from forms.walking.resident import Resident

#: With so many a walk ends even if not everything was seen.
RESIDENTS = 150
#: So many at least, because a dead end may need a rare combination.
_MIN_RESIDENTS = 15
#: So many where a line of the fee or limited places were not seen without an answer that they speak of: perhaps they cannot be.
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
    """Walk until everything was seen, and at most with so many residents. The same seed gives the same walk.

    With `judgements` nobody sets out any more once so many questions were judged, each as often as the form was.
    """
    program = program_of(definition)
    plain = ReadContext(today, plane=city.plane if city else None)
    pools = Pools(definition, program, plain, city)
    office = Office(definition, plain, city)
    coverage = _empty_coverage(definition, program, city)
    judged = 0
    with day(today):
        for number in range(residents):
            if number >= _MIN_RESIDENTS and coverage.covered and (number >= _FOR_GAPS or not coverage.gaps):
                break
            if judgements is not None and judged * len(definition.fields) > judgements:
                break
            resident = Resident(definition, pools, plain, city, Random(f"{seed}.{number}"))  # noqa: S311 - not for secrets
            for evaluator, evaluation in resident.fill_in():
                _note_conditions(coverage, definition, program, evaluator, evaluation)
                _note_dead_ends(coverage, definition, program, evaluation)
            _note_shown(coverage, definition, evaluation)
            _note_gaps(coverage, program, evaluation)
            if stuck := office.stuck(evaluator, evaluation, resident.random):
                coverage.dead_ends.setdefault(stuck.path, stuck)
            judged += resident.evaluations
            coverage.residents += 1
            coverage.complete += evaluation.complete
            coverage.unanswerable |= {_question_path(definition, path) for path in resident.unanswerable}
    return coverage


def _empty_coverage(definition: Definition, program: Program, city: City | None) -> Coverage:
    coverage = Coverage(gaps=_gaps(definition, program))
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
    numbers = _line_numbers(definition)
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


def _note_dead_ends(coverage: Coverage, definition: Definition, program: Program, evaluation: Evaluation) -> None:
    if evaluation.field_errors:
        return
    ends = (_fee_ends, _check_ends, _capacity_ends)
    for end in (end for find in ends for end in find(definition, program, evaluation)):
        coverage.dead_ends.setdefault(end.path, end)


def _fee_ends(definition: Definition, program: Program, evaluation: Evaluation) -> Iterable[DeadEnd]:
    numbers = _line_numbers(definition)
    for kind, lines, fees in (
        ("fee", evaluation.fee.lines, program.fees),
        ("payout", evaluation.payout.lines, program.payouts),
    ):
        compiled = {fee.id: fee for fee in fees}
        for line in lines:
            if line.amount is None:
                reason = line.reason.ja if line.reason else "金額が決まりません。"
                questions = compiled[line.id].questions | compiled[line.id].applies_questions
                yield DeadEnd(
                    (kind, numbers[kind][line.id], "amount"),
                    f"{'料金' if kind == 'fee' else '支払う金額'}「{line.label.ja}」が決まらず、申請できない人がいます。{reason}",
                    "その答えでも金額が決まるように、min・max、default、found(…) や条件を加えてください。",
                    _answers(evaluation, questions),
                    "advice" if line.reason in (NOT_ON_THE_MAP, ABOVE_LIMIT) else "error",
                )


def _note_gaps(coverage: Coverage, program: Program, evaluation: Evaluation) -> None:
    """What was worked out without an answer that it speaks of, which may have none for some."""
    for fee, lines in ((evaluation.fee, program.fees), (evaluation.payout, program.payouts)):
        applied = {line.id for line in fee.lines}
        for compiled in lines:
            if compiled.id in applied:
                _close_gaps(coverage, compiled.id, compiled.questions, evaluation)
    for capacity in program.capacity if evaluation.places.claims or evaluation.places.undecided else ():
        _close_gaps(coverage, capacity.rule.id, capacity.questions, evaluation)


def _close_gaps(coverage: Coverage, line: str, questions: Iterable[str], evaluation: Evaluation) -> None:
    for question in questions:
        if question not in evaluation.answers:
            coverage.gaps.discard((line, question))


def _gaps(definition: Definition, program: Program) -> set[tuple[str, str]]:
    """The lines and places with each question that they speak of and that may go unanswered."""
    open_ones = {
        question.id
        for step in definition.steps
        for question in step.fields
        if step.show_when is not None or question.show_when is not None or not question.required
    }
    of_lines = [(line.id, line.questions) for line in (*program.fees, *program.payouts)]
    of_places = [(capacity.rule.id, capacity.questions) for capacity in program.capacity]
    return {(name, question) for name, questions in (*of_lines, *of_places) for question in questions & open_ones}


def _line_numbers(definition: Definition) -> Mapping[str, Mapping[str, int]]:
    return {
        "fee": {rule_id: number for number, rule_id in enumerate(definition.fee_rules)},
        "payout": {rule.id: number for number, rule in enumerate(definition.payout)},
    }


def _check_ends(definition: Definition, program: Program, evaluation: Evaluation) -> Iterable[DeadEnd]:
    positions = {step.id: position for position, step in enumerate(definition.steps)}
    for failure in evaluation.check_failures:
        path = ("steps", positions[failure.step], "checks", failure.number, "assert")
        condition = program.checks[failure.step, failure.number]
        questions = program.questions(condition)
        if not failure.judged and not _may_find_nothing(condition, definition):
            yield DeadEnd(
                path,
                f"「{failure.rule.ja}」を確かめられず、申請できない人がいます。",
                "答えがないときにも計算できるように、「!answered(質問) || …」と書くか、質問を required にしてください。",
                _answers(evaluation, questions),
            )
        elif not failure.judged:
            yield DeadEnd(
                path,
                f"「{failure.rule.ja}」を確かめられず、申請できない人がいます。",
                "地図に何もない場所のために、look_up に default を書くか、found(…) で確かめてください。",
                _answers(evaluation, questions),
                "advice",
            )
        elif questions and not questions & evaluation.answers.keys():
            names = "、".join(sorted(questions & set(evaluation.visible)))
            yield DeadEnd(
                path,
                f"答えなくてよい質問({names})を空けた人が、「{failure.rule.ja}」で止まります。",
                "「!answered(質問) || …」と書くか、質問を required にしてください。",
                _answers(evaluation, questions),
            )


def _may_find_nothing(condition: Compiled, definition: Definition) -> bool:
    """Whether a condition speaks of a place, of a table or of an earlier case, where there may be nothing."""
    heads = {head_of(name) for name in condition.names}
    if heads & (definition.place_fields.keys() | {EARLIER}):
        return True
    return any(f"{table.id}." in condition.text for table in definition.tables)


def _capacity_ends(definition: Definition, program: Program, evaluation: Evaluation) -> Iterable[DeadEnd]:
    numbers = {rule.id: number for number, rule in enumerate(definition.capacity)}
    compiled = {capacity.rule.id: capacity for capacity in program.capacity}
    for rule_id in evaluation.places.undecided:
        yield DeadEnd(
            ("capacity", numbers[rule_id], "limit"),
            f"定員「{compiled[rule_id].rule.label.ja}」の数や点数が決まらず、申請できない人がいます。",
            "数は0以上の整数にし、答えのない質問は answered(…) で確かめ、地図や表に値がない場所には default や条件(applies_when)を加えてください。",
            _answers(evaluation, compiled[rule_id].questions),
            "error" if rule_id in evaluation.places.failed else "advice",
        )


def _answers(evaluation: Evaluation, questions: Iterable[str]) -> dict[str, JsonValue]:
    answers: dict[str, JsonValue] = {}
    for question in sorted(questions):
        facts: Any = evaluation.facts.get(question)
        if facts is not None:
            answers[question] = {"map": dict(facts)}
        else:
            answers[question] = evaluation.answers.get(question)
    return answers


def _question_path(definition: Definition, path: str) -> Path:
    name = _without_row(path)
    return next(path for path, _ in all_fields(definition) if _name(definition, path) == name)
