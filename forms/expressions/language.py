"""Compiling and running expressions over declared, typed variables."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from cel_expr_python import cel
from google.protobuf.timestamp_pb2 import Timestamp

from forms.expressions.errors import ExpressionError, explain, wrong_result
from forms.expressions.functions import COMPARISONS, OURS
from forms.fields.date import midnight

#: What an expression must come out as; `any` is for what is only shown.
ResultType = Literal["bool", "number", "string", "date", "any"]

_CEL_TYPES_OF: dict[ResultType, frozenset[str]] = {
    "bool": frozenset({"BOOL", "DYN"}),
    "number": frozenset({"INT", "DOUBLE", "UINT", "DYN"}),
    "string": frozenset({"STRING", "DYN"}),
    "date": frozenset({"TIMESTAMP", "DYN"}),
    "any": frozenset({"BOOL", "INT", "DOUBLE", "UINT", "STRING", "TIMESTAMP", "DYN"}),
}
_TYPES: dict[str, cel.Type] = {
    "bool": cel.Type.BOOL,
    "int": cel.Type.INT,
    "double": cel.Type.DOUBLE,
    "string": cel.Type.STRING,
    "timestamp": cel.Type.TIMESTAMP,
    "list<string>": cel.Type.List(cel.Type.STRING),
    "rows": cel.Type.List(cel.Type.Map(cel.Type.STRING, cel.Type.DYN)),
    "any": cel.Type.DYN,
}
_STRINGS = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
_NAMES = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\s*\.\s*[A-Za-z_][A-Za-z0-9_]*)*")
_OVER_ROWS = re.compile(r"\b([a-z]\w*)\s*\.\s*(?:exists|exists_one|all|map|filter)\s*\(\s*([A-Za-z_]\w*)\s*,")
_NOT_THERE = re.compile(r"No value with name|Key not found in map")
_INT64: Final = 2**63

#: Longer than any expression that a clerk can read; CEL itself limits the depth.
MAX_LENGTH: Final = 2000


class _Unknown:
    """The value of an expression that speaks of something not answered yet."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()


class ExpressionFailed(ValueError):
    """An expression could not be worked out although everything was there: division by zero, overflow, a wrong type."""


@dataclass(frozen=True)
class Values:
    """The values that expressions see, made once and used for many."""

    activation: cel.Activation


@dataclass(frozen=True)
class Compiled:
    """An expression that has passed the type check."""

    text: str
    result: str
    _program: cel.Expression

    def value(self, values: Values) -> object:
        """The value (bool, int, float, str, datetime), or UNKNOWN. ExpressionFailed if there can be none."""
        try:
            result = self._program.eval(values.activation)
            value = result.value()
        except RuntimeError as error:
            raise ExpressionFailed(str(error)) from error
        if result.type() == cel.Type.UNKNOWN:
            return UNKNOWN
        if result.type() == cel.Type.ERROR:
            if _NOT_THERE.search(str(value)):
                return UNKNOWN
            raise ExpressionFailed(str(value))
        return value

    def holds(self, values: Values) -> bool | None:
        """For conditions: True, False, or None while something it needs is unknown or it cannot be worked out."""
        try:
            value = self.value(values)
        except ExpressionFailed:
            return None
        return value if isinstance(value, bool) else None


class Language:
    """CEL with certain variables: `{"period.months": "int", "items": "rows"}`."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = dict(variables)
        types = {name: _TYPES[kind] for name, kind in variables.items()}
        self._checker = cel.NewEnv(variables=types, extensions=[OURS, COMPARISONS])
        self._runner = cel.NewEnv(variables=types, extensions=[OURS])

    def compile(self, text: str, result_type: ResultType) -> Compiled:
        """Check and compile. ExpressionError says what is wrong, and where in the text."""
        if len(text) > MAX_LENGTH:
            raise ExpressionError(f"式が長すぎます({len(text):,}文字)。", f"{MAX_LENGTH:,}文字までに分けてください。")
        try:
            checked = self._checker.compile(text)
        except (RuntimeError, TypeError) as error:
            raise explain(text, str(error), self.variables) from error
        result = checked.return_type().name()
        if result not in _CEL_TYPES_OF[result_type]:
            raise wrong_result(result_type, result)
        return Compiled(text, result, self._runner.deserialize(checked.serialize()))

    def values(self, data: Mapping[str, object]) -> Values:
        """Make values ready. What is not declared, or not of a kind that CEL knows, is left out and so unknown."""
        ready = {}
        for name, value in data.items():
            kind = self.variables.get(name)
            converted = _converted(value)
            if kind and converted is not None and _fits(kind, value):
                ready[name] = float(value) if kind == "double" and isinstance(value, int) else converted
        return Values(self._runner.Activation(ready))


def names_in(text: str) -> set[str]:
    """The names an expression speaks of, and the heads of dotted ones: `area.office` gives `area.office` and `area`."""
    names = {re.sub(r"\s", "", name) for name in _NAMES.findall(_STRINGS.sub(" ", text))}
    return names | {name.split(".", 1)[0] for name in names}


def row_attributes(text: str) -> list[tuple[str, str]]:
    """The questions of rows an expression speaks of: `items.exists(item, item.kind == 'a')` gives items, kind.

    CEL's checker cannot know them, because rows are maps to it.
    """
    plain = _STRINGS.sub(" ", text)
    return [
        (group, name)
        for group, row in _OVER_ROWS.findall(plain)
        for name in re.findall(rf"(?<![\w.]){row}\s*\.\s*([A-Za-z_]\w*)(?!\w|\s*\()", plain)
    ]


def _fits(kind: str, value: object) -> bool:
    match kind:
        case "bool":
            return isinstance(value, bool)
        case "int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "double":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "string":
            return isinstance(value, str)
        case "timestamp":
            return isinstance(value, date)
        case "list<string>" | "rows":
            return isinstance(value, list | tuple)
    return True


def _converted(value: object) -> object:
    """A value as CEL takes it, or None if CEL has no such value."""
    match value:
        case bool() | float():
            return value
        case int():
            return value if -_INT64 <= value < _INT64 else None
        case str():
            return value.encode("utf-8", "replace").decode()
        case datetime():
            return _timestamp(value)
        case date():
            return _timestamp(midnight(value))
        case list() | tuple():
            return [part for part in map(_converted, value) if part is not None]
        case Mapping():
            parts = {str(key): _converted(part) for key, part in value.items()}
            return {key: part for key, part in parts.items() if part is not None}
    return None


def _timestamp(moment: datetime) -> Timestamp:
    """CEL's engine takes Python's own datetime only in some places, and protobuf's everywhere."""
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp
