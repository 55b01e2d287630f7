"""Tables that a department keeps in a definition: rates from a day on, districts by town, the capacity of a hall."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Literal

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator

from forms.definition.strict_model import Id, StrictModel
from forms.definition.strict_model import Key as ListKey

Cell = StrictBool | StrictInt | StrictFloat | StrictStr | date
Row = Mapping[str, Cell]
ColumnType = Literal["bool", "int", "double", "string"]
Key = tuple[object, ...]

#: The columns that say on which days a row holds, both counted.
DAYS = ("from", "until")
_TYPES: Mapping[type, ColumnType] = {bool: "bool", int: "int", float: "double", str: "string"}


class Table(StrictModel):
    """Rows of values, found by the columns in `key`.

    Expressions ask `rates.price(size)` for a column of the row that holds today, `rates.price(size, period.start)` for that
    of another day, and `rates.has(size)` whether there is one. `from` and `until` are the first and the last day of a row; a row
    without `until` ends when the next one with its key begins.

    A table that is `shared` is the city's: a department keeps its rows for every definition, which says in `columns` what it
    uses of them. Its own `rows` then stand in where there is no city, as in examples.
    """

    id: Id
    shared: ListKey | None = None
    declared: dict[Id, ColumnType] = Field(default={}, alias="columns", max_length=40)
    key: tuple[Id, ...] = Field(min_length=1, max_length=3)
    rows: tuple[dict[str, Cell], ...] = Field(default=(), min_length=1, max_length=20_000)

    @model_validator(mode="after")
    def _rows_agree(self) -> "Table":
        if bool(self.shared) is not bool(self.declared):
            raise ValueError("共有の表(shared)には、使う列と種類を columns に書いてください。ほかの表には書けません。")
        if not self.shared and not self.rows:
            raise ValueError("表には、1行以上が要ります。")
        columns = set(self.declared or self.rows[0]) - set(DAYS)
        if missing := [name for name in self.key if name not in columns]:
            raise ValueError(f"key の列({'、'.join(missing)})が、1行目にありません。")
        if columns == set(self.key):
            raise ValueError("key のほかに、調べる値の列が要ります。")
        for number, row in enumerate(self.rows, start=1):
            if set(row) - set(DAYS) != columns:
                raise ValueError(f"{number}行目の列が、1行目とちがいます。")
            if any(name in row and _day(row[name]) is None for name in DAYS):
                raise ValueError(f"{number}行目の from と until は、2026-04-01 のような日にしてください。")
        for name in columns:
            if self.declared and not all(_fits(row[name], self.declared[name]) for row in self.rows):
                raise ValueError(f"列「{name}」に、{self.declared[name]} でない値があります。")
            if self.type_of(name) is None:
                raise ValueError(f"列「{name}」に、ちがう種類の値があります。")
        for key, rows in self.by_key.items():
            if any(last >= first for (_, last, _), (first, _, _) in pairwise(rows)):
                raise ValueError(f"「{'、'.join(map(str, key))}」の行の日が重なっています。")
        return self

    @cached_property
    def by_key(self) -> Mapping[Key, Sequence[tuple[date, date, Row]]]:
        """The rows of each key by their first day: the first and the last day on which one holds, and the row."""
        begun: dict[Key, list[tuple[date, date | None, Row]]] = {}
        for row in self.rows:
            first, last = (_day(row.get(name)) for name in DAYS)
            begun.setdefault(tuple(row[name] for name in self.key), []).append((first or date.min, last, row))
        by_key: dict[Key, list[tuple[date, date, Row]]] = {}
        for key, rows in begun.items():
            rows.sort(key=lambda entry: entry[0])
            following = [first for first, _, _ in rows[1:]]
            by_key[key] = [
                (first, last or (begins - timedelta(days=1) if begins and begins > first else date.max), row)
                for (first, last, row), begins in zip(rows, [*following, None], strict=True)
            ]
        return by_key

    @cached_property
    def columns(self) -> Mapping[str, ColumnType]:
        """The columns that can be asked for, with their types."""
        names = [name for name in self.declared or self.rows[0] if name not in (*self.key, *DAYS)]
        return {name: kind for name in names if (kind := self.type_of(name))}

    def type_of(self, name: str) -> ColumnType | None:
        """The type of a column; whole and fractional numbers together are `double`. None where the values do not agree."""
        if self.declared:
            return self.declared.get(name)
        kinds = {_TYPES.get(type(row[name]), "string") for row in self.rows}
        if kinds == {"int", "double"}:
            return "double"
        return kinds.pop() if len(kinds) == 1 else None

    def row(self, key: tuple[object, ...], on: date) -> Row | None:
        """The row of a key that holds on a day."""
        return next((row for first, last, row in self.by_key.get(key, ()) if first <= on <= last), None)


def _fits(cell: Cell, kind: ColumnType) -> bool:
    return kind == (cell_kind := _TYPES.get(type(cell), "string")) or (kind, cell_kind) == ("double", "int")


def _day(cell: Cell | None) -> date | None:
    if isinstance(cell, date):
        return cell
    try:
        return date.fromisoformat(cell) if isinstance(cell, str) else None
    except ValueError:
        return None
