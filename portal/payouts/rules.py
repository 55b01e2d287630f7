"""What may happen to money that is paid out, and when it counts against a budget."""

from collections.abc import Mapping

STATUSES = ("requested", "confirming", "decided", "exported", "paid", "failed", "withdrawn")
"""`confirming`: decided once, and a second person must agree. `failed`: the transfer came back (返戻)."""

RESERVED = frozenset({"confirming", "decided", "exported", "paid", "failed"})
"""In these the amount is taken from the budget."""

UNDECIDED = frozenset({"requested", "confirming"})
UNSETTLED = frozenset({"requested", "confirming", "decided", "exported", "failed"})

NEXT: Mapping[str, frozenset[str]] = {
    "requested": frozenset({"confirming", "decided", "withdrawn"}),
    "confirming": frozenset({"requested", "decided", "withdrawn"}),
    "decided": frozenset({"exported", "withdrawn"}),
    "exported": frozenset({"paid", "failed"}),
    "failed": frozenset({"decided", "withdrawn"}),
    "paid": frozenset(),
    "withdrawn": frozenset(),
}
