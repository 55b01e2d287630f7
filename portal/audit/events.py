"""What is done to the chain of events itself, and who read the trail."""

from portal.core.events import EventKind, Subject, declare

EVENTS = declare(
    ("chain", "audit"),
    {
        "chain.redacted": EventKind("記録から文章を取り除きました", keys=("ids", "key")),
        "chain.check_asked": EventKind("記録の検査を始めました"),
        "audit.viewed": EventKind("監査の記録を見ました", keys=("filters", "rows", "staff_id", "case_id")),
        "audit.exported": EventKind(
            "監査の記録を書き出しました", keys=("filters", "rows", "staff_id", "case_id", "from", "to", "encoding")
        ),
    },
)

CHAIN = Subject("chain")
"""The chain of the city's events as the subject of one."""

TRAIL = Subject("audit")
"""The trail, as it is read and taken along, as the subject of an event."""
