"""Filters in CQL2 Text (OGC 21-065r2) as conditions in SQL, whose values are bound.

The library `cql2` reads the text; what it read is a tree of JSON, which is walked here against a list of what is known. So nothing of a
filter becomes text of a statement. Supported are the conformance classes `Basic CQL2`, `Advanced Comparison Operators`, `Case-insensitive
Comparison`, `Basic Spatial Functions`, `Spatial Functions` and `Property-Property Comparisons`.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any, NoReturn, cast

from cql2 import ParseError, parse_text
from shapely import box, is_valid
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, and_, false, func, literal, not_, or_, true
from sqlalchemy.types import Boolean, Date, DateTime, Float, Text, TypeEngine

from geo.feature_source import GEOMETRY, Kind, Queryable
from geo.reference_systems import OutsideSystem, ReferenceSystem

MAX_LENGTH = 2000
"""Characters of a filter."""
MAX_DEPTH = 6
"""Brackets within each other; a polygon needs three."""
MAX_WORDS = 120
"""Names, operators and words such as NOT, without those inside quotes."""
_QUOTED = re.compile(r"""'(?:''|[^'])*'|"[^"]*\"""")
_WORDS = re.compile(r"[^\W\d]\w*|-(?!\d)|[<>=]+|[+*/^%]")

_ORDER: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPARE = {"=": operator.eq, "<>": operator.ne, **_ORDER}
_SPATIAL = {
    "s_intersects": func.ST_Intersects,
    "s_disjoint": func.ST_Disjoint,
    "s_equals": func.ST_Equals,
    "s_touches": func.ST_Touches,
    "s_within": func.ST_Within,
    "s_contains": func.ST_Contains,
    "s_overlaps": func.ST_Overlaps,
    "s_crosses": func.ST_Crosses,
}
_SQL: Mapping[str, TypeEngine[Any]] = {
    "string": Text(collation="C"),
    "number": Float(),
    "boolean": Boolean(),
    "date": Date(),
    "date-time": DateTime(timezone=True),
}


class FilterError(ValueError):
    """A filter that cannot be used: `code` says why, `word` which part of it.

    unreadable · size · property · operator · types · pattern · shape
    """

    def __init__(self, code: str, word: str = "") -> None:
        super().__init__(f"{code}: {word}")
        self.code = code
        self.word = word


@dataclass(frozen=True, slots=True)
class _Value:
    """A value in a filter: what kind it is, and itself; `raw` is what a literal was written as."""

    kind: Kind
    sql: ColumnElement[Any]
    raw: Any = None


def condition(text: str, queryables: Mapping[str, Queryable], system: ReferenceSystem) -> ColumnElement[bool]:
    """The condition that a filter says, about values by their names; the shapes in it are in a reference system. Raises FilterError."""
    _require_small(text)
    try:
        tree = parse_text(text).to_json()
    except ParseError as error:
        raise FilterError("unreadable") from error
    return _Compiler(queryables, system).condition(tree)


def _require_small(text: str) -> None:
    """Refuse what the library must not be given: it reads brackets in a time that doubles with each pair, and signs on the stack."""
    depth, deepest = 0, 0
    plain = _QUOTED.sub(" ", text)
    for character in plain:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    if len(text) > MAX_LENGTH or deepest > MAX_DEPTH or len(_WORDS.findall(plain)) > MAX_WORDS or "\0" in text:
        raise FilterError("size")


def _refuse(code: str, word: object = "") -> NoReturn:
    raise FilterError(code, str(word)[:80])


class _Compiler:
    def __init__(self, queryables: Mapping[str, Queryable], system: ReferenceSystem) -> None:
        self._queryables = queryables
        self._system = system

    def condition(self, node: Any) -> ColumnElement[bool]:
        match node:
            case bool():
                return true() if node else false()
            case {"op": "and", "args": [*arguments]}:
                return and_(*map(self.condition, arguments))
            case {"op": "or", "args": [*arguments]}:
                return or_(*map(self.condition, arguments))
            case {"op": "not", "args": [argument]}:
                return not_(self.condition(argument))
            case {"property": str(name)}:
                value = self._value(node)
                return value.sql if value.kind == "boolean" else _refuse("types", name)
            case {"op": str(op), "args": [*arguments]}:
                return self._predicate(op, arguments)
        _refuse("types", node)

    def _predicate(self, op: str, arguments: list[Any]) -> ColumnElement[bool]:
        match op, arguments:
            case _, [left, right] if op in _COMPARE:
                return self._compared(op, left, right)
            case _, [left, right] if op in _SPATIAL:
                return cast(ColumnElement[bool], _SPATIAL[op](self._shape(left), self._shape(right)))
            case "between", [value, least, most]:
                return and_(self._compared(">=", value, least), self._compared("<=", value, most))
            case "in", [value, [_, *_] as choices]:
                return or_(*(self._compared("=", value, choice) for choice in choices))
            case "isNull", [argument]:
                return self._value(argument).sql.is_(None)
            case "like", [value, pattern]:
                return self._like(value, pattern)
        _refuse("operator", op)

    def _compared(self, op: str, left: Any, right: Any) -> ColumnElement[bool]:
        first, second = _agreed(self._value(left), self._value(right))
        if first.kind == "geometry" or (op in _ORDER and first.kind == "boolean"):
            _refuse("types", op)
        return cast(ColumnElement[bool], _COMPARE[op](first.sql, second.sql))

    def _like(self, value: Any, pattern: Any) -> ColumnElement[bool]:
        text, like = self._value(value), self._value(pattern)
        if text.kind != "string" or like.kind != "string" or like.raw is None:
            _refuse("types", "LIKE")
        if (len(like.raw) - len(like.raw.rstrip("\\"))) % 2:
            _refuse("pattern", like.raw)
        return text.sql.like(like.sql)

    def _value(self, node: Any) -> _Value:
        match node:
            case {"property": str(name)}:
                return self._property(name)
            case {"op": "casei", "args": [argument]}:
                value = self._value(argument)
                return (
                    _Value("string", func.lower(value.sql), value.raw)
                    if value.kind == "string"
                    else _refuse("types", "CASEI")
                )
            case {"date": str(text)}:
                return _moment("date", text)
            case {"timestamp": str(text)}:
                return _moment("date-time", text)
            case {"op": str(op)}:
                _refuse("operator", op)
            case bool():
                return _literal("boolean", node)
            case int() | float():
                return _literal("number", float(node)) if isfinite(node) else _refuse("types", node)
            case str():
                return _literal("string", node)
        _refuse("types", node)

    def _property(self, name: str) -> _Value:
        known = self._queryables.get(name)
        if known is None:
            _refuse("property", name)
        sql = known.value.collate("C") if known.kind == "string" else known.value
        return _Value(known.kind, sql)

    def _shape(self, node: Any) -> ColumnElement[Any]:
        match node:
            case {"property": str(name)}:
                value = self._property(name)
                return value.sql if value.kind == "geometry" else _refuse("types", name)
            case {"bbox": _} | {"type": _}:
                return self._taken_in(node)
        _refuse("types", node)

    def _taken_in(self, node: Mapping[str, Any]) -> ColumnElement[Any]:
        try:
            figure = _figure(node)
            if figure.is_empty or not is_valid(figure) or figure.geom_type == "GeometryCollection":
                _refuse("shape")
            return self._system.taken_in(figure)
        except (OutsideSystem, ShapelyError, TypeError, IndexError, ValueError) as error:
            if isinstance(error, FilterError):
                raise
            raise FilterError("shape") from error


def _figure(node: Mapping[str, Any]) -> BaseGeometry:
    if "bbox" in node:
        sides: Sequence[float] = node["bbox"]
        west, south, east, north = sides if len(sides) == 4 else (*sides[:2], *sides[3:5])
        return box(west, south, east, north)
    return shape(dict(node))


def _agreed(first: _Value, second: _Value) -> tuple[_Value, _Value]:
    """Both of one kind: a text that is compared with a day or a moment is read as one."""
    if first.kind != second.kind:
        if second.kind == "string" and first.kind in {"date", "date-time"} and second.raw is not None:
            return first, _moment(first.kind, second.raw)
        if first.kind == "string" and second.kind in {"date", "date-time"} and first.raw is not None:
            return _moment(second.kind, first.raw), second
        _refuse("types", second.raw if first.raw is None and second.raw is not None else first.raw or "")
    return first, second


def literal_of(kind: Kind, text: str) -> ColumnElement[Any]:
    """A value of a kind, as it is written in an address. Raises FilterError (types)."""
    match kind:
        case "number":
            try:
                number = float(text)
            except ValueError as error:
                raise FilterError("types", text) from error
            return _literal("number", number).sql if isfinite(number) else _refuse("types", text)
        case "boolean":
            return _literal("boolean", text == "true").sql if text in {"true", "false"} else _refuse("types", text)
        case "date" | "date-time":
            return _moment(kind, text).sql
    return _literal("string", text).sql


def _moment(kind: Kind, text: str) -> _Value:
    try:
        value = date.fromisoformat(text) if kind == "date" else datetime.fromisoformat(text)
    except ValueError:
        _refuse("types", text)
    if isinstance(value, datetime) and value.tzinfo is None:
        _refuse("types", text)
    return _literal(kind, value)


def _literal(kind: Kind, value: Any) -> _Value:
    return _Value(kind, literal(value, _SQL[kind]), value)


def with_geometry(queryables: Mapping[str, Queryable], geom: ColumnElement[Any]) -> dict[str, Queryable]:
    """Values by which features can be asked for, their shape among them."""
    return {**queryables, GEOMETRY: Queryable("geometry", geom)}
