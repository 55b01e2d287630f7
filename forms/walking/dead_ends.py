"""Where the answers of a made-up resident lead nowhere: what stops them, and what the author can do about it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from forms.definition.procedure import Definition
from forms.evaluation.earlier import EARLIER
from forms.evaluation.fee import ABOVE_LIMIT, NOT_IN_THE_EARLIER_CASE, NOT_ON_THE_MAP
from forms.evaluation.program import Program
from forms.evaluation.result import Evaluation
from forms.expressions.language import Compiled
from forms.fields.path import head_of
from forms.walking.coverage import DeadEnd

#: Reasons that depend on what the map or an earlier case has, which the definition alone does not tell.
_PERHAPS = (NOT_ON_THE_MAP, NOT_IN_THE_EARLIER_CASE, ABOVE_LIMIT)


def dead_ends(definition: Definition, program: Program, evaluation: Evaluation) -> Iterator[DeadEnd]:
    """What keeps somebody whose answers are all sound from applying."""
    if evaluation.field_errors:
        return
    for find in _FINDERS:
        yield from find(definition, program, evaluation)


def line_numbers(definition: Definition) -> Mapping[str, Mapping[str, int]]:
    """The position of each line of the fee and of the payout in the definition, by its id."""
    return {
        "fee": {rule_id: number for number, rule_id in enumerate(definition.fee_rules)},
        "payout": {rule.id: number for number, rule in enumerate(definition.payout)},
    }


def _fee_ends(definition: Definition, program: Program, evaluation: Evaluation) -> Iterable[DeadEnd]:
    numbers = line_numbers(definition)
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
                    "advice" if line.reason in _PERHAPS else "error",
                )


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
                "地図や前の案件に値がないときのために、look_up に default を書くか、found(…) で確かめてください。",
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


def _consent_ends(definition: Definition, program: Program, evaluation: Evaluation) -> Iterable[DeadEnd]:
    numbers = {rule.id: number for number, rule in enumerate(definition.consents)}
    compiled = {consent.rule.id: consent for consent in program.consents}
    for rule in {need.rule.id: need.rule for need in evaluation.consents if need.email is None}.values():
        applies = compiled[rule.id].applies
        yield DeadEnd(
            ("consents", numbers[rule.id], "email"),
            f"「{rule.title.ja}」を求める相手のメールアドレス({rule.email})を聞かれず、申請できない人がいます。",
            "applies_when に、その質問の show_when と同じ条件を加えるか、いつも聞いてください。",
            _answers(evaluation, {rule.each or rule.email} | (program.questions(applies) if applies else set())),
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


_FINDERS: tuple[Callable[[Definition, Program, Evaluation], Iterable[DeadEnd]], ...] = (
    _fee_ends,
    _check_ends,
    _capacity_ends,
    _consent_ends,
)
