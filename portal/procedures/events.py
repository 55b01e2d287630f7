"""What can happen to a list, and to a word, that departments share, to the windows of the first page, and to a procedure."""

from portal.core.events import EventKind, declare

EVENTS = declare(
    ("list", "word", "windows", "procedure"),
    {
        "procedure.created": EventKind("手続きをつくりました", keys=("key",)),
        "procedure.published": EventKind(
            "手続きを公開しました", keys=("key", "number", "topics", "changes", "from_department", "to_department")
        ),
        "procedure.republished": EventKind(
            "表や言葉の変更に合わせて、手続きを公開しなおしました", keys=("key", "number")
        ),
        "procedure.draft_discarded": EventKind("手続きの下書きを捨てました", keys=("key", "number")),
        "procedure.closed": EventKind("手続きの受付をやめました", keys=("key",)),
        "procedure.reopened": EventKind("手続きの受付を再開しました", keys=("key",)),
        "list.created": EventKind("共有の表をつくりました", keys=("key",)),
        "list.imported": EventKind("共有の表を取り込みました", keys=("key", "number", "rows", "procedures")),
        "word.changed": EventKind("共通の言葉を変えました", keys=("kind", "name", "number", "procedures")),
        "word.removed": EventKind("共通の言葉を消しました", keys=("kind", "name", "number", "procedures")),
        "windows.changed": EventKind("最初のページの窓口を変えました", keys=("number",)),
    },
)
