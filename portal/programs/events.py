"""What happens to a key of a program. Its use is an event once a day, however often it reads."""

from portal.core.events import EventKind, declare

EVENTS = declare(
    ("program_key",),
    {
        "program_key.created": EventKind(
            "プログラムの鍵をつくりました", keys=("department", "layers", "procedures", "valid_until")
        ),
        "program_key.revoked": EventKind("プログラムの鍵を取り消しました"),
        "program_key.used": EventKind("プログラムの鍵が、この日はじめて使われました", keys=("day",)),
    },
)
