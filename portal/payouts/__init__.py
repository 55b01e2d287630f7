"""Money that the city pays to applicants: asked for, decided against a budget, transferred by a file, and what became of it.

This package's `__all__` is what others may use; its tables are read and written here alone. Functions take a session and work in
the caller's transaction. Row types are for annotations and for reading attributes.
"""

from portal.payouts import events, rights
from portal.payouts.actions import (
    Request,
    ask_for,
    confirm,
    decide,
    open_payouts,
    repay,
    repayments,
    retry,
    withdraw_all,
)
from portal.payouts.batches import (
    batch_file,
    batches,
    consignor,
    decided_payouts,
    erase_personal_data,
    has_unsettled,
    make_batch,
    payouts_of_batch,
    record_results,
    save_consignor,
)
from portal.payouts.budgets import BudgetOfYear, BudgetUse, budget_use, budgets_used, year_reserved
from portal.payouts.models import Payout, PayoutBatch
from portal.payouts.rules import UNDECIDED
from portal.payouts.zengin import Consignor

__all__ = [
    "UNDECIDED",
    "BudgetOfYear",
    "BudgetUse",
    "Consignor",
    "Payout",
    "PayoutBatch",
    "Request",
    "ask_for",
    "batch_file",
    "batches",
    "budget_use",
    "budgets_used",
    "confirm",
    "consignor",
    "decide",
    "decided_payouts",
    "erase_personal_data",
    "events",
    "has_unsettled",
    "make_batch",
    "open_payouts",
    "payouts_of_batch",
    "record_results",
    "repay",
    "repayments",
    "retry",
    "rights",
    "save_consignor",
    "withdraw_all",
    "year_reserved",
]
