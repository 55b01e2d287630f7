"""The city's books: an append-only double-entry journal, its closings, and what the books are compared with.

This package's `__all__` is what others may use; its tables are read and written here alone. `post` takes transactions as
`movements` makes them, from plain values: the books know no case, payment or payout, only the references that a posting carries.
Functions that take a session work in the caller's transaction, so that money and its booking are written together or not at all.
"""

from portal.ledger import bank_files, events, movements, rights
from portal.ledger.bank_imports import (
    StatementPreview,
    add_statement,
    bank_lines,
    drop_statement,
    preview,
    take_statement,
    taken_statements,
)
from portal.ledger.bank_statements import COLUMNS
from portal.ledger.chart import ACCOUNTS, OPEN_ITEMS
from portal.ledger.closing import (
    ask_to_reopen,
    close_days,
    close_month,
    closing_of,
    closings_since,
    get_closing,
    reopen,
    waiting_reopenings,
    withdraw_reopening,
)
from portal.ledger.codes import Fee, Uncoded, account_codes, booked_fees, set_account_code, uncoded
from portal.ledger.export import EXPORTS, export_csv
from portal.ledger.journal import balance_of_item, post, posted_causes, reverse, reverse_causes
from portal.ledger.models import (
    JournalPosting,
    JournalTransaction,
    LedgerAccountCode,
    LedgerClosing,
)
from portal.ledger.months import first_of_month, last_of_month
from portal.ledger.reconciliation import (
    explain_difference,
    explained_differences,
    last_run,
    open_differences,
    reconcile,
)
from portal.ledger.reports import (
    GROUPINGS,
    AgeGroup,
    Grouping,
    JournalLine,
    OpenItem,
    ReportLine,
    balances,
    by_code,
    journal,
    open_items,
    open_items_by_age,
    report,
    total_of,
)
from portal.ledger.rules import CARD_READER, Channel, Item, Posting, Transaction, Unbalanced
from portal.ledger.statement_models import BankStatement, BankStatementLine, LedgerDifference, ReconciliationRun

__all__ = [
    "ACCOUNTS",
    "CARD_READER",
    "COLUMNS",
    "EXPORTS",
    "GROUPINGS",
    "OPEN_ITEMS",
    "AgeGroup",
    "BankStatement",
    "BankStatementLine",
    "Channel",
    "Fee",
    "Grouping",
    "Item",
    "JournalLine",
    "JournalPosting",
    "JournalTransaction",
    "LedgerAccountCode",
    "LedgerClosing",
    "LedgerDifference",
    "OpenItem",
    "Posting",
    "ReconciliationRun",
    "ReportLine",
    "StatementPreview",
    "Transaction",
    "Unbalanced",
    "Uncoded",
    "account_codes",
    "add_statement",
    "ask_to_reopen",
    "balance_of_item",
    "balances",
    "bank_files",
    "bank_lines",
    "booked_fees",
    "by_code",
    "close_days",
    "close_month",
    "closing_of",
    "closings_since",
    "drop_statement",
    "events",
    "explain_difference",
    "explained_differences",
    "export_csv",
    "first_of_month",
    "get_closing",
    "journal",
    "last_of_month",
    "last_run",
    "movements",
    "open_differences",
    "open_items",
    "open_items_by_age",
    "post",
    "posted_causes",
    "preview",
    "reconcile",
    "reopen",
    "report",
    "reverse",
    "reverse_causes",
    "rights",
    "set_account_code",
    "take_statement",
    "taken_statements",
    "total_of",
    "uncoded",
    "waiting_reopenings",
    "withdraw_reopening",
]
