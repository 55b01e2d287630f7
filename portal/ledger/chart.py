"""The accounts of the books. A posting in one of them also says what it is about (department, procedure, method, 款項目節), so that
each account can be divided by any of these.

Revenue is booked when it is asked for (調定), and the receivable goes down as money arrives (収入); 地方自治法 第231条.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

AccountType = Literal["asset", "liability", "revenue", "expense"]


@dataclass(frozen=True)
class Account:
    """One account: its title, and on which side it stands."""

    title: str
    type: AccountType

    @property
    def sign(self) -> int:
        """1 where debits make it larger, -1 where credits do."""
        return 1 if self.type in {"asset", "expense"} else -1


ACCOUNTS: Mapping[str, Account] = {
    "receivable": Account("未収金", "asset"),
    "in_transit": Account("収納途中", "asset"),
    "payer_funds": Account("振込の預かり(決済会社)", "asset"),
    "bank": Account("預金", "asset"),
    "cash": Account("現金", "asset"),
    "disputed": Account("異議申し立て中", "asset"),
    "suspense": Account("仮勘定", "asset"),
    "deposit": Account("預り金", "liability"),
    "refund_payable": Account("還付未払金", "liability"),
    "payout_payable": Account("支払未払金", "liability"),
    "revenue": Account("歳入", "revenue"),
    "waived": Account("減免額", "expense"),
    "provider_fee": Account("決済手数料", "expense"),
    "payout_expense": Account("交付した金額", "expense"),
    "cash_difference": Account("現金過不足", "expense"),
}
"""In the order in which reports show them."""

CODED = frozenset({"revenue", "waived", "payout_expense"})
"""Accounts whose postings carry the city's code (款項目節)."""

OPEN_ITEMS = ("receivable", "deposit", "refund_payable", "payout_payable", "disputed")
"""Accounts that come to zero item by item; what has not is an open item (未済)."""
