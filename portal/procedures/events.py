"""What can happen to a list, and to a word, that departments share, and to the windows of the first page."""

from portal.core.events import EventKind, declare

EVENTS = declare(
    ("list", "word", "windows"),
    {
        "list.created": EventKind("共有の表をつくりました", keys=("key",)),
        "list.imported": EventKind("共有の表を取り込みました", keys=("key", "number", "rows", "procedures")),
        "word.changed": EventKind("共通の言葉を変えました", keys=("kind", "name", "number", "procedures")),
        "word.removed": EventKind("共通の言葉を消しました", keys=("kind", "name", "number", "procedures")),
        "windows.changed": EventKind("最初のページの窓口を変えました", keys=("number",)),
    },
)
