"""What can happen to the words of the search."""

from portal.core.events import EventKind, declare

EVENTS = declare(
    ("synonyms",),
    {
        "synonyms.added": EventKind("さがすときの同じ意味の言葉を加えました"),
        "synonyms.changed": EventKind("さがすときの同じ意味の言葉を変えました"),
        "synonyms.removed": EventKind("さがすときの同じ意味の言葉を消しました"),
    },
)
