"""Tills (レジ) at the counters of departments: opened with a float, counted and closed each time, their money brought to the bank.

This package's `__all__` is what others may use; its tables are read and written here alone. Functions take a session and work in the
caller's transaction. A till knows orders and refunds by their ids; what those are, `portal.payments` says.
"""

from portal.tills import events, rights
from portal.tills.banking import bank_shifts, bankings_between, unbanked_shifts
from portal.tills.card_settlements import (
    CardSlip,
    SettlementInputs,
    settle_cards,
    settlements_between,
    signed,
    unsettled_entries,
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
    "DENOMINATIONS",
    "CardSettlement",
    "CardSlip",
    "Handed",
    "SettlementInputs",
    "ShiftReport",
    "Tally",
    "Till",
    "TillBanking",
    "TillEntry",
    "TillShift",
    "add_till",
    "bank_shifts",
    "bankings_between",
    "change_of",
    "change_till",
    "check_money",
    "check_open",
    "confirm_difference",
    "count_open_tills",
    "count_till",
    "count_till_again",
    "entries_of_shift",
    "entry_of_token",
    "events",
    "get_entry",
    "get_shift",
    "get_till",
    "open_shift",
    "open_till",
    "pay_refund",
    "report_of_shift",
    "reverse_entry",
    "rights",
    "settle_cards",
    "settlements_between",
    "shifts_between",
    "signed",
    "take_payment",
    "tills_of_departments",
    "unbanked_shifts",
    "unsettled_entries",
]
