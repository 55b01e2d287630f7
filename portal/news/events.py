"""What can happen to an article of the news."""

from portal.core.events import EventKind, declare

EVENTS = declare(
    ("news",),
    {
        "news.saved": EventKind("お知らせの下書きを保存しました"),
        "news.published": EventKind("お知らせを公開しました"),
        "news.changed": EventKind("公開したお知らせを変えました"),
        "news.ended": EventKind("お知らせの公開を終えました"),
        "news.deleted": EventKind("お知らせの下書きを消しました"),
    },
)
