"""The tables of a definition as functions of its expressions: `rates.price(size)`."""

from collections.abc import Callable
from datetime import date

from forms.definition.table import Table
from forms.expressions.functions import Function
from forms.expressions.functions.dates import today
from forms.expressions.values import NotDecided, exact


def functions_of(table: Table) -> dict[str, Function]:
    """A function for each column, and `has`. One that finds no row is not decided, so that nothing passes or is free by it."""
    takes = tuple(table.type_of(name) or "any" for name in table.key)
    arguments = "、".join(table.key)
    columns = {
        f"{table.id}.{name}": Function(
            f"{table.id}.{name}",
            f"{table.id}.{name}({arguments})",
            f"表「{table.id}」の「{name}」。",
            "",
            "",
            _column(table, name),
            ((takes, kind), ((*takes, "timestamp"), kind)),
        )
        for name, kind in table.columns.items()
    }
    has = f"{table.id}.has"
    signatures = ((takes, "bool"), ((*takes, "timestamp"), "bool"))
    return columns | {
        has: Function(has, f"{has}({arguments})", f"表「{table.id}」に行があるか。", "", "", _has(table), signatures)
    }


def _column(table: Table, name: str) -> Callable[..., object]:
    def look_up(*arguments: object) -> object:
        row = table.row(*_key_and_day(table, arguments))
        if row is None:
            raise NotDecided(table.id)
        value = row[name]
        return exact(value) if isinstance(value, float) else value

    return look_up


def _has(table: Table) -> Callable[..., bool]:
    def has(*arguments: object) -> bool:
        return table.row(*_key_and_day(table, arguments)) is not None

    return has


def _key_and_day(table: Table, arguments: tuple[object, ...]) -> tuple[tuple[object, ...], date]:
    key, rest = arguments[: len(table.key)], arguments[len(table.key) :]
    on = rest[0] if rest and isinstance(rest[0], date) else today()
    return key, on
