"""Named values of a row put in place of their names: what is written as `f.area` is worked out as the expression that `area` stands for."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from forms.expressions.syntax import Call, ListOf, Local, Loop, MapOf, Node, Select, Variable, walk
from forms.expressions.values import JOINT

Values = Mapping[str, Node]


def rows_of(over: Node, groups: Mapping[str, str]) -> str | None:
    """The list of rows that a loop goes over: a group of the form, or one in a row of another loop. `groups` are those of the loops around."""
    for part in walk(over):
        match part:
            case Variable(name=name):
                return name
            case Select(operand=Local(name=row), field=field) if row in groups:
                return field
    return None


def expanded(node: Node, own: Values, of_rows: Mapping[str, Values], groups: Mapping[str, str] | None = None) -> Node:
    """A tree with the values of the row that it is written for (`own`), and of the rows that its loops go over, in place of their names."""
    groups = groups or {}
    match node:
        case Variable(name=name) if name in own:
            return own[name]
        case Select(operand=Local(name=row), field=field) if field in of_rows.get(groups.get(row, ""), {}):
            return _of_row(of_rows[groups[row]][field], node.operand)
        case Loop():
            source = rows_of(node.over, groups)
            inner = {**groups, node.variable: source} if source else groups
            start, goes_on, step, result = (
                expanded(part, own, of_rows, inner) for part in (node.start, node.goes_on, node.step, node.result)
            )
            over = expanded(node.over, own, of_rows, groups)
            return replace(node, over=over, start=start, goes_on=goes_on, step=step, result=result)
    return _with(node, lambda child: expanded(child, own, of_rows, groups))


def as_value(node: Node, name: str) -> Node:
    """The tree of a named value, in which no loop has a variable of the name that one around it may have."""
    match node:
        case Local():
            return replace(node, name=f"{name}.{node.name}")
        case Loop():
            renamed = replace(node, variable=f"{name}.{node.variable}", accumulator=f"{name}.{node.accumulator}")
            return _with(renamed, lambda child: as_value(child, name))
    return _with(node, lambda child: as_value(child, name))


def _of_row(node: Node, row: Node) -> Node:
    """The tree of a named value for the row that a loop has come to."""
    if isinstance(node, Variable):
        return Select(node.type, row, node.name.replace(".", JOINT), test=False)
    return _with(node, lambda child: _of_row(child, row))


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
