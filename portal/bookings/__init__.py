"""Limited places and times that are booked: who holds what, who has it, who waits. It knows drafts and cases by their ids alone.

This package's `__all__` is what others may use; its tables are read and written here alone. Functions take a session and work in
the caller's transaction.
"""

from portal.bookings.places import (
    Held,
    Holder,
    Lapsed,
    Offered,
    claims_of_case,
    free_places,
    hold,
    lapse,
    line_of,
    offer_free,
    release,
    settle,
    take,
    wait,
    waiting_drafts,
)
from portal.bookings.rules import Pool, Want

__all__ = [
    "Held",
    "Holder",
    "Lapsed",
    "Offered",
    "Pool",
    "Want",
    "claims_of_case",
    "free_places",
    "hold",
    "lapse",
    "line_of",
    "offer_free",
    "release",
    "settle",
    "take",
    "wait",
    "waiting_drafts",
]
