"""The rows of tables that a city keeps for all its definitions, put into one of them."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

#: The rows of each shared table by its key. Rows may have more columns than a definition uses.
Lists = Mapping[str, Sequence[Mapping[str, Any]]]


def with_lists(tree: Any, lists: Lists) -> Any:
    """The tree with the city's rows in its shared tables; what is not there, or faulty, stays as it is. The tree given is not changed."""
    tables = tree.get("tables") if isinstance(tree, dict) else None
    if not isinstance(tables, list) or not lists:
        return tree
    filled = copy(tree)
    filled["tables"] = [_filled(table, lists) for table in tables]
    return filled


def lists_in(document: Mapping[str, Any]) -> dict[str, Sequence[Mapping[str, Any]]]:
    """The rows of shared tables with which a definition was published."""
    return {table["shared"]: table.get("rows", []) for table in document.get("tables", ()) if table.get("shared")}


def _filled(table: Any, lists: Lists) -> Any:
    if not isinstance(table, dict) or table.get("shared") not in lists or not isinstance(table.get("columns"), dict):
        return table
    columns = {*table["columns"], "from", "until"}
    texts = {name for name, kind in table["columns"].items() if kind == "string"}
    rows = [
        {name: str(cell) if name in texts else cell for name, cell in row.items() if name in columns}
        for row in lists[table["shared"]]
    ]
    return {**table, "rows": rows}
