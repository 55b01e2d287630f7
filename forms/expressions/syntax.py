"""The syntax tree of an expression, as CEL's parser and checker hand it over (`cel/expr/syntax.proto`, `checked.proto`).

CEL's Python package gives a tree only as bytes of these messages and ships no classes for them, so the fields that are read
here are declared here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, message_factory

_PACKAGE: Final = "madoguchi.expr"
#: Message → (field, number, type); a type that is a message's name is that message, `*` before it means repeated.
_MESSAGES: Final[Mapping[str, tuple[tuple[str, int, str], ...]]] = {
    "Constant": (
        ("null_value", 1, "int64"),
        ("bool_value", 2, "bool"),
        ("int64_value", 3, "int64"),
        ("uint64_value", 4, "uint64"),
        ("double_value", 5, "double"),
        ("string_value", 6, "string"),
        ("bytes_value", 7, "bytes"),
    ),
    "Ident": (("name", 1, "string"),),
    "Select": (("operand", 1, "Expr"), ("field", 2, "string"), ("test_only", 3, "bool")),
    "Call": (("target", 1, "Expr"), ("function", 2, "string"), ("args", 3, "*Expr")),
    "CreateList": (("elements", 1, "*Expr"),),
    "Entry": (("map_key", 3, "Expr"), ("value", 4, "Expr")),
    "CreateStruct": (("message_name", 1, "string"), ("entries", 2, "*Entry")),
    "Comprehension": (
        ("iter_var", 1, "string"),
        ("iter_range", 2, "Expr"),
        ("accu_var", 3, "string"),
        ("accu_init", 4, "Expr"),
        ("loop_condition", 5, "Expr"),
        ("loop_step", 6, "Expr"),
        ("result", 7, "Expr"),
    ),
    "Expr": (
        ("id", 2, "int64"),
        ("const_expr", 3, "Constant"),
        ("ident_expr", 4, "Ident"),
        ("select_expr", 5, "Select"),
        ("call_expr", 6, "Call"),
        ("list_expr", 7, "CreateList"),
        ("struct_expr", 8, "CreateStruct"),
        ("comprehension_expr", 9, "Comprehension"),
    ),
    "Position": (("key", 1, "int64"), ("value", 2, "int64")),
    "SourceInfo": (("positions", 4, "*Position"),),
    "Reference": (("name", 1, "string"), ("overload_id", 3, "*string")),
    "ReferenceEntry": (("key", 1, "int64"), ("value", 2, "Reference")),
    "ListType": (("elem_type", 1, "Type"),),
    "MapType": (("key_type", 1, "Type"), ("value_type", 2, "Type")),
    "Type": (
        ("primitive", 3, "int64"),
        ("well_known", 5, "int64"),
        ("list_type", 6, "ListType"),
        ("map_type", 7, "MapType"),
        ("message_type", 9, "string"),
    ),
    "TypeEntry": (("key", 1, "int64"), ("value", 2, "Type")),
    "ParsedExpr": (("expr", 2, "Expr"), ("source_info", 3, "SourceInfo")),
    "CheckedExpr": (
        ("reference_map", 2, "*ReferenceEntry"),
        ("type_map", 3, "*TypeEntry"),
        ("expr", 4, "Expr"),
        ("source_info", 5, "SourceInfo"),
    ),
}
_PRIMITIVES: Final = {1: "bool", 2: "int", 3: "uint", 4: "double", 5: "string", 6: "bytes"}
_WELL_KNOWN: Final = {2: "timestamp", 3: "duration"}


@dataclass(frozen=True, slots=True)
class Constant:
    """A value written in the expression: bool, int, float, str; None for what has no use here (null, bytes)."""

    type: str
    value: bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Variable:
    """A declared name, whole: `period.months`."""

    type: str
    name: str


@dataclass(frozen=True, slots=True)
class Local:
    """The variable of a loop, or its accumulator."""

    type: str
    name: str


@dataclass(frozen=True, slots=True)
class Select:
    """A part of a value: `item.kind`. `test`: only whether it is there, as `has(item.kind)`."""

    type: str
    operand: "Node"
    field: str
    test: bool


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function. The value that a method is called on is the first argument."""

    type: str
    function: str
    args: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[a, b]`."""

    type: str
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class MapOf:
    """`{'a': 1}`."""

    type: str
    entries: tuple[tuple["Node", "Node"], ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """What `all`, `exists`, `exists_one`, `map` and `filter` are made of: a fold over `over`."""

    type: str
    variable: str
    over: "Node"
    accumulator: str
    start: "Node"
    goes_on: "Node"
    step: "Node"
    result: "Node"


Node = Constant | Variable | Local | Select | Call | ListOf | MapOf | Loop


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below a node."""
    match node:
        case Select():
            return (node.operand,)
        case Call():
            return node.args
        case ListOf():
            return node.items
        case MapOf():
            return tuple(part for entry in node.entries for part in entry)
        case Loop():
            return (node.over, node.start, node.goes_on, node.step, node.result)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """Return a node and everything below it."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(children(node))


def depth(node: Node) -> int:
    """Return how deep the nodes below a node are nested."""
    level, nodes = 0, [node]
    while nodes:
        level, nodes = level + 1, [child for parent in nodes for child in children(parent)]
    return level


def checked_tree(serialized: bytes) -> Node:
    """Return the tree of a checked expression, with the type of every node.

    Types are `bool`, `int`, `double`, `string`, `timestamp`, `duration`, `list(…)`, `map(…)`, `row` or `any`.
    """
    checked = _message("CheckedExpr", serialized)
    names = {entry.key: entry.value.name for entry in checked.reference_map if not entry.value.overload_id}
    types = {entry.key: _type(entry.value) for entry in checked.type_map}
    return _Reader(names, types).node(checked.expr, frozenset())


def parsed_tree(serialized: bytes) -> Node:
    """Return the tree of an expression that was only parsed: names are not joined over dots, and nothing has a type."""
    return _Reader({}, {}).node(_message("ParsedExpr", serialized).expr, frozenset())


class _Reader:
    def __init__(self, names: Mapping[int, str], types: Mapping[int, str]) -> None:
        self.names, self.types = names, types

    def node(self, expr: Any, local_names: frozenset[str]) -> Node:
        kind = self.types.get(expr.id, "any")
        name = self.names.get(expr.id)
        match expr.WhichOneof("kind"):
            case "const_expr":
                return Constant(kind, _constant(expr.const_expr))
            case "ident_expr":
                ident = expr.ident_expr.name
                return Local(kind, ident) if ident in local_names else Variable(kind, name or ident)
            case "select_expr" if name:
                return Variable(kind, name)
            case "select_expr":
                select = expr.select_expr
                return Select(kind, self.node(select.operand, local_names), select.field, select.test_only)
            case "call_expr":
                call = expr.call_expr
                args = ([call.target] if call.HasField("target") else []) + list(call.args)
                return Call(kind, call.function, tuple(self.node(arg, local_names) for arg in args))
            case "list_expr":
                return ListOf(kind, tuple(self.node(item, local_names) for item in expr.list_expr.elements))
            case "struct_expr":
                entries = [
                    (self.node(entry.map_key, local_names), self.node(entry.value, local_names))
                    for entry in expr.struct_expr.entries
                ]
                return MapOf(kind, tuple(entries))
        loop = expr.comprehension_expr
        within = local_names | {loop.iter_var, loop.accu_var}
        return Loop(
            kind,
            loop.iter_var,
            self.node(loop.iter_range, local_names),
            loop.accu_var,
            self.node(loop.accu_init, local_names),
            self.node(loop.loop_condition, within),
            self.node(loop.loop_step, within),
            self.node(loop.result, within),
        )


def row_paths(serialized: bytes) -> list[tuple[int, list[str]]]:
    """Return where an unchecked expression follows a loop's variable over several dots: `c.period.start`.

    Each has the position of its first letter, counted in code points, and its names.
    """
    parsed = _message("ParsedExpr", serialized)
    positions = {entry.key: entry.value for entry in parsed.source_info.positions}
    paths: list[tuple[int, list[str]]] = []
    pending: list[tuple[Any, frozenset[str]]] = [(parsed.expr, frozenset())]
    while pending:
        expr, local_names = pending.pop()
        names: list[str] = []
        head = expr
        while head.WhichOneof("kind") == "select_expr":
            names.insert(0, head.select_expr.field)
            head = head.select_expr.operand
        if len(names) > 1 and head.WhichOneof("kind") == "ident_expr" and head.ident_expr.name in local_names:
            paths.append((positions.get(head.id, 0), [head.ident_expr.name, *names]))
        match head.WhichOneof("kind"):
            case "call_expr":
                call = head.call_expr
                pending += [(arg, local_names) for arg in ([call.target] if call.HasField("target") else [])]
                pending += [(arg, local_names) for arg in call.args]
            case "list_expr":
                pending += [(item, local_names) for item in head.list_expr.elements]
            case "struct_expr":
                pending += [
                    (part, local_names) for entry in head.struct_expr.entries for part in (entry.map_key, entry.value)
                ]
            case "comprehension_expr":
                loop = head.comprehension_expr
                within = local_names | {loop.iter_var}
                pending.append((loop.iter_range, local_names))
                pending += [(part, within) for part in (loop.accu_init, loop.loop_step, loop.result)]
    return paths


def bare_integer_divisions(serialized: bytes) -> list[int]:
    """Return where a checked expression divides whole numbers outside `int(…)`: the positions of the signs, in code points, inner ones first."""
    checked = _message("CheckedExpr", serialized)
    positions = {entry.key: entry.value for entry in checked.source_info.positions}
    whole = {entry.key for entry in checked.type_map if _type(entry.value) == "int"}
    divisions: list[int] = []
    pending: list[tuple[Any, bool]] = [(checked.expr, False)]
    while pending:
        expr, rounded = pending.pop()
        is_call = expr.WhichOneof("kind") == "call_expr"
        if is_call and expr.call_expr.function == "_/_" and all(arg.id in whole for arg in expr.call_expr.args):
            divisions += [] if rounded else [positions[expr.id]]
        pending += [(child, is_call and expr.call_expr.function == "int") for child in _parts(expr)]
    return divisions[::-1]


def _parts(expr: Any) -> list[Any]:
    """The expressions directly below one."""
    match expr.WhichOneof("kind"):
        case "select_expr":
            return [expr.select_expr.operand]
        case "call_expr":
            call = expr.call_expr
            return [*([call.target] if call.HasField("target") else []), *call.args]
        case "list_expr":
            return list(expr.list_expr.elements)
        case "struct_expr":
            return [part for entry in expr.struct_expr.entries for part in (entry.map_key, entry.value)]
        case "comprehension_expr":
            loop = expr.comprehension_expr
            return [loop.iter_range, loop.accu_init, loop.loop_condition, loop.loop_step, loop.result]
    return []


def _constant(constant: Any) -> bool | int | float | str | None:
    kind = constant.WhichOneof("kind")
    return None if kind in (None, "null_value", "bytes_value") else getattr(constant, kind)


def _type(message: Any) -> str:
    match message.WhichOneof("kind"):
        case "primitive":
            return _PRIMITIVES.get(message.primitive, "any")
        case "well_known":
            return _WELL_KNOWN.get(message.well_known, "any")
        case "list_type":
            return f"list({_type(message.list_type.elem_type)})"
        case "map_type":
            return f"map({_type(message.map_type.key_type)}, {_type(message.map_type.value_type)})"
        case "message_type":
            return "row"
    return "any"


def _message(name: str, serialized: bytes) -> Any:
    packed = any_pb2.Any.FromString(serialized)
    return _classes()[name].FromString(packed.value)


@cache
def _classes() -> Mapping[str, Any]:
    pool = descriptor_pool.DescriptorPool()
    file = descriptor_pb2.FileDescriptorProto(name="madoguchi/expr.proto", package=_PACKAGE, syntax="proto3")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        if name in ("Constant", "Expr", "Type"):
            message.oneof_decl.add(name="kind")
        for field, number, written in fields:
            kind = written.removeprefix("*")
            declared = message.field.add(name=field, number=number)
            declared.label = declared.LABEL_OPTIONAL if kind == written else declared.LABEL_REPEATED
            if kind in _MESSAGES:
                declared.type, declared.type_name = declared.TYPE_MESSAGE, f".{_PACKAGE}.{kind}"
            else:
                declared.type = descriptor_pb2.FieldDescriptorProto.Type.Value(f"TYPE_{kind.upper()}")
            if message.oneof_decl and field != "id":
                declared.oneof_index = 0
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.{name}")) for name in _MESSAGES
    }
