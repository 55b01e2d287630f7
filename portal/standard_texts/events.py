"""What can happen to a standard text."""

from portal.core.events import EventKind, declare

EVENTS = declare(
    ("standard_text",),
    {
        "standard_text.added": EventKind("文例を加えました"),
        "standard_text.changed": EventKind("文例を変えました"),
        "standard_text.removed": EventKind("文例を消しました"),
    },
)
