"""What is done to the chain of events itself."""

from portal.core.events import EventKind, declare

EVENTS = declare(
    ("chain",),
    {
        "chain.redacted": EventKind("記録から文章を取り除きました", keys=("ids", "key")),
    },
)
