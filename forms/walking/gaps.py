"""Rules that were not yet seen without something that they speak of, an answer or a value of the map, and that may then have no value."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.evaluation.earlier import ALWAYS_THERE, earlier_types
from forms.evaluation.evaluate import Evaluator
from forms.evaluation.program import Program
from forms.evaluation.result import Evaluation
from forms.expressions.language import Compiled
from forms.expressions.running import Run, Runner
from forms.expressions.syntax import Call, Node, Variable, walk
from forms.expressions.values import NOTHING_FOUND, AbsentDate, ExpressionFailed, NotDecided
from forms.fields.path import head_of
from forms.walking.pools import may_be_missing

#: A question, or a value of the map or an earlier case, of which a rule at a path speaks, and which nobody lacked yet where it applied.
Gap = tuple[Path, str]

_LOGIC = frozenset({"_&&_", "_||_", "!_", "_?_:_"})
_FAILURES = (ExpressionFailed, NotDecided, AbsentDate, TypeError)


@dataclass(frozen=True)
class _Part:
    """A part of an expression between its and, or and not, with the questions and values that it speaks of."""

    run: Run
    names: frozenset[str]


@dataclass(frozen=True)
class _Rule:
    """A line of the fee or payout, limited places, a consent or a check."""

    path: Path
    each: str | None
    names: frozenset[str]
    parts: Sequence[_Part]


class Gaps:
    """The gaps of a definition, closed one by one as residents are judged.

    A part that fails without an answer keeps its gap open although another part made it of no account for this resident: for the
    next it may count. `risky` says that there was such a part.
    """

    def __init__(self, definition: Definition, program: Program) -> None:
        self.rules = list(_rules(definition, program))
        optional = {
            question.id
            for step in definition.steps
            for question in step.fields
            if step.show_when is not None or question.show_when is not None or not question.required
        }
        uncertain = optional | set(_uncertain_values(definition))
        self.open: set[Gap] = {(rule.path, name) for rule in self.rules for name in rule.names & uncertain}
        self.risky = False

    def note(self, evaluator: Evaluator, evaluation: Evaluation) -> None:
        """Close what this resident shows: rules that applied to them, and were decided without an answer."""
        applied = set(_applied(evaluator, evaluation))
        for rule in self.rules:
            missing = {
                name
                for name in rule.names
                if (rule.path, name) in self.open
                and name not in evaluation.answers
                and evaluator.scope.get(name, NOTHING_FOUND) is NOTHING_FOUND
            }
            if rule.path not in applied or not missing:
                continue
            failed = _failed(rule, missing, evaluator)
            self.risky |= bool(failed)
            self.open -= {(rule.path, name) for name in missing - failed}


def _uncertain_values(definition: Definition) -> Iterator[str]:
    yield from (name for name in earlier_types(definition) if name.partition(".")[2] not in ALWAYS_THERE)
    for place in definition.place_fields.values():
        yield from (
            f"{place.id}.{look_up.as_}"
            for look_up in place.look_up
            if look_up.default is None and may_be_missing(place, look_up)
        )


def _rules(definition: Definition, program: Program) -> Iterator[_Rule]:
    by_rule: dict[Path, list[Compiled]] = {}
    for path, compiled in program.by_path.items():
        if "explain" not in path:
            by_rule.setdefault(_rule_path(path), []).append(compiled)
    rules: Mapping[str, Sequence[Any]] = {
        kind: getattr(definition, kind) for kind in ("fee", "payout", "capacity", "consents")
    }
    for kind, of_kind in rules.items():
        for number, rule in enumerate(of_kind):
            email = {rule.email} if kind == "consents" and rule.each is None else set()
            yield _rule(program, (kind, number), rule.each, by_rule.get((kind, number), ()), email)
    for path, expressions in by_rule.items():
        if path[0] == "steps" and len(path) == 4 and path[2] == "checks":
            yield _rule(program, path, None, expressions, set())


def _rule_path(path: Path) -> Path:
    return path[:4] if path[0] == "steps" else path[:2]


def _rule(program: Program, path: Path, each: str | None, expressions: Iterable[Compiled], besides: set[str]) -> _Rule:
    parts: list[_Part] = []
    spoken_of = set(besides)
    names = program.language.names
    runner = Runner(names.look_ups, names.functions, lenient=False)
    for compiled in expressions:
        spoken_of |= _names(program, compiled.tree)
        parts += [_Part(runner.run(node), _names(program, node)) for node in _between_logic(compiled.tree)]
    return _Rule(path, each, frozenset(spoken_of), parts)


def _between_logic(node: Node) -> Iterator[Node]:
    if isinstance(node, Call) and node.function in _LOGIC:
        for part in node.args:
            yield from _between_logic(part)
    else:
        yield node


def _names(program: Program, node: Node) -> frozenset[str]:
    """The questions and values that a tree speaks of, through named values too."""
    names = {part.name for part in walk(node) if isinstance(part, Variable)}
    named = [program.computed[name] for name in names & program.computed.keys()]
    return frozenset(names | {head_of(name) for name in names}).union(*(_names(program, each.tree) for each in named))


def _applied(evaluator: Evaluator, evaluation: Evaluation) -> Iterator[Path]:
    definition = evaluator.definition
    for kind, numbers, fee in (
        ("fee", {rule_id: n for n, rule_id in enumerate(definition.fee_rules)}, evaluation.fee),
        ("payout", {rule.id: n for n, rule in enumerate(definition.payout)}, evaluation.payout),
    ):
        yield from {(kind, numbers[line.id]) for line in fee.lines}
    consents = {rule.id: n for n, rule in enumerate(definition.consents)}
    yield from {("consents", consents[need.rule.id]) for need in evaluation.consents}
    if evaluation.places.claims or evaluation.places.undecided:
        yield from (("capacity", number) for number in range(len(definition.capacity)))
    for position, step in enumerate(definition.steps):
        for number in range(len(step.checks) if step.id in evaluation.steps else 0):
            if evaluator.is_judged(evaluator.program.checks[step.id, number]):
                yield ("steps", position, "checks", number)


def _failed(rule: _Rule, missing: set[str], evaluator: Evaluator) -> set[str]:
    """Those missing answers and values without which a part of the rule cannot be worked out."""
    scopes = evaluator.row_scopes(rule.each) if rule.each else [evaluator.scope]
    return {
        name for part in rule.parts for name in part.names & missing if any(_fails(part, scope) for scope in scopes)
    }


def _fails(part: _Part, scope: dict[str, Any]) -> bool:
    try:
        part.run(scope)
    except _FAILURES:
        return True
    return False
