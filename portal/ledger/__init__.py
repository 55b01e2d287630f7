"""The city's books: an append-only double-entry journal, its closings, and what the books are compared with.

This package's `__all__` is what others may use; its tables are read and written here alone. `post` takes transactions as
`movements` makes them, from plain values: the books know no case, payment or payout, only the references that a posting carries.
Functions that take a session work in the caller's transaction, so that money and its booking are written together or not at all.
"""

from portal.ledger import movements
from portal.ledger.chart import ACCOUNTS, OPEN_ITEMS
from portal.ledger.journal import balance_of_item, post, posted_causes, reverse, reverse_causes
from portal.ledger.models import JournalPosting, JournalTransaction, LedgerClosing
from portal.ledger.rules import Channel, Item, Posting, Transaction, Unbalanced

__all__ = [
    "ACCOUNTS",
    "OPEN_ITEMS",
    "Channel",
    "Item",
    "JournalPosting",
    "JournalTransaction",
    "LedgerClosing",
    "Posting",
    "Transaction",
    "Unbalanced",
    "balance_of_item",
    "movements",
    "post",
    "posted_causes",
    "reverse",
    "reverse_causes",
]
