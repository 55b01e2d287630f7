"""Paid slips from a bank's file: what matches is paid, all other money is held, reviewed or goes back, and a file counts once."""

from dataclasses import dataclass

import pytest

from portal import ledger, slips
from portal.core.clock import today
from portal.core.database import city_session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor
from portal.payments import (
    LineItem,
    OfflineMoney,
    Payment,
    baskets,
    open_payment,
    prepare_offline_order,
    refunds_for_counter,
    slip_reference,
    take_at_counter,
)
from tests.kit.payer import Payer

HEAD = "納付番号,収納日,収納金額,収納機関\r\n"


@dataclass
class Bank:
    """A bank that reports paid slips to the city's accountant."""

    payer: Payer
    accountant: Actor

    def fee(self, purpose: str, amount: int = 3_000) -> Payment:
        with city_session(self.payer.key) as session:
            line = LineItem("登録", amount)
            return open_payment(session, self.payer.case_id, [line], title="犬の登録", purpose=purpose)

    def add(self, *lines: tuple[str, int]) -> int:
        rows = "".join(f"{reference},{today()},{amount},みずほ 日野\r\n" for reference, amount in lines)
        with city_session(self.payer.key) as session:
            return slips.add_file(session, (HEAD + rows).encode("cp932"), self.accountant).id

    def outcomes(self, file_id: int) -> list[str]:
        with city_session(self.payer.key) as session:
            return [match.outcome for match in slips.preview(session, file_id).matches]

    def take(self, file_id: int) -> int:
        with city_session(self.payer.key) as session:
            new = slips.take_file(session, file_id, self.accountant)
        slips.post_waiting(self.payer.key)
        return new

    def balance(self, account: str) -> int:
        with city_session(self.payer.key) as session:
            return ledger.balances(session, today())[account]

    def open_lines(self) -> list[slips.SlipLine]:
        with city_session(self.payer.key) as session:
            return slips.open_lines(session)


@pytest.fixture
def bank(payer: Payer) -> Bank:
    return Bank(payer, Actor("staff", payer.staff("会計"), "会計"))


def ref(payment: Payment) -> str:
    return slip_reference(payment.id)


def test_what_matches_is_paid_and_the_same_file_again_changes_nothing(bank: Bank) -> None:
    first, second = bank.fee("first"), bank.fee("second", 450)
    lines = (ref(first), 3_000), (ref(second).replace(" ", ""), 450)
    file_id = bank.add(*lines)
    assert bank.outcomes(file_id) == ["matches", "matches"]
    assert bank.take(file_id) == 2
    assert [bank.payer.status(payment) for payment in (first, second)] == ["paid", "paid"]
    assert bank.payer.read(first).method == "slip"
    assert (bank.balance("bank"), bank.balance("receivable")) == (3_450, 0)
    again = bank.add(*lines)
    assert bank.outcomes(again) == ["known", "known"]
    assert bank.take(again) == 0
    assert bank.balance("bank") == 3_450
    with pytest.raises(Conflict):
        bank.take(again)
    with pytest.raises(NotFound):
        bank.outcomes(again)
    assert "納付書" in bank.payer.page(first)


def test_money_that_does_not_match_is_never_lost(bank: Bank) -> None:
    short, paid, twice = bank.fee("short"), bank.fee("paid"), bank.fee("twice")
    with city_session(bank.payer.key) as session:
        take_at_counter(session, paid.id, OfflineMoney(3_000, "cash"), bank.accountant)
    file_id = bank.add((ref(short), 2_500), (ref(paid), 3_000), (ref(twice), 3_000), (ref(twice), 3_000), ("999", 700))
    assert bank.outcomes(file_id) == ["amount", "paid", "matches", "paid", "unknown"]
    bank.take(file_id)
    assert bank.payer.read(short).review_reason == "amount"
    assert bank.payer.read(paid).method == "cash"
    assert bank.payer.status(twice) == "paid"
    with city_session(bank.payer.key) as session:
        waiting = [(refund.order_id, refund.amount, way) for refund, way in refunds_for_counter(session)]
    assert waiting == [(paid.id, 3_000, "cash"), (twice.id, 3_000, "cash")]
    assert bank.balance("bank") == 2_500 + 3_000 + 3_000 + 3_000 + 700
    assert bank.balance("deposit") == 2_500 + 700
    assert bank.balance("refund_payable") == 6_000
    assert [line.status for line in bank.open_lines()] == ["unidentified"]


def test_money_that_is_held_is_assigned_once_its_fee_is_known(bank: Bank) -> None:
    fee = bank.fee("late")
    bank.take(bank.add(("0000-typo", 3_000)))
    (line,) = bank.open_lines()
    for wrong in ("", "0000 0000 0000", slip_reference(10**9)):
        with pytest.raises(Invalid):
            slips.assign_line(bank.payer.key, line.id, wrong, bank.accountant)
    slips.assign_line(bank.payer.key, line.id, ref(fee), bank.accountant)
    assert bank.payer.status(fee) == "paid"
    assert bank.open_lines() == []
    assert (bank.balance("bank"), bank.balance("deposit"), bank.balance("receivable")) == (3_000, 0, 0)
    with pytest.raises(Conflict):
        slips.assign_line(bank.payer.key, line.id, ref(fee), bank.accountant)


def test_a_fee_that_is_in_a_basket_is_taken_out_of_it(bank: Bank) -> None:
    first, second = bank.fee("first"), bank.fee("second", 450)
    charges = [charge.id for payment in (first, second) for charge in payment.charges]
    baskets.gather_charges(bank.payer.key, charges, next_path="/me")
    file_id = bank.add((ref(first), 3_000))
    assert bank.outcomes(file_id) == ["in_basket"]
    bank.take(file_id)
    assert (bank.balance("bank"), bank.balance("receivable")) == (3_000, 450)
    with city_session(bank.payer.key) as session:
        assert refunds_for_counter(session) == []
    left = prepare_offline_order(bank.payer.key, [second.charges[0].id], next_path="/me")
    with city_session(bank.payer.key) as session:
        take_at_counter(session, left, OfflineMoney(450, "cash"), bank.accountant)
    assert bank.balance("receivable") == 0


def test_a_file_is_looked_at_first_and_may_be_dropped(bank: Bank) -> None:
    with city_session(bank.payer.key) as session:
        with pytest.raises(Invalid):
            slips.add_file(session, b"", bank.accountant)
        file_id = slips.add_file(session, b"No,When,Yen\r\n1,2026-11-27,500\r\n", bank.accountant).id
    with city_session(bank.payer.key) as session:
        assert slips.preview(session, file_id).headings == ["No", "When", "Yen"]
        with pytest.raises(Invalid):
            slips.take_file(session, file_id, bank.accountant)
        named = slips.preview(session, file_id, {"reference": "No", "day": "When", "amount": "Yen"})
        assert [match.outcome for match in named.matches] == ["unknown"]
        slips.drop_file(session, file_id)
    with pytest.raises(NotFound):
        bank.outcomes(file_id)
