"""What somebody at the counter owes: found by receipt number (受付番号) or the number on a payment slip (納付番号)."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.cases import Case
from portal.cases.queries import case_id_by_number, cases_of_departments, cases_of_same_account
from portal.payments import Charge, Payment, order_of_slip, payments_of_cases, payments_of_order

MAX_NUMBERS = 20


@dataclass(frozen=True)
class Owed:
    """What one case asks for, and the case."""

    case: Case
    payment: Payment

    @property
    def charges(self) -> Sequence[Charge]:
        """What can be paid now."""
        return [charge for charge in self.payment.charges if charge.is_open]


@dataclass(frozen=True)
class SearchResult:
    """What is still to be paid, the cases that it was looked for in, and the numbers that led to none of this counter's."""

    owed: Sequence[Owed]
    cases: Sequence[Case]
    unknown: Sequence[str]

    def chosen(self, charge_ids: Collection[int]) -> list[Charge]:
        """The charges of these ids that are still to be paid."""
        return [charge for each in self.owed for charge in each.charges if charge.id in charge_ids]

    @property
    def everything(self) -> list[int]:
        """The ids of all that can be paid now."""
        return [charge.id for each in self.owed for charge in each.charges]


def search(session: Session, text: str, departments: Collection[int]) -> SearchResult:
    """What is owed by the cases of these numbers (separated by 「、」 or line ends), and by others of the same account."""
    numbers = [part.strip() for part in re.split(r"[、,\n]", unicodedata.normalize("NFKC", text)) if part.strip()]
    cases_by_id: dict[int, Case] = {}
    unknown = []
    for number in numbers[:MAX_NUMBERS]:
        cases = cases_of_departments(session, _case_ids(session, number), departments)
        if not cases:
            unknown.append(number)
        cases_by_id |= cases
    for case in list(cases_by_id.values()):
        cases_by_id |= {other.id: other for other in cases_of_same_account(session, case, departments)}
    payments = payments_of_cases(session, cases_by_id)
    owed = [
        Owed(case, payment)
        for case in cases_by_id.values()
        for payment in reversed(payments.get(case.id, []))
        if payment.is_payable
    ]
    return SearchResult(owed, list(cases_by_id.values()), unknown)


def _case_ids(session: Session, number: str) -> set[int]:
    order_id = order_of_slip(number)
    if order_id is not None:
        return {payment.case_id for payment in payments_of_order(session, order_id, missing_ok=True)}
    case_id = case_id_by_number(session, number)
    return set() if case_id is None else {case_id}
