"""Looks at lists of cases, and what was taken out of the desk as a table."""

from portal.core.events import EventKind, declare

EVENTS = declare(
    ("list", "export"),
    {
        "list.viewed": EventKind("一覧を見ました", keys=("filters", "rows")),
        "export.made": EventKind("一覧を書き出しました", keys=("what", "rows", "from", "to")),
    },
)
