"""What can happen to a list that departments share."""

from portal.core.events import EventKind, declare

EVENTS = declare(
    ("list",),
    {
        "list.created": EventKind("共有の表をつくりました", keys=("key",)),
        "list.imported": EventKind("共有の表を取り込みました", keys=("key", "number", "rows", "procedures")),
    },
)
