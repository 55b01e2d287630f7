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
        "procedure.publication_planned": EventKind("手続きの公開を申し出ました", keys=("key", "number", "from_day")),
        "procedure.publication_confirmed": EventKind("手続きの公開を確認しました", keys=("key", "number")),
        "procedure.publication_withdrawn": EventKind("手続きの公開の申し出を取り消しました", keys=("key", "number")),
        "procedure.publication_failed": EventKind("予定した日に、手続きを公開できませんでした", keys=("key", "number")),
        "procedure.second_person_changed": EventKind("公開に2人が要るかどうかを変えました", keys=("key", "needed")),
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
