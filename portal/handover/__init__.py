"""What a resident lets one city of this installation hand to another: put down by the one, taken once by the other.

It is the only thing that crosses between cities. Policies of the database decide which city's role sees a row; the content is sealed for
the city that may take it. This package's `__all__` is what others may use; its tables are read and written here alone.
"""

from portal.handover.actions import TAKEN_WITHIN, Handed, forget_settled, put, revoke, settled, take
from portal.handover.models import Handover
from portal.handover.queries import handed_from_case, open_to

__all__ = [
    "TAKEN_WITHIN",
    "Handed",
    "Handover",
    "forget_settled",
    "handed_from_case",
    "open_to",
    "put",
    "revoke",
    "settled",
    "take",
]
