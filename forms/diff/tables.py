"""The difference between two versions of a table: row by row, cell by cell."""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace

from forms.definition.diagnostics import shown
from forms.definition.source import dotted
from forms.definition.table import DAYS, Row, Table
from forms.diff.change import Change, ChangeKind, Topic
from forms.diff.pairing import reordered
from forms.diff.wording import Setting, canonical, differing, same
from forms.fields.bounds import bound_in_words

_FIRST, _LAST = DAYS
_COLUMNS = {_FIRST: "最初の日", _LAST: "最後の日"}


def table_changes(topic: Topic, former: Setting, setting: Setting, old: Table, new: Table) -> Iterator[Change]:
    """Every cell that changed, and every row that came, went or moved. A row is known by its key and its first day.

    `former` and `setting` put the cells into words.
    """
    before, after = _by_identity(old), _by_identity(new)
    for identity in dict.fromkeys([*after, *before]):
        was, now = before.get(identity), after.get(identity)
        row = old.rows[was] if now is None and was is not None else new.rows[now or 0]
        path = dotted(("tables", new.id, "rows", *(str(row[name]) for name in (*new.key, _FIRST) if name in row)))
        subject = f"表「{new.id}」の{_row_name(setting, new, row)}"
        if was is None or now is None:
            kind: ChangeKind = "added" if was is None else "removed"
            cells = _cells(setting if was is None else former, new if was is None else old, row)
            yield Change(topic, path, kind, subject, None if was is None else cells, cells if was is None else None)
        else:
            yield from _row_changes(topic, path, subject, former, setting, old.rows[was], new.rows[now])
    order = reordered([(before.get(identity), after.get(identity)) for identity in dict.fromkeys([*after, *before])])
    if order is not None:
        names = [
            "、".join(f"{position + 1}行目{_row_name(former, old, old.rows[position])}" for position in positions)
            for positions in order
        ]
        yield Change(topic, f"tables.{new.id}.rows", "moved", f"表「{new.id}」の行の順番", *names)


def _row_changes(
    topic: Topic, path: str, subject: str, former: Setting, setting: Setting, old: Row, new: Row
) -> Iterator[Change]:
    for name in dict.fromkeys([*old, *new]):
        was, now = old.get(name), new.get(name)
        if not same(was, now):
            cell = replace(setting, entry=name)
            words = differing(cell, was, now, replace(former, entry=name))
            yield Change(topic, f"{path}.{name}", "changed", f"{subject}の「{_column(name)}」", *words)


def _by_identity(table: Table) -> dict[Hashable, int]:
    """The positions of the rows by their key and first day, and where several have the same, by which of them it is."""
    seen: Counter[Hashable] = Counter()
    positions: dict[Hashable, int] = {}
    for position, row in enumerate(table.rows):
        identity = tuple(canonical(row.get(name)) for name in (*table.key, _FIRST))
        positions[identity, seen[identity]] = position
        seen[identity] += 1
    return positions


def _row_name(setting: Setting, table: Table, row: Row) -> str:
    key = "、".join(_quoted([_words(setting, name, row.get(name)) for name in table.key]))
    return f"{key}({_words(setting, _FIRST, row[_FIRST])}から)" if _FIRST in row else key


def _quoted(words: Sequence[str]) -> Iterator[str]:
    return (word if word.startswith("「") else f"「{word}」" for word in words)


def _cells(setting: Setting, table: Table, row: Row) -> str:
    cells = [f"{_column(name)} {_words(setting, name, value)}" for name, value in row.items() if name not in table.key]
    return "、".join(cells) or "ほかの列なし"


def _column(name: str) -> str:
    return _COLUMNS.get(name) or shown(name)


def _words(setting: Setting, name: str, value: object) -> str:
    day = bound_in_words(value) if name in DAYS and isinstance(value, str) else None
    return day or replace(setting, entry=name).words(value)
