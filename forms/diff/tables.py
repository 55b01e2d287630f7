"""The difference between two versions of a table: row by row, cell by cell."""

from collections.abc import Iterator

from forms.definition.table import Cell, Row, Table
from forms.diff.change import Change, ChangeKind, Topic


def table_changes(topic: Topic, old: Table, new: Table) -> Iterator[Change]:
    """Every cell that changed, and every row that came or went. A row is known by its key and its first day."""
    before, after = ({_identity(table, row): row for row in table.rows} for table in (old, new))
    for identity in dict.fromkeys([*before, *after]):
        was, now = before.get(identity), after.get(identity)
        path = f"tables.{new.id}.rows.{'.'.join(identity)}"
        subject = f"表「{new.id}」の{_row_name(new, now or was or {})}"
        if was is None or now is None:
            kind: ChangeKind = "added" if was is None else "removed"
            yield Change(topic, path, kind, subject, _cells(old, was), _cells(new, now))
            continue
        for name in dict.fromkeys([*was, *now]):
            if was.get(name) != now.get(name) or type(was.get(name)) is not type(now.get(name)):
                column = f"{subject}の「{name}」"
                yield Change(topic, f"{path}.{name}", "changed", column, _cell(was.get(name)), _cell(now.get(name)))


def _identity(table: Table, row: Row) -> tuple[str, ...]:
    return (*(str(row[name]) for name in table.key if name in row), str(row.get("from", "")))


def _row_name(table: Table, row: Row) -> str:
    key = "、".join(f"「{_cell(row.get(name))}」" for name in table.key)
    return f"{key}({row['from']}から)" if "from" in row else key


def _cells(table: Table, row: Row | None) -> str | None:
    if row is None:
        return None
    return "、".join(f"{name} {_cell(value)}" for name, value in row.items() if name not in table.key)


def _cell(value: Cell | None) -> str:
    match value:
        case None:
            return "なし"
        case bool():
            return "はい" if value else "いいえ"
        case int():
            return f"{value:,}"
    return str(value)
