"""Fees due and how they are paid: payment pages at the provider, what the provider says of them, refunds, and its book.

A payment's state never comes from the browser or from a notice: it is read back from the provider, and only moves forward.
Others use `actions` (open, start, refund), `queries`, `hooks.on` (to hear of a change) and `accounts` (to connect a city).
"""

from portal.payments import events, rights

__all__ = ["events", "rights"]
