"""From a checked tree to a Python function of the answers.

CEL's parser and type checker decide what an expression may say. Its own machine does not run it, because here a number is
exact, a date may be absent, and an answer costs no conversion (docs/decisions/0034-expressions-are-two-valued.md).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from forms.expressions import syntax
from forms.expressions.functions import FUNCTIONS, Function
from forms.expressions.operators import OPERATORS
from forms.expressions.syntax import Call, Constant, ListOf, Local, Loop, MapOf, Node, Select, Variable
from forms.expressions.values import (
    ANSWERED,
    JOINT,
    NO_DATE,
    NOTHING_FOUND,
    AbsentDate,
    ExpressionFailed,
    NotDecided,
    default_of,
    exact,
)

#: Works out a value from the variables; raises AbsentDate, NotDecided or ExpressionFailed.
Run = Callable[[dict[str, Any]], Any]

#: Rounds of loops in one expression: every row of 500 compared with every other, and some.
MAX_ROUNDS: Final = 300_000
_ROUNDS: Final = "@rounds"
_DATES: Final = frozenset({"timestamp", "duration"})
_LOGIC: Final = frozenset({"_&&_", "_||_", "!_", "_?_:_", "@not_strictly_false", "answered", "no", "found"})
_FAULTS: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class Unsupported(Exception):
    """The checker knows a function that expressions here do not have."""

    def __init__(self, function: str) -> None:
        super().__init__(function)
        self.function = function


@dataclass(frozen=True)
class Runner:
    """Makes functions of trees.

    `look_ups` are the variables that a map or the installation gives, `functions` those of the definition. With `open_world` a
    variable without a value is not known yet, as a fact that nobody was asked for; otherwise it has the default of its type.
    With `lenient` a look-up that found nothing has it too.
    """

    look_ups: frozenset[str] = frozenset()
    functions: Mapping[str, Function] = field(default_factory=dict)
    open_world: bool = False
    lenient: bool = True

    def run(self, node: Node) -> Run:
        """Return the function of a whole expression. Raises Unsupported."""
        return _counted(self._whole(node))

    def _whole(self, node: Node) -> Run:
        """Run a part that stands for itself: a date missing in it leaves the default of its type."""
        if node.type == "bool":
            return self._condition(node)
        run = self._value(node, caught=True)
        return _or_default(run, node.type) if node.type in _DATES else run

    def _condition(self, node: Node) -> Run:
        """Run a condition. A comparison that speaks of a date which is not there does not hold."""
        run = self._value(node, caught=False)
        if not isinstance(node, Call) or node.function in _LOGIC or not _speaks_of_dates(node):
            return run
        holds_without_date = node.function == "_!=_"

        def guarded(scope: dict[str, Any]) -> Any:
            try:
                return run(scope)
            except AbsentDate:
                return holds_without_date

        return guarded

    def _value(self, node: Node, *, caught: bool) -> Run:
        match node:
            case Constant():
                value = exact(node.value) if isinstance(node.value, float) else node.value
                return lambda _: value
            case Variable():
                return self._variable(node)
            case Local(name=name):
                return _present(lambda scope: scope[name]) if node.type in _DATES else lambda scope: scope[name]
            case Select():
                return self._select(node)
            case ListOf():
                items = [self._whole(item) for item in node.items]
                return lambda scope: [item(scope) for item in items]
            case MapOf():
                entries = [(self._whole(key), self._whole(value)) for key, value in node.entries]
                return lambda scope: {key(scope): value(scope) for key, value in entries}
            case Loop():
                return self._loop(node)
            case Call():
                return self._call(node, caught=caught)

    def _variable(self, node: Variable) -> Run:
        name, default = node.name, default_of(node.type)
        if self.open_world:

            def known(scope: dict[str, Any]) -> Any:
                value = scope.get(name)
                if value is None:
                    raise NotDecided(name)
                if value is NO_DATE:
                    raise AbsentDate
                return value

            return known
        if name in self.look_ups:
            lenient = self.lenient

            def looked_up(scope: dict[str, Any]) -> Any:
                value = scope.get(name, default)
                if value is NOTHING_FOUND:
                    if not lenient:
                        raise NotDecided(name)
                    return default
                return value

            return looked_up
        if default is None:
            return _present(lambda scope: scope.get(name))
        return lambda scope: scope.get(name, default)

    def _select(self, node: Select) -> Run:
        operand, field = self._value(node.operand, caught=False), node.field
        if node.test:
            return lambda scope: field in operand(scope)[ANSWERED]
        default = default_of(node.type)
        if node.operand.type.startswith("map"):
            return _failing(lambda scope: operand(scope)[field])
        if default is None:
            return _present(lambda scope: operand(scope).get(field))
        lenient = self.lenient

        def selected(scope: dict[str, Any]) -> Any:
            value = operand(scope).get(field, default)
            if value is NOTHING_FOUND:  # a look-up of a place in a row
                if not lenient:
                    raise NotDecided(field.replace(JOINT, "."))
                return default
            return value

        return selected

    def _loop(self, node: Loop) -> Run:
        over, start, result = self._whole(node.over), self._whole(node.start), self._whole(node.result)
        variable, accumulator = node.variable, node.accumulator
        goes_on, step = self._whole(node.goes_on), self._step(node)

        def fold(scope: dict[str, Any]) -> Any:
            kept = {name: scope[name] for name in (variable, accumulator) if name in scope}
            items = over(scope)
            scope[accumulator] = start(scope)
            try:
                for item in items:
                    scope[_ROUNDS] += 1
                    if scope[_ROUNDS] > MAX_ROUNDS:
                        raise ExpressionFailed("too many rounds")
                    scope[variable] = item
                    if goes_on(scope) is False:
                        break
                    scope[accumulator] = step(scope)
                return result(scope)
            finally:
                scope.pop(variable, None)
                scope.pop(accumulator, None)
                scope.update(kept)

        return fold

    def _step(self, node: Loop) -> Run:
        """Run one round. What `map` and `filter` gather is a list of their own, which grows in place."""
        accumulator = node.accumulator
        match node.step:
            case Call(function="_+_", args=(Local(name=name), ListOf(items=(item,)))) if name == accumulator:
                return _appended(accumulator, self._whole(item), None)
            case Call(
                function="_?_:_",
                args=(condition, Call(function="_+_", args=(Local(name=name), ListOf(items=(item,)))), Local()),
            ) if name == accumulator:
                return _appended(accumulator, self._whole(item), self._condition(condition))
        return self._whole(node.step)

    def _call(self, node: Call, *, caught: bool) -> Run:
        match node.function:
            case "_&&_":
                return _decided_by(False, *map(self._condition, node.args))
            case "_||_":
                return _decided_by(True, *map(self._condition, node.args))
            case "_?_:_":
                condition, yes, no = self._condition(node.args[0]), *map(self._whole, node.args[1:])
                return lambda scope: yes(scope) if condition(scope) else no(scope)
            case "!_":
                condition = self._condition(node.args[0])
                return lambda scope: not condition(scope)
            case "@not_strictly_false":
                return _not_strictly_false(self._condition(node.args[0]))
            case "answered" | "no" | "found":
                return self._presence(node.function, node.args[0])
        function = FUNCTIONS.get(node.function) or self.functions.get(node.function)
        python = function.python if function else OPERATORS.get(node.function)
        if python is None:
            raise Unsupported(node.function)
        counts_dates = any(arg.type in _DATES for arg in node.args)
        args = [
            self._condition(arg) if arg.type == "bool" else self._value(arg, caught=caught and not counts_dates)
            for arg in node.args
        ]
        run = _applied(python, args)
        return _or_default(run, node.type) if caught and counts_dates and node.type not in _DATES else run

    def _presence(self, function: str, of: Node) -> Run:
        """Run a question about a name, not about its value."""
        if function == "found":
            return _found(of)
        answered = _answered(of, function)
        if function == "answered":
            return answered
        said_yes = self._condition(of)
        return lambda scope: answered(scope) and not said_yes(scope)


def _appended(accumulator: str, item: Run, condition: Run | None) -> Run:
    def appended(scope: dict[str, Any]) -> list[Any]:
        gathered: list[Any] = scope[accumulator]
        if condition is None or condition(scope):
            gathered.append(item(scope))
        return gathered

    return appended


def _applied(python: Callable[..., Any], args: Sequence[Run]) -> Run:
    """Call a function with the values of its arguments; two are by far the commonest."""
    if len(args) == 2:
        first, second = args
        return _failing(lambda scope: python(first(scope), second(scope)))
    return _failing(lambda scope: python(*[arg(scope) for arg in args]))


def _failing(run: Run) -> Run:
    def checked(scope: dict[str, Any]) -> Any:
        try:
            return run(scope)
        except ExpressionFailed:
            raise
        except _FAULTS as fault:
            raise ExpressionFailed(str(fault)) from fault

    return checked


def _present(run: Run) -> Run:
    def present(scope: dict[str, Any]) -> Any:
        value = run(scope)
        if value is None:
            raise AbsentDate
        return value

    return present


def _or_default(run: Run, kind: str) -> Run:
    default = default_of(kind)

    def or_default(scope: dict[str, Any]) -> Any:
        try:
            return run(scope)
        except AbsentDate:
            return default

    return or_default


def _decided_by(deciding: bool, left: Run, right: Run) -> Run:
    """`&&` and `||`: a side that decides does so whatever is wrong with the other, as CEL has it."""

    def decided(scope: dict[str, Any]) -> Any:
        try:
            if left(scope) is deciding:
                return deciding
        except (NotDecided, ExpressionFailed):
            if right(scope) is deciding:
                return deciding
            raise
        return right(scope)

    return decided


def _not_strictly_false(condition: Run) -> Run:
    def goes_on(scope: dict[str, Any]) -> bool:
        try:
            return condition(scope) is not False
        except (NotDecided, ExpressionFailed):
            return True

    return goes_on


def _answered(arg: Node, function: str) -> Run:
    match arg:
        case Variable(name=name):
            return lambda scope: name in scope[ANSWERED]
        case Select(operand=Local(name=row), field=field):
            return lambda scope: field in scope[row][ANSWERED]
    raise Unsupported(function)


def _found(arg: Node) -> Run:
    match arg:
        case Variable(name=name):
            return lambda scope: scope.get(name, NOTHING_FOUND) is not NOTHING_FOUND
        case Select(operand=Local(name=row), field=field):
            return lambda scope: scope[row].get(field, NOTHING_FOUND) is not NOTHING_FOUND
    raise Unsupported("found")


def _speaks_of_dates(node: Node) -> bool:
    return any(part.type in _DATES for part in syntax.walk(node))


def _counted(run: Run) -> Run:
    def counted(scope: dict[str, Any]) -> Any:
        scope[_ROUNDS] = 0
        return run(scope)

    return counted
