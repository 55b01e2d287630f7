"""Running the examples of a definition: do the expected fee, questions, errors and state come out?"""

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace

from pydantic import JsonValue

from forms.checks.completing import put_answer, with_missing_answers
from forms.definition.diagnostics import Offer, UnlocatedDiagnostic
from forms.definition.example import Example
from forms.definition.fee import FEE_MOMENTS, FeeMoment
from forms.definition.procedure import Definition, group_fields
from forms.definition.source import Path
from forms.evaluation.city import City
from forms.evaluation.evaluate import evaluate
from forms.evaluation.fee import Fee, FeeUndecided
from forms.evaluation.result import Evaluation
from forms.evaluation.workflow_scope import CaseValues
from forms.fields.occurrences import answer_at
from forms.workflow.building import workflow_of
from forms.workflow.machine import MoveNotAllowed, Workflow
from forms.workflow.settling import settled_workflow


def example_diagnostics(definition: Definition, city: City | None = None) -> list[UnlocatedDiagnostic]:
    """Return a diagnostic for each expectation that an example does not meet. An example without a city runs in `city`.

    An answer that is missing where an example is like another one is suggested for that one alone, from which it is taken over.
    """
    reported: list[UnlocatedDiagnostic] = []
    suggested: dict[str | None, set[Path]] = {}
    for number, (example, written) in enumerate(zip(definition.examples, definition.written_examples, strict=True)):
        diagnostics = _example_diagnostics(definition, example, city, ("examples", number))
        before = suggested.get(written.like, set())
        offered = {diagnostic.offer.path[2:] for diagnostic in diagnostics if diagnostic.offer}
        suggested[example.name] = before | offered
        reported += [
            _named(diagnostic, example)
            for diagnostic in diagnostics
            if diagnostic.offer is None or diagnostic.offer.path[2:] not in before
        ]
    return reported


def failures_of(definition: Definition, example: Example, city: City | None = None) -> list[str]:
    """What does not come out as this example expects, in sentences; answers that it lacks are made up."""
    diagnostics = _example_diagnostics(definition, example, city, ())
    return [diagnostic.message for diagnostic in diagnostics if diagnostic.severity == "error"]


def _example_diagnostics(
    definition: Definition, example: Example, city: City | None, path: Path
) -> list[UnlocatedDiagnostic]:
    """Check one example. Missing answers are made up and suggested as advice, so that an old example blocks nothing."""
    whole, suggested = with_missing_answers(definition, example, city)
    diagnostics = _without(suggested, list(_run(definition, whole, city, (*path, "expect"))))
    for question, values in suggested.items():
        for value in values[1:] if diagnostics else ():
            answers = deepcopy(dict(whole.answers))
            put_answer(answers, question, value)
            other, more = with_missing_answers(definition, example.model_copy(update={"answers": answers}), city)
            if not _without(suggested | more, list(_run(definition, other, city, (*path, "expect")))):
                suggested[question] = [value]
                diagnostics = []
                break
    return diagnostics + [_offer(definition, example, question, values, path) for question, values in suggested.items()]


def _without(suggested: Mapping[str, object], diagnostics: list[UnlocatedDiagnostic]) -> list[UnlocatedDiagnostic]:
    """Drop the diagnostics that only report a missing answer for which none could be made up."""
    return [
        diagnostic
        for diagnostic in diagnostics
        if not any(diagnostic.message.startswith((f"「{question}」：", f"「{question}.")) for question in suggested)
    ]


def _offer(
    definition: Definition, example: Example, question: str, values: Sequence[JsonValue], path: Path
) -> UnlocatedDiagnostic:
    if not values:
        remedy = f"answers に「{question}: …」を書き足してください。"
        return UnlocatedDiagnostic((*path, "answers"), f"質問「{question}」の答えがありません。", remedy, "advice")
    answer = json.dumps(values[0], ensure_ascii=False)
    message = f"質問「{question}」の答えがないので、仮の答えで確かめました。"
    remedy = f"answers に「{question}: {answer}」を書き足してください。"
    return UnlocatedDiagnostic(
        (*path, "answers"), message, remedy, "advice", _writable(definition, example, question, answer, path)
    )


def _writable(definition: Definition, example: Example, question: str, answer: str, path: Path) -> Offer | None:
    """Return the answer as an offer, or None where the example has an empty answer, which its author must check."""
    around = question.rpartition(".")[0]
    answers = answer_at(example.answers, around) if around else example.answers
    keys: Path = tuple(int(part) if part.isdigit() else part for part in question.split("."))
    group = definition.question_at(around) if around else None
    order = tuple(inner.id for inner in group_fields(group)) if group else tuple(definition.fields)
    return None if keys[-1] in answers else Offer((*path, "answers", *keys), answer, order)


def _named(diagnostic: UnlocatedDiagnostic, example: Example) -> UnlocatedDiagnostic:
    """The diagnostic with the name of the example, by which its author knows it."""
    return replace(diagnostic, message=f"試し「{example.name}」：{diagnostic.message}") if example.name else diagnostic


def _run(definition: Definition, example: Example, city: City | None, path: Path) -> Iterator[UnlocatedDiagnostic]:
    evaluation = evaluate(definition, example.answers, example.facts, today=example.on, city=example.city or city)
    yield from _errors(example, evaluation, path)
    yield from _fee(example, evaluation.fee, path)
    for position, name in enumerate(example.expect.visible):
        if not evaluation.is_visible(name):
            yield UnlocatedDiagnostic(
                (*path, "visible", position), f"質問「{name}」は表示されません。", "条件(show_when)を確かめてください。"
            )
    for position, name in enumerate(example.expect.hidden):
        if evaluation.is_visible(name):
            yield UnlocatedDiagnostic(
                (*path, "hidden", position), f"質問「{name}」は表示されます。", "条件(show_when)を確かめてください。"
            )
    if example.expect.payout is not None:
        yield from _amount(
            example.expect.payout, evaluation.payout.total, (*path, "payout"), evaluation.payout, "支払額"
        )
    people = len(evaluation.consents)
    if example.expect.consents not in (None, people):
        message = f"同意を求めるのは{example.expect.consents}人のはずですが、{people}人です。"
        yield UnlocatedDiagnostic((*path, "consents"), message, "consents の条件を確かめてください。")
    if example.expect.state is not None:
        yield from _state(definition, example, evaluation, city, path)


def _errors(example: Example, evaluation: Evaluation, path: Path) -> Iterator[UnlocatedDiagnostic]:
    messages = evaluation.errors
    for name in sorted(messages.keys() - set(example.expect.errors)):
        yield UnlocatedDiagnostic(
            (*path, "errors"), f"「{name}」：{messages[name][0]}", "答えを直すか、この名前を errors に加えてください。"
        )
    for position, name in enumerate(example.expect.errors):
        if name not in messages:
            yield UnlocatedDiagnostic(
                (*path, "errors", position), f"「{name}」に直すところはありません。", "errors から消してください。"
            )


def _fee(example: Example, fee: Fee, path: Path) -> Iterator[UnlocatedDiagnostic]:
    expected = example.expect.fee
    if isinstance(expected, dict):
        for when, amount in expected.items():
            yield from _amount(amount, _due(fee, when), (*path, "fee", when), fee)
    elif expected is not None:
        yield from _amount(expected, fee.total, (*path, "fee"), fee)


def _amount(
    expected: int, actual: int | None, path: Path, fee: Fee, what: str = "手数料"
) -> Iterator[UnlocatedDiagnostic]:
    if actual == expected:
        return
    if actual is None:
        unknown = "、".join(
            f"{line.label.ja}{f'({line.reason.ja})' if line.reason else ''}"
            for line in fee.lines
            if line.amount is None
        )
        yield UnlocatedDiagnostic(
            path, f"{what}が決まりません：{unknown}", "足りない答えや、地図の値(facts)を確かめてください。"
        )
    else:
        lines = "、".join(f"{line.label.ja} {line.amount:,}円" for line in fee.lines if line.amount is not None)
        yield UnlocatedDiagnostic(
            path, f"{what}は{expected:,}円のはずですが、{actual:,}円です。", f"内訳：{lines or 'なし'}"
        )


def _due(fee: Fee, when: FeeMoment) -> int | None:
    try:
        return fee.due(when)
    except FeeUndecided:
        return None


def _state(
    definition: Definition, example: Example, evaluation: Evaluation, city: City | None, path: Path
) -> Iterator[UnlocatedDiagnostic]:
    due = {when: _due(evaluation.fee, when) or 0 for when in FEE_MOMENTS}
    done: dict[str, Mapping[str, JsonValue]] = {}

    def settled() -> Workflow:
        return settled_workflow(
            definition,
            evaluation.answers,
            example.facts,
            today=example.on,
            submitted_on=example.on,
            case=CaseValues(fee=sum(due.values()), submitted_on=example.on, stages=done),
            city=example.city or city,
        )

    whole, of_case = workflow_of(definition), settled()
    workflow, state = of_case, of_case.initial(due["submission"], consents=evaluation.consents_first)
    past: list[str] = []
    for position, move_id in enumerate(example.expect.moves):
        try:
            move = workflow.move(state, move_id)
        except MoveNotAllowed:
            move_ids = "、".join(move.id for move in workflow.moves_from(state))
            message = f"状態「{state}」から「{move_id}」には進めません。"
            yield UnlocatedDiagnostic(
                (*path, "moves", position), message, f"進めるのは {move_ids} です。" if move_ids else ""
            )
            return
        past.insert(0, state)
        state = workflow.next(state, move_id, fee_due=due[move.fee] if move.fee else 0)
        if passed := move.passes or move.stage:
            done[passed] = example.stages.get(passed, {})
            of_case = settled()
        back = whole.leads_back(state)
        workflow = of_case.returning(state, whole.came_from(state, past)) if back else of_case
    if state != example.expect.state:
        message = f"状態は「{example.expect.state}」のはずですが、「{state}」です。"
        yield UnlocatedDiagnostic((*path, "state"), message, "moves と workflow を確かめてください。")
