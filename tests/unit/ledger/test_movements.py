"""Every movement sums to zero, a reversal restores what was, and no mistake becomes a transaction."""

from collections import Counter
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger import ACCOUNTS, Channel, Item, Posting, Transaction, Unbalanced, movements
from portal.ledger.rules import check_balanced, reversed_postings

AT = datetime(2026, 5, 11, 3, 0, tzinfo=UTC)
CARD = Channel(method="card", provider="stripe", provider_ref="ch_1")
HALF: Any = 0.5
yen = st.integers(1, 10**9)
numbers = count()


def made(draw: Any) -> Transaction:
    """Any movement that the books know."""
    amount = draw(yen)
    charge = Item(key=f"charge:{draw(st.integers(1, 3))}", case_id=7, procedure_key="dog-registration", fee="base")
    refund = Item(key=f"refund:{draw(st.integers(1, 3))}", case_id=7)
    when = {"cause": f"cause:{next(numbers)}", "at": AT}
    at_provider = {"provider": "stripe", "provider_ref": "txn_1"}
    either = draw(st.sampled_from([amount, -amount]))
    return draw(
        st.sampled_from(
            [
                movements.charge_raised(charge, amount, **when),
                movements.charge_reduced(charge, amount, **when),
                movements.payment_received(charge, amount, CARD, counts=draw(st.booleans()), **when),
                movements.deposit_applied(charge, amount, **when),
                movements.refund_approved(
                    charge, refund, amount, account=draw(st.sampled_from(["revenue", "waived", "deposit"])), **when
                ),
                movements.refund_paid(refund, amount, CARD, **when),
                movements.provider_fee(either, **when, **at_provider),
                movements.provider_payout(either, **when, **at_provider),
                movements.provider_adjustment(either, **when, **at_provider),
                movements.disputed(either, **when, **at_provider),
                movements.payout_decided(Item(key="payout:1"), amount, **when),
                movements.payout_paid(Item(key="payout:1"), amount, **when),
                movements.cash_counted(either, item=Item(key="till:1"), **when),
                movements.cash_banked(amount, item=Item(key="till:1"), reference="banking:1", **when),
            ]
        )
    )


def balances(postings: list[Posting]) -> Counter[tuple[str, str]]:
    sums: Counter[tuple[str, str]] = Counter()
    for posting in postings:
        sums[posting.account, posting.item.key] += posting.amount
    return Counter({key: amount for key, amount in sums.items() if amount})


@given(st.data())
def test_any_sequence_of_movements_sums_to_zero_and_its_reversal_restores(data: st.DataObject) -> None:
    transactions = [made(data.draw) for _ in range(data.draw(st.integers(1, 12)))]
    postings = [posting for transaction in transactions for posting in transaction.postings]
    assert sum(posting.amount for posting in postings) == 0
    undone = data.draw(st.sampled_from(transactions))
    kept = [posting for transaction in transactions if transaction is not undone for posting in transaction.postings]
    assert balances([*postings, *reversed_postings(undone.postings)]) == balances(kept)


def test_a_fee_that_is_paid_and_given_back_leaves_nothing_open() -> None:
    charge, refund = Item(key="charge:1"), Item(key="refund:1")
    story = [
        movements.charge_raised(charge, 3_000, cause="1", at=AT),
        movements.payment_received(charge, 3_000, CARD, cause="2", at=AT),
        movements.refund_approved(charge, refund, 3_000, cause="3", at=AT),
        movements.refund_paid(refund, 3_000, CARD, cause="4", at=AT),
    ]
    assert balances([posting for transaction in story for posting in transaction.postings]) == Counter(
        {("in_transit", "charge:1"): 3_000, ("in_transit", "refund:1"): -3_000}
    )


def test_a_day_is_that_of_the_counter() -> None:
    late = datetime(2026, 5, 10, 15, 0, tzinfo=UTC)  # midnight in Japan
    assert movements.charge_raised(Item(key="charge:1"), 1, cause="1", at=late).day.isoformat() == "2026-05-11"


@pytest.mark.parametrize(
    "postings",
    [
        [],
        [Posting("revenue", 5)],
        [Posting("revenue", 5), Posting("bank", -4)],
        [Posting("revenue", 0), Posting("bank", 0)],
        [Posting("pocket", 5), Posting("bank", -5)],
        [Posting("bank", HALF), Posting("revenue", -HALF)],
        [Posting("bank", 10**14), Posting("revenue", -(10**14))],
    ],
)
def test_what_the_books_would_refuse_is_no_transaction(postings: list[Posting]) -> None:
    with pytest.raises(Unbalanced):
        check_balanced(postings)


def test_a_movement_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(Unbalanced):
        Transaction(
            kind="gift",
            cause="1",
            postings=[Posting("bank", 1), Posting("revenue", -1)],
            day=AT.date(),
            occurred_at=AT,
        )


def test_each_account_stands_on_one_side() -> None:
    assert {account.sign for account in ACCOUNTS.values()} == {1, -1}
    assert ACCOUNTS["receivable"].sign == 1
    assert ACCOUNTS["revenue"].sign == -1
