"""Charges, payments and refunds in the city's books: every charge comes to zero, and what the city keeps is revenue of its department."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text

from portal.cli.payment import payment as payment_group
from portal.core.database import city_session, owner_engine
from portal.ledger import JournalPosting, last_run, open_differences
from portal.payments import cancel_payment, change_payment, gather_charges, request_refund
from portal.payments.balance_import import import_balance_transactions
from portal.payments.provider import LineItem
from portal.payments.reconciliation import reconcile_books
from portal.payments.sync import sync_payment
from tests.integration.money.conftest import CITY, Hall
from tests.integration.money.test_reviews import decide, short

Balances = dict[str, int]


@pytest.fixture
def before(hall: Hall) -> Iterator[Balances]:
    """The books as they stand."""
    yield balances()


def balances() -> Balances:
    with city_session(CITY) as session:
        query = select(JournalPosting.account, func.sum(JournalPosting.amount)).group_by(JournalPosting.account)
        return {account: int(amount) for account, amount in session.execute(query)}


def since(before: Balances) -> Balances:
    """What changed in each account."""
    now = balances()
    changes = {account: now[account] - before.get(account, 0) for account in now}
    assert sum(changes.values()) == 0
    return {account: amount for account, amount in changes.items() if amount}


def test_what_is_asked_is_revenue_at_once_and_receivable_until_it_is_paid(hall: Hall, before: Balances) -> None:
    payer = hall.apply()
    (payment,) = hall.payments(payer)
    assert since(before) == {"receivable": 3000, "revenue": -3000}
    hall.pay(payer, payment)
    sync_payment(CITY, payment.id, checkout_id=payer.attempts(payment)[0].checkout_id)  # told once more
    assert since(before) == {"in_transit": 3000, "revenue": -3000}
    with city_session(CITY) as session:
        query = select(JournalPosting.department_id, JournalPosting.procedure_key).where(
            JournalPosting.case_id == payer.case_id, JournalPosting.account == "revenue"
        )
        assert [tuple(row) for row in session.execute(query)] == [(hall.case(payer).department_id, "dog-registration")]


def test_a_refund_is_owed_until_it_reached_the_payer(hall: Hall, before: Balances, without_approval: None) -> None:
    payer, payment = hall.paid()
    with city_session(CITY) as session:
        request_refund(session, payment, 1000, "", actor=hall.actor("cashier"))
    assert since(before) == {"in_transit": 3000, "refund_payable": -1000, "revenue": -2000}
    payer.work()
    assert since(before) == {"in_transit": 2000, "revenue": -2000}
    with city_session(CITY) as session:
        query = select(JournalPosting.case_id).where(
            JournalPosting.kind == "refund_paid", JournalPosting.amount == -1000
        )
        assert payer.case_id in session.scalars(query).all()


def test_another_amount_and_a_fee_called_off_leave_nothing_open(hall: Hall, before: Balances) -> None:
    payer = hall.apply()
    (payment,) = hall.payments(payer)
    with city_session(CITY) as session:
        payment = change_payment(session, payment, [LineItem("登録", 2000, id="registration")])
    assert since(before) == {"receivable": 2000, "revenue": -2000}
    with city_session(CITY) as session:
        cancel_payment(session, payment)
    assert since(before) == {}


@pytest.mark.parametrize(
    ("amount", "decision", "after"),
    [
        (2500, "accepted", {"in_transit": 2500, "revenue": -2500}),
        (3500, "accepted", {"in_transit": 3500, "revenue": -3500}),
        (2500, "difference", {"in_transit": 2500, "receivable": 500, "revenue": -3000}),
    ],
)
def test_money_under_review_is_held_until_it_counts(
    hall: Hall, before: Balances, amount: int, decision: str, after: Balances
) -> None:
    _payer, payment = short(hall, amount)
    assert since(before) == {"in_transit": amount, "deposit": -amount, "receivable": 3000, "revenue": -3000}
    assert decide(hall.cashier, payment, decision).status_code == 303
    assert since(before) == after


def test_money_that_goes_back_in_a_review_leaves_the_fee_owed(
    hall: Hall, before: Balances, without_approval: None
) -> None:
    payer, payment = short(hall)
    assert decide(hall.cashier, payment, "given_back").status_code == 303
    payer.work()
    assert since(before) == {"receivable": 3000, "revenue": -3000}


def test_a_basket_is_booked_charge_by_charge(hall: Hall, before: Balances) -> None:
    payers = [hall.apply(), hall.apply()]
    payments = [hall.payments(payer)[0] for payer in payers]
    gather_charges(CITY, [charge.id for payment in payments for charge in payment.charges], next_path="/me")
    hall.pay(payers[0], hall.payments(payers[0])[0])
    assert since(before) == {"in_transit": 6000, "revenue": -6000}
    with city_session(CITY) as session:
        keys = [f"charge:{payment.charges[0].id}" for payment in payments]
        query = select(JournalPosting.item, func.sum(JournalPosting.amount)).where(
            JournalPosting.item.in_(keys), JournalPosting.account == "receivable"
        )
        left = {key: int(amount) for key, amount in session.execute(query.group_by(JournalPosting.item))}
        assert left == dict.fromkeys(keys, 0)


def test_what_was_paid_before_there_were_books_is_booked_by_the_same_causes(hall: Hall) -> None:
    """The whole city again from its rows, twice: each account and each charge has what it had."""
    _payer, payment = short(hall)
    assert decide(hall.cashier, payment, "difference").status_code == 303
    short(hall, 3500)
    hall.paid()
    kept = _by_item()
    with owner_engine().begin() as connection:
        tables = ", ".join(f"city_{CITY}.{name}" for name in ("journal_transaction", "ledger_open_item"))
        connection.execute(text(f"TRUNCATE {tables} CASCADE"))
    for _again in range(2):
        assert CliRunner().invoke(payment_group, ["book", CITY]).exit_code == 0
        assert _by_item() == kept


def _by_item() -> dict[tuple[str, str], int]:
    """What each account has of each charge, refund and payout."""
    query = (
        select(JournalPosting.account, JournalPosting.item, func.sum(JournalPosting.amount))
        .where(JournalPosting.item != "")
        .group_by(JournalPosting.account, JournalPosting.item)
    )
    with city_session(CITY) as session:
        return {(account, item): int(amount) for account, item, amount in session.execute(query) if amount}


def test_the_books_agree_with_the_provider(hall: Hall) -> None:
    hall.paid()
    import_balance_transactions(CITY)
    with city_session(CITY) as session:
        reconcile_books(session)
        # only pages whose sum was changed on the way differ: the provider's list says what was really paid
        assert {row.kind for row in open_differences(session)} <= {"amount"}
        run = last_run(session)
        assert run is not None
        differing = sum((row.theirs or 0) - (row.ours or 0) for row in open_differences(session))
        assert run.provider_balance - run.ledger_balance == differing
