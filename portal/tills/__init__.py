"""Tills (レジ) at the counters of departments: opened with a float, counted and closed each time, their money brought to the bank.

This package's `__all__` is what others may use; its tables are read and written here alone. Functions take a session and work in the
caller's transaction. A till knows orders and refunds by their ids; what those are, `portal.payments` says.
"""

from portal.tills import events, rights
from portal.tills.banking import bank_shifts, bankings_between, unbanked_shifts
from portal.tills.card_booking import (
    assign_card_difference,
    count_open_card_differences,
    explain_card_difference,
    open_card_differences,
    take_card_statement,
)
from portal.tills.card_files import COLUMNS as CARD_COLUMNS
from portal.tills.card_models import CardStatement, CardStatementLine
from portal.tills.card_preview import CardPreview, preview_card_statement
from portal.tills.card_settlements import (
    CardSlip,
    SettlementInputs,
    settle_cards,
    settlements_between,
    signed,
    unsettled_entries,
)
from portal.tills.card_statements import (
    add_card_statement,
    card_companies,
    drop_card_statement,
    is_card_statement_taken,
    name_columns,
)
from portal.tills.closing import confirm_difference, count_till, count_till_again
from portal.tills.models import CardSettlement, Till, TillBanking, TillEntry, TillShift
from portal.tills.queries import (
    ShiftReport,
    count_open_tills,
    entries_of_shift,
    entry_of_token,
    get_entry,
    get_shift,
    get_till,
    open_shift,
    orders_of_entries,
    report_of_shift,
    shifts_between,
    tills_of_departments,
)
from portal.tills.rules import BRANDS, DENOMINATIONS, Tally, change_of
from portal.tills.taking import (
    Handed,
    add_till,
    change_till,
    check_money,
    check_open,
    open_till,
    pay_refund,
    reverse_entry,
    take_payment,
)

__all__ = [
    "BRANDS",
    "CARD_COLUMNS",
    "DENOMINATIONS",
    "CardPreview",
    "CardSettlement",
    "CardSlip",
    "CardStatement",
    "CardStatementLine",
    "Handed",
    "SettlementInputs",
    "ShiftReport",
    "Tally",
    "Till",
    "TillBanking",
    "TillEntry",
    "TillShift",
    "add_card_statement",
    "add_till",
    "assign_card_difference",
    "bank_shifts",
    "bankings_between",
    "card_companies",
    "change_of",
    "change_till",
    "check_money",
    "check_open",
    "confirm_difference",
    "count_open_card_differences",
    "count_open_tills",
    "count_till",
    "count_till_again",
    "drop_card_statement",
    "entries_of_shift",
    "entry_of_token",
    "events",
    "explain_card_difference",
    "get_entry",
    "get_shift",
    "get_till",
    "is_card_statement_taken",
    "name_columns",
    "open_card_differences",
    "open_shift",
    "open_till",
    "orders_of_entries",
    "pay_refund",
    "preview_card_statement",
    "report_of_shift",
    "reverse_entry",
    "rights",
    "settle_cards",
    "settlements_between",
    "shifts_between",
    "signed",
    "take_card_statement",
    "take_payment",
    "tills_of_departments",
    "unbanked_shifts",
    "unsettled_entries",
]
