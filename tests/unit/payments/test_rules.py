"""A payment's state machine: in whatever order the provider's observations arrive, it ends in the same state."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.payments import rules

attempt_status = st.sampled_from(rules.ATTEMPT_STATUSES)
refund_status = st.sampled_from(rules.REFUND_STATUSES)


@given(st.lists(attempt_status, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_observations_in_any_order_and_number_end_in_the_same_state(observed: list[str], random: object) -> None:
    def after(observations: list[str]) -> str:
        status = "prepared"
        for observation in observations:
            status = rules.forward_attempt(status, observation)
        return status

    shuffled = observed + observed
    random.shuffle(shuffled)
    assert after(shuffled) == after(observed)


@given(attempt_status.filter(lambda status: status != "reversed"))
def test_money_that_arrived_is_never_overlooked(before: str) -> None:
    assert rules.forward_attempt(before, "paid") == "paid"
    assert rules.forward_attempt("paid", before) == "paid"


def test_only_a_person_takes_money_back_that_was_entered() -> None:
    assert rules.forward_attempt("paid", "reversed") == "reversed"
    assert rules.payment_status(
        [rules.AttemptState("reversed")], received=0, given_back=0, canceled=False, review=False
    ) == "open"  # fmt: skip


def test_a_refund_that_succeeded_may_still_come_back() -> None:
    assert rules.forward_refund("succeeded", "failed") == "failed"
    assert rules.forward_refund("failed", "pending") == "failed"


@given(st.integers(1, 1_000_000), st.lists(st.tuples(st.integers(1, 1_000_000), refund_status)))
def test_the_refundable_amount_is_never_negative_nor_more_than_was_paid(
    paid: int, refunds: list[tuple[int, str]]
) -> None:
    assert 0 <= rules.refundable(paid, refunds) <= paid


@given(
    st.lists(st.tuples(attempt_status, st.booleans()), max_size=6),
    st.integers(1, 300_000),
    st.integers(0, 300_000),
    st.booleans(),
    st.booleans(),
)
def test_every_history_has_a_known_state(
    history: list[tuple[str, bool]], amount: int, refunded: int, canceled: bool, review: bool
) -> None:
    attempts = [rules.AttemptState(*attempt) for attempt in history]
    status = rules.payment_status(attempts, received=amount, given_back=refunded, canceled=canceled, review=review)
    assert status in rules.PAYMENT_STATUSES


def test_a_second_attempt_makes_a_failed_payment_payable_again() -> None:
    failed, fresh = rules.AttemptState("failed"), rules.AttemptState("open")
    options = {"received": 300, "given_back": 0, "canceled": False, "review": False}
    assert rules.payment_status([failed], **options) == "failed"
    assert rules.payment_status([failed, fresh], **options) == "open"


def test_nothing_is_issued_during_a_review() -> None:
    paid = [rules.AttemptState("paid", settles=True)]
    assert rules.payment_status(paid, received=300, given_back=0, canceled=False, review=True) == "needs_review"


def test_a_partial_refund_leaves_the_payment_paid() -> None:
    paid = [rules.AttemptState("paid", settles=True)]
    assert rules.payment_status(paid, received=300, given_back=299, canceled=False, review=False) == "paid"
    assert rules.payment_status(paid, received=300, given_back=300, canceled=False, review=False) == "refunded"


def test_another_amount_currency_or_reference_is_a_mismatch() -> None:
    good = {
        "expected": 3550,
        "amount": 3550,
        "currency": "jpy",
        "reference": "pay:a:1",
        "reported_reference": "pay:a:1",
    }
    assert rules.mismatch(**good) is None
    assert rules.mismatch(**good | {"amount": 355000}) == "amount"
    assert rules.mismatch(**good | {"currency": "usd"}) == "currency"
    assert rules.mismatch(**good | {"reported_reference": None}) == "reference"


def test_methods_are_offered_only_for_amounts_they_accept() -> None:
    methods = ["card", "konbini"]
    assert rules.usable_methods(methods, 119) == ["card"]
    assert rules.usable_methods(methods, 120) == methods
    assert rules.usable_methods(methods, 300_000) == methods
    assert rules.usable_methods(methods, 300_001) == ["card"]


def test_a_basket_is_paid_by_what_all_its_fees_share() -> None:
    methods = ["card", "konbini", "paypay"]
    limits = [("犬の登録", []), ("道路占用", ["card", "konbini"]), ("施設の予約", ["card", "paypay"])]
    assert rules.usable_methods(methods, 3_000, limits) == ["card"]
    absent = [rules.AbsentMethod("konbini", "施設の予約"), rules.AbsentMethod("paypay", "道路占用")]
    assert rules.absent_methods(methods, 3_000, limits) == absent
    assert rules.absent_methods(methods, 400_000, limits[:2])[0] == rules.AbsentMethod("konbini")


AMOUNTS = st.lists(st.integers(1, 10_000_000), min_size=1, max_size=8)


@given(received=st.integers(0, 20_000_000), amounts=AMOUNTS)
def test_every_yen_received_belongs_to_a_charge(received: int, amounts: list[int]) -> None:
    shares = rules.allocate(received, amounts)
    assert sum(shares) == received
    assert min(shares) >= 0
    assert all(share <= amount for share, amount in zip(shares[:-1], amounts, strict=False)), (
        "only the last holds too much"
    )
    if received >= sum(amounts):
        assert all(share >= amount for share, amount in zip(shares, amounts, strict=True))


@given(left=AMOUNTS, data=st.data())
def test_a_refund_that_names_no_charge_takes_the_last_ones_first(left: list[int], data: st.DataObject) -> None:
    amount = data.draw(st.integers(1, sum(left)))
    parts = rules.spread_refund(amount, dict(enumerate(left)))
    assert sum(parts.values()) == amount
    assert all(0 < part <= left[charge] for charge, part in parts.items())
    first = min(parts)
    assert all(parts[charge] == left[charge] for charge in range(first + 1, len(left)))


@pytest.mark.parametrize("status", rules.PAYMENT_STATUSES)
def test_every_status_of_an_order_gives_its_charges_one(status: str) -> None:
    given = rules.charge_status(status, due=550, received=0, given_back=0, canceled=False)
    assert given in rules.CHARGE_STATUSES
    assert (given in rules.OPEN_CHARGES) == (status in rules.PAYABLE)


@pytest.mark.parametrize("status", rules.PAYMENT_STATUSES)
def test_a_charge_that_was_waived_whole_waits_for_nothing(status: str) -> None:
    assert rules.charge_status(status, due=0, received=0, given_back=0, canceled=False) == "waived"


def test_a_charge_whose_money_went_back_is_refunded_beside_others_that_are_paid() -> None:
    assert rules.charge_status("paid", due=3000, received=550, given_back=550, canceled=False) == "refunded"
    assert rules.charge_status("paid", due=3000, received=3000, given_back=250, canceled=False) == "paid"


@given(
    arrived=st.integers(0, 10_000),
    applied=st.integers(0, 10_000),
    returns=st.lists(st.tuples(st.integers(1, 3_000), st.sampled_from(rules.REFUND_STATUSES), st.booleans())),
)
def test_a_transferred_yen_is_never_sent_back_twice(
    arrived: int, applied: int, returns: list[tuple[int, str, bool]]
) -> None:
    surplus = rules.surplus_of_transfers(arrived, applied=applied, returns=returns)
    assert surplus >= 0
    spoken_for = sum(amount for amount, status, handled in returns if status != "failed" or not handled)
    assert surplus == 0 or surplus + applied + spoken_for == arrived
    again = [*returns, (surplus, "approved", False)] if surplus else returns
    assert rules.surplus_of_transfers(arrived, applied=applied, returns=again) == 0


@pytest.mark.parametrize(
    ("returns", "surplus"),
    [
        ([], 100),
        ([(100, "requested", False)], 0),
        ([(100, "canceled", False)], 0),
        ([(100, "failed", False)], 0),
        ([(100, "failed", True)], 100),
        ([(100, "failed", True), (100, "succeeded", False)], 0),
        ([(60, "pending", False)], 40),
    ],
)
def test_what_a_return_speaks_for_is_not_returned_again(returns: list[tuple[int, str, bool]], surplus: int) -> None:
    assert rules.surplus_of_transfers(3_650, applied=3_550, returns=returns) == surplus


@pytest.mark.parametrize(
    ("last_days", "days"),
    [([], 3), ([None], 3), ([2], 2), ([10, 1], 1), ([0], 1), ([-5], 3), ([-5, 2], 2)],
)
def test_a_number_for_the_store_never_outlives_the_last_day_to_pay(last_days: list[int | None], days: int) -> None:
    """The provider takes no less than one day; what is overdue is paid as usual."""
    on = date(2026, 12, 1)
    lasts = [on + timedelta(days=count) if count is not None else None for count in last_days]
    assert rules.voucher_days(3, lasts, on) == days
