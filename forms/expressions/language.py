"""Compiling expressions over declared, typed names, and working them out.

CEL's own parser and checker say what an expression may be and what it comes out as; see `running` for how it is worked out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from typing import Any, Final, Literal

from cel_expr_python import cel
from google.protobuf import descriptor_pb2, descriptor_pool, struct_pb2, timestamp_pb2

from forms.expressions import syntax
from forms.expressions.errors import ExpressionError, explain, unsupported, wrong_result
from forms.expressions.functions import FUNCTIONS
from forms.expressions.functions.function import CEL_TYPES, Function
from forms.expressions.known_trees import ROW_PACKAGE, keep_tree, key_of, known_tree
from forms.expressions.row_values import Expansion, RowOf, Values, as_value, free_heads, head, row_of
from forms.expressions.running import Run, Runner, Unsupported
from forms.expressions.values import ANSWERED, JOINT, ExpressionFailed, NotDecided

#: What an expression must come out as; `any` is for what is only shown.
ResultType = Literal["bool", "number", "string", "date", "any"]

_TYPES_OF: Final[dict[ResultType, frozenset[str]]] = {
    "bool": frozenset({"bool", "any"}),
    "number": frozenset({"int", "double", "any"}),
    "string": frozenset({"string", "any"}),
    "date": frozenset({"timestamp", "any"}),
    "any": frozenset({"bool", "int", "double", "string", "timestamp", "any"}),
}
#: A question of several parts has no value of its own; its name stands only in `answered(…)`.
QUESTION: Final = "question"

#: CEL's own names of types. A variable of that name would make every expression beside it a fault, so none is declared.
TYPE_NAMES: Final = frozenset(
    {"bool", "bytes", "double", "dyn", "int", "list", "map", "null_type", "string", "type", "uint"}
)
#: Longer than any expression that a clerk can read.
MAX_LENGTH: Final = 2000
#: So much may an expression say once the named values in it are written out.
MAX_NODES: Final = 5000
_MAX_DEPTH: Final = 100


@dataclass(frozen=True)
class Names:
    """What expressions may speak of.

    `types` has the variables (`period.months`: `int`), `rows` for each list of rows the names in one of its rows, `look_ups`
    the variables that a map or the installation gives, which may have nothing to give.
    `functions` are those of the definition itself, beside the common ones. `of_rows` has, for each list of rows, the values of a row
    that have a name, and `values` those of the row that is spoken of.
    """

    types: Mapping[str, str]
    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    look_ups: frozenset[str] = frozenset()
    functions: Mapping[str, Function] = field(default_factory=dict)
    of_rows: Mapping[str, Values] = field(default_factory=dict)
    values: Values = field(default_factory=dict)

    def with_row(self, group: str) -> "Names":
        """The names inside a row of a group: those of the row come before those outside."""
        row = self.rows[group]
        outside = {name: kind for name, kind in self.types.items() if head(name) not in row}
        values = {name: tree for name, tree in self.values.items() if name not in row}
        return replace(self, types=outside | dict(row), values={**values, **self.of_rows.get(group, {})})

    def of_row(self, group: str) -> "Names":
        """The names of a row of a group alone, with those named values that speak of nothing else."""
        row = self.rows[group]
        own = {head(name) for name in row}
        values = {name: tree for name, tree in self.of_rows.get(group, {}).items() if free_heads(tree) <= own}
        apart = self.of_rows.get(group, {}).keys() - values.keys()
        return replace(self, types={name: kind for name, kind in row.items() if name not in apart}, values=values)

    def with_row_value(self, group: str, name: str, kind: str, tree: syntax.Node | None) -> "Names":
        """The names with one more value of the rows of a group; without a tree it is one of which only the name is known."""
        rows = {**self.rows, group: {**self.rows[group], name: kind}}
        named = {} if tree is None else {name: as_value(tree, name)}
        return replace(self, rows=rows, of_rows={**self.of_rows, group: {**self.of_rows.get(group, {}), **named}})


@dataclass(frozen=True)
class Compiled:
    """An expression that has passed the type check.

    `result` is its type (`int`, `string`, …). `names` are the variables it speaks of, `row_names` the names in rows, with
    their group, and `tree` is what was checked.
    """

    text: str
    result: str
    names: frozenset[str]
    row_names: frozenset[tuple[str, str]]
    tree: syntax.Node
    _run: Run

    def value(self, scope: dict[str, Any]) -> Any:
        """The value (bool, int, Fraction, str, date; None for a date that is absent).

        NotDecided where it needs something that is not known, ExpressionFailed where it cannot be worked out.
        """
        return self._run(scope)

    def holds(self, scope: dict[str, Any]) -> bool | None:
        """For conditions: True or False; None where it cannot be worked out or is not decided."""
        try:
            return bool(self._run(scope))
        except (NotDecided, ExpressionFailed):
            return None


class Language:
    """The expressions over certain names; see `Runner` for `open_world`."""

    def __init__(self, names: Names, *, open_world: bool = False) -> None:
        self.names = names
        self.open_world = open_world
        self._checker = _checker(names)

    def compile(self, text: str, result_type: ResultType, *, strict: bool = False) -> Compiled:
        """Check and compile. ExpressionError says what is wrong, and where in the text.

        With `strict` a look-up that found nothing leaves the expression undecided; otherwise it has the default of its type.
        """
        if len(text) > MAX_LENGTH:
            raise ExpressionError(f"式が長すぎます({len(text):,}文字)。", f"{MAX_LENGTH:,}文字までに分けてください。")
        try:
            tree = self._checked_tree(text)
            if self.names.of_rows:
                tree = Expansion(self.names.values, self.names.of_rows, self.names.rows).of(tree)
                if next(islice(syntax.walk(tree), MAX_NODES, None), None) is not None:
                    raise ExpressionError(
                        "名前をつけた値を入れると、式が大きくなりすぎます。",
                        "値の使いかたを減らして、短く分けてください。",
                    )
            if syntax.depth(tree) > _MAX_DEPTH:
                raise RecursionError
            run = Runner(self.names.look_ups, self.names.functions, self.open_world, lenient=not strict).run(tree)
        except RecursionError:
            raise ExpressionError("式の入れ子が深すぎます。", "式を短く分けてください。") from None
        except Unsupported as error:
            raise unsupported(error.function) from error
        if tree.type not in _TYPES_OF[result_type]:
            raise wrong_result(result_type, tree.type)
        variables = frozenset(node.name for node in syntax.walk(tree) if isinstance(node, syntax.Variable))
        return Compiled(text, tree.type, variables, _row_names(tree, {}), tree, run)

    def _checked_tree(self, text: str) -> syntax.Node:
        joined = self._with_joined_names(text)
        key = key_of(joined, self.names.types, self.names.rows, self.names.functions)
        if known := known_tree(key):
            return known
        try:
            checked = self._checker.compile(joined)
        except (RuntimeError, TypeError) as error:
            raise explain(text, str(error), self.names.types, self.names.rows, self.names.functions) from error
        tree = syntax.checked_tree(checked.serialize())
        keep_tree(key, tree)
        return tree

    def heads(self, text: str) -> frozenset[str]:
        """The first parts of the names in a text, whether they are known or not; none for what cannot be read."""
        try:
            tree = syntax.parsed_tree(self._checker.compile(text[:MAX_LENGTH], disable_check=True).serialize())
        except (RuntimeError, TypeError, RecursionError):
            return frozenset()
        return frozenset(node.name for node in syntax.walk(tree) if isinstance(node, syntax.Variable))

    def bare_integer_divisions(self, text: str) -> list[int]:
        """Return where a text divides whole numbers outside `int(…)`, inner ones first. ExpressionError for a text that does not compile."""
        self.compile(text, "any")
        return syntax.bare_integer_divisions(self._checker.compile(self._with_joined_names(text)).serialize())

    def _with_joined_names(self, text: str) -> str:
        """The text with `c.period.start` as one name of the row `c`, because a row's names are flat to the checker."""
        if not self.names.rows or text.count(".") < 2:
            return text
        try:
            parsed = self._checker.compile(text, disable_check=True)
        except (RuntimeError, TypeError):
            return text  # the check that follows says what is wrong
        for position, (row, *parts) in sorted(syntax.row_paths(parsed.serialize()), reverse=True):
            dotted = r"\s*\.\s*".join([row, *parts])
            if match := re.compile(dotted).match(text, position):
                joined = f"{row}.{JOINT.join(parts)}"
                text = text[:position] + joined.ljust(match.end() - position) + text[match.end() :]
        return text


def scope(values: Mapping[str, object], answered: frozenset[str] | set[str] = frozenset()) -> dict[str, Any]:
    """Return what an expression is worked out from: values by name, and the names for which `answered(…)` holds."""
    return {**values, ANSWERED: answered}


def row_scope(values: Mapping[str, object], answered: set[str]) -> dict[str, Any]:
    """Return one row as an element of a list of rows; names with several parts are joined as the checker has them."""
    return {name.replace(".", JOINT): value for name, value in values.items()} | {ANSWERED: answered}


def _row_names(node: syntax.Node, loops: Mapping[str, RowOf]) -> frozenset[tuple[str, str]]:
    """The names of rows an expression speaks of, with the list of rows that the loop goes over."""
    match node:
        case syntax.Select(operand=syntax.Local(name=row)) if row in loops:
            return frozenset({(loops[row].group, node.field.split(JOINT, 1)[0])})
        case syntax.Loop():
            source = row_of(node.over, loops)
            inner = {**loops, node.variable: source} if source else loops
            return _row_names(node.over, loops).union(
                *(_row_names(part, inner) for part in (node.start, node.step, node.result))
            )
    return frozenset().union(*(_row_names(child, loops) for child in syntax.children(node)))


def _checker(names: Names) -> cel.Env:
    pool = _rows_pool(names.rows) if names.rows else None
    own = [cel.CelExtension("tables", [f.declaration() for f in names.functions.values()])] if names.functions else []
    types = {name: _cel_type(name, kind) for name, kind in names.types.items() if head(name) not in TYPE_NAMES}
    return cel.NewEnv(descriptor_pool=pool, config=_config(), variables=types, extensions=[_extension(), *own])


def _cel_type(name: str, kind: str) -> cel.Type:
    if kind == "rows":
        return cel.Type.List(cel.Type(f"{ROW_PACKAGE}.{name}"))
    return cel.Type.AbstractType(QUESTION) if kind == QUESTION else CEL_TYPES[kind]


def _rows_pool(rows: Mapping[str, Mapping[str, str]]) -> descriptor_pool.DescriptorPool:
    """Messages that describe the rows of each group to the checker; no such message is ever made."""
    file = descriptor_pb2.FileDescriptorProto(name="rows.proto", package=ROW_PACKAGE, syntax="proto3")
    file.dependency.extend([timestamp_pb2.DESCRIPTOR.name, struct_pb2.DESCRIPTOR.name])
    whole = file.message_type.add(name=JOINT)
    for group, names in rows.items():
        message = file.message_type.add(name=group)
        for number, (name, kind) in enumerate(names.items(), start=1):
            declared = message.field.add(name=name.replace(".", JOINT), number=number)
            declared.label = declared.LABEL_REPEATED if kind in ("list<string>", "rows") else declared.LABEL_OPTIONAL
            match kind:
                case "bool":
                    declared.type = declared.TYPE_BOOL
                case "int":
                    declared.type = declared.TYPE_INT64
                case "double":
                    declared.type = declared.TYPE_DOUBLE
                case "string" | "list<string>":
                    declared.type = declared.TYPE_STRING
                case "timestamp":
                    declared.type, declared.type_name = declared.TYPE_MESSAGE, ".google.protobuf.Timestamp"
                case "rows":
                    declared.type, declared.type_name = declared.TYPE_MESSAGE, f".{ROW_PACKAGE}.{name}"
                case "any":
                    declared.type, declared.type_name = declared.TYPE_MESSAGE, ".google.protobuf.Value"
                case _:
                    declared.type, declared.type_name = declared.TYPE_MESSAGE, f".{ROW_PACKAGE}.{whole.name}"
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(timestamp_pb2.DESCRIPTOR.serialized_pb)
    pool.AddSerializedFile(struct_pb2.DESCRIPTOR.serialized_pb)
    pool.Add(file)
    return pool


@cache
def _config() -> cel.EnvConfig:
    """CEL's standard functions without those that mean something else here."""
    return cel.NewEnvConfigFromYaml(
        """
        name: madoguchi
        stdlib:
          exclude_functions:
            - {name: _/_, overloads: [{id: divide_int64}]}
            - {name: bytes}
            - {name: duration}
            - {name: dyn}
            - {name: timestamp}
            - {name: type}
            - {name: uint}
        """
    )


@cache
def _extension() -> cel.CelExtension:
    declared = [function.declaration() for function in FUNCTIONS.values() if not function.standard]
    pairs = (("int", "double"), ("double", "int"))
    mixed = [_operator(name, *((pair, "double") for pair in pairs)) for name in ("_+_", "_-_", "_*_")]
    mixed.append(_operator("_/_", (("int", "int"), "double"), *((pair, "double") for pair in pairs)))
    mixed.append(_operator("_?_:_", *((("bool", *pair), "double") for pair in pairs)))
    compared = [
        _operator(name, *((pair, "bool") for pair in pairs)) for name in ("_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_")
    ]
    presence = [
        _operator(name, ((kind,), "bool")) for name, kind in (("answered", "any"), ("no", "bool"), ("found", "any"))
    ]
    return cel.CelExtension("madoguchi", [*declared, *mixed, *compared, *presence])


def _operator(name: str, *signatures: tuple[tuple[str, ...], str]) -> cel.FunctionDecl:
    """Declare what CEL does not do by itself: counting and comparing whole numbers with fractions, and asking for presence."""
    overloads = [
        cel.Overload(f"madoguchi_{name}_{number}", CEL_TYPES[returns], [CEL_TYPES[kind] for kind in takes], False)
        for number, (takes, returns) in enumerate(signatures)
    ]
    return cel.FunctionDecl(name, overloads)
