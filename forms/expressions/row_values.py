"""Named values of a row put in place of their names: what is written as `f.area` is worked out as the expression that `area` stands for."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from forms.expressions.syntax import Call, ListOf, Local, Loop, MapOf, Node, Select, Variable, walk
from forms.expressions.values import JOINT

Values = Mapping[str, Node]


@dataclass(frozen=True)
class RowOf:
    """The row that a loop has come to: of which group, and in which row of a loop around it where that group lies in rows."""

    group: str
    within: str | None = None


def row_of(over: Node, loops: Mapping[str, RowOf]) -> RowOf | None:
    """The rows that a loop goes over: a group of the form, or one in a row of another loop. `loops` are those around, by their variable."""
    match over:
        case Variable(name=name):
            return RowOf(name)
        case Select(operand=Local(name=row), field=field) if row in loops:
            return RowOf(field, row)
        case Loop():
            return row_of(over.over, loops)
        case Call():  # a list that is chosen, or made of another
            lists = (row_of(part, loops) for part in over.args if part.type != "bool")
            return next(filter(None, lists), None)
    return None


@dataclass(frozen=True)
class Expansion:
    """Puts named values in place of their names: those of the row that a tree is written for (`own`), and of rows that its loops go over.

    `rows` has the names in a row of each group. What a value speaks of besides stays as it is, and means what it means outside.
    """

    own: Values
    of_rows: Mapping[str, Values]
    rows: Mapping[str, Collection[str]]

    def of(self, node: Node, loops: Mapping[str, RowOf] | None = None) -> Node:
        """The tree without names of values."""
        loops = loops or {}
        match node:
            case Variable(name=name) if name in self.own:
                return self.own[name]
            case Select(operand=Local(name=row), field=field) if row in loops and field in self._values(loops[row]):
                return self._in_loops(self._values(loops[row])[field], row, loops)
            case Loop():
                source = row_of(node.over, loops)
                inner = {**loops, node.variable: source} if source else loops
                start, goes_on, step, result = (
                    self.of(part, inner) for part in (node.start, node.goes_on, node.step, node.result)
                )
                over = self.of(node.over, loops)
                return replace(node, over=over, start=start, goes_on=goes_on, step=step, result=result)
        return _with(node, lambda child: self.of(child, loops))

    def _values(self, row: RowOf) -> Values:
        return self.of_rows.get(row.group, {})

    def _in_loops(self, value: Node, row: str | None, loops: Mapping[str, RowOf]) -> Node:
        """The tree of a named value for the row that a loop has come to, and for the row in which that one lies."""
        while row is not None:
            value = _of_row(value, row, self.rows[loops[row].group])
            row = loops[row].within
        return value


def head(name: str) -> str:
    """The first part of a name: `period` of `period.start`."""
    return name.partition(".")[0]


def free_heads(node: Node) -> frozenset[str]:
    """The first parts of the names that a tree speaks of."""
    return frozenset(head(part.name) for part in walk(node) if isinstance(part, Variable))


def as_value(node: Node, name: str) -> Node:
    """The tree of a named value, in which no loop has a variable of the name that one around it may have."""
    match node:
        case Local():
            return replace(node, name=f"{name}.{node.name}")
        case Loop():
            renamed = replace(node, variable=f"{name}.{node.variable}", accumulator=f"{name}.{node.accumulator}")
            return _with(renamed, lambda child: as_value(child, name))
    return _with(node, lambda child: as_value(child, name))


def _of_row(node: Node, row: str, names: Collection[str]) -> Node:
    """The tree with the names of a row taken from the variable of a loop."""
    if isinstance(node, Variable) and node.name in names:
        return Select(node.type, Local("", row), node.name.replace(".", JOINT), test=False)
    return _with(node, lambda child: _of_row(child, row, names))


def _with(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with what lies directly below it changed."""
    match node:
        case Select():
            return replace(node, operand=change(node.operand))
        case Call():
            return replace(node, args=tuple(map(change, node.args)))
        case ListOf():
            return replace(node, items=tuple(map(change, node.items)))
        case MapOf():
            return replace(node, entries=tuple((change(key), change(value)) for key, value in node.entries))
        case Loop():
            over, start, goes_on, step, result = map(
                change, (node.over, node.start, node.goes_on, node.step, node.result)
            )
            return replace(node, over=over, start=start, goes_on=goes_on, step=step, result=result)
    return node
