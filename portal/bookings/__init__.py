"""Limited places and times that are booked: who holds what, who has it, who waits. It knows drafts and cases by their ids alone.

This package's `__all__` is what others may use; its tables are read and written here alone. Functions take a session and work in
the caller's transaction.
"""

from portal.bookings.appointments import (
    Time,
    appointments_between,
    appointments_of_case,
    block,
    blocked_time,
    book,
    busy_lanes,
    give_up,
    hand_over,
    held_until,
    to_remind,
    unblock,
)
from portal.bookings.models import Appointment
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
    "Appointment",
    "Held",
    "Holder",
    "Lapsed",
    "Offered",
    "Pool",
    "Time",
    "Want",
    "appointments_between",
    "appointments_of_case",
    "block",
    "blocked_time",
    "book",
    "busy_lanes",
    "claims_of_case",
    "free_places",
    "give_up",
    "hand_over",
    "held_until",
    "hold",
    "lapse",
    "line_of",
    "offer_free",
    "release",
    "settle",
    "take",
    "to_remind",
    "unblock",
    "wait",
    "waiting_drafts",
]
