"""The journal in the database: posted once, held at zero, never changed, and its sums are what was posted."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.core.database import city_session
from portal.core.errors import Conflict, NotFound
from portal.ledger import (
    Channel,
    Item,
    JournalPosting,
    JournalTransaction,
    Transaction,
    balance_of_item,
    movements,
    post,
    posted_causes,
    reverse,
    reverse_causes,
)
from portal.ledger.models import LedgerAccountCode, LedgerOpenItem

AT = datetime(2026, 5, 11, 3, 0, tzinfo=UTC)
CARD = Channel(method="card", provider="stripe", provider_ref="ch_1")
CHARGE = Item(key="charge:1", case_id=7, procedure_key="dog-registration", fee="base")


def raised(cause: str = "charge:1:raised", amount: int = 3_000, item: Item = CHARGE) -> Transaction:
    return movements.charge_raised(item, amount, cause=cause, at=AT)


def open_items(session: Session) -> dict[tuple[str, str], int]:
    rows = session.scalars(select(LedgerOpenItem).execution_options(populate_existing=True))
    return {(row.account, row.item): row.balance for row in rows}


def sums(session: Session) -> dict[str, int]:
    query = select(JournalPosting.account, func.sum(JournalPosting.amount)).group_by(JournalPosting.account)
    return {account: int(amount) for account, amount in session.execute(query)}


def test_a_movement_sent_twice_is_posted_once(city_db: Session) -> None:
    assert list(post(city_db, raised())) == ["charge:1:raised"]
    assert post(city_db, raised(), raised("charge:1:more", 200)).keys() == {"charge:1:more"}
    assert sums(city_db) == {"receivable": 3_200, "revenue": -3_200}
    assert balance_of_item(city_db, "receivable", "charge:1") == 3_200
    assert posted_causes(city_db, "charge:1:") == {"charge:1:raised": False, "charge:1:more": False}


def test_a_transaction_is_reversed_once_and_its_reversal_never(city_db: Session) -> None:
    (transaction_id,) = post(city_db, raised()).values()
    reversal_id = reverse(city_db, transaction_id, at=AT)
    assert set(sums(city_db).values()) == {0}
    assert open_items(city_db) == {}
    assert posted_causes(city_db, "charge:1:") == {"charge:1:raised": True}
    assert reverse_causes(city_db, ["charge:1:raised"], at=AT) == []
    for again in (transaction_id, reversal_id):
        with pytest.raises(Conflict):
            reverse(city_db, again, at=AT)
    with pytest.raises(NotFound):
        reverse(city_db, 10**9, at=AT)
    assert city_db.get_one(JournalTransaction, reversal_id).reverses_id == transaction_id


def test_revenue_carries_the_code_of_its_fee_and_fiscal_year(city_db: Session) -> None:
    for fee, year, code in (("", 2026, "14-2-1-1"), ("base", 2026, "14-2-3-1"), ("base", 2025, "14-1-1-1")):
        city_db.add(
            LedgerAccountCode(
                procedure_key="dog-registration", fee=fee, fiscal_year=year, code=code, title="手数料", set_at=AT
            )
        )
    city_db.flush()
    tag = Item(key="charge:2", procedure_key="dog-registration", fee="tag")
    other = Item(key="charge:3", procedure_key="road-occupancy")
    post(city_db, raised("1"), raised("2", item=tag), raised("3", item=other))
    rows = city_db.execute(select(JournalPosting.item, JournalPosting.account, JournalPosting.account_code)).all()
    assert {item: code for item, account, code in rows if account == "revenue"} == {
        "charge:1": "14-2-3-1",
        "charge:2": "14-2-1-1",
        "charge:3": "",
    }
    assert {code for _item, account, code in rows if account == "receivable"} == {""}


ONE = """
WITH added AS (INSERT INTO journal_transaction (kind, cause, booked_on, posting_count, occurred_at)
    VALUES ('charge_raised', 'by hand', '2026-05-11', 2, now()) RETURNING id)
INSERT INTO journal_posting (transaction_id, booked_on, kind, account, amount)
SELECT id, date '2026-05-11', 'charge_raised', account, amount FROM added, (VALUES ('receivable', {0}), ('revenue', {1})) AS line(account, amount)
"""


@pytest.mark.parametrize(
    "statement",
    [
        ONE.format(300, -299),
        ONE.format(300, -300).replace(", 2, now", ", 3, now"),
        "INSERT INTO journal_transaction (kind, cause, booked_on, posting_count, occurred_at)"
        " VALUES ('charge_raised', 'empty', '2026-05-11', 2, now())",
        "INSERT INTO journal_posting (transaction_id, booked_on, kind, account, amount) SELECT id, booked_on, kind, 'bank', amount"
        " FROM journal_transaction, (VALUES (5), (-5)) AS line(amount)",
    ],
    ids=["sum", "count", "none", "added later"],
)
def test_the_database_refuses_at_commit_what_does_not_balance(city_db: Session, statement: str) -> None:
    post(city_db, raised())
    city_db.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    city_db.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    city_db.execute(text(statement))
    with pytest.raises(DBAPIError, match="postings, which sum to"):
        city_db.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_what_balances_is_taken_by_the_database(city_db: Session) -> None:
    city_db.execute(text(ONE.format(300, -300)))
    city_db.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    assert sums(city_db) == {"receivable": 300, "revenue": -300}


@pytest.mark.parametrize("table", ["journal_transaction", "journal_posting"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 1", "DELETE FROM {}"])
def test_not_even_the_owner_changes_what_was_posted(table: str, statement: str, city_db: Session) -> None:
    post(city_db, raised())
    city_db.execute(text("RESET ROLE"))
    with pytest.raises(DBAPIError):
        city_db.execute(text(statement.format(table)))


def test_the_owner_is_stopped_by_the_trigger(scratch_city: str) -> None:
    from portal.core.database import owner_engine

    with city_session(scratch_city) as session:
        post(session, raised())
    for statement in ("UPDATE journal_posting SET amount = 1", "DELETE FROM journal_transaction"):
        with pytest.raises(DBAPIError, match="only ever added to"), owner_engine().begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL search_path = city_{scratch_city}, public")
            connection.exec_driver_sql(statement)


MOVES: dict[str, Callable[[Item, int, str], Transaction]] = {
    "raised": lambda item, amount, cause: movements.charge_raised(item, amount, cause=cause, at=AT),
    "reduced": lambda item, amount, cause: movements.charge_reduced(item, amount, cause=cause, at=AT),
    "paid": lambda item, amount, cause: movements.payment_received(item, amount, CARD, cause=cause, at=AT),
    "held": lambda item, amount, cause: movements.payment_received(
        item, amount, CARD, cause=cause, at=AT, counts=False
    ),
    "applied": lambda item, amount, cause: movements.deposit_applied(item, amount, cause=cause, at=AT),
    "refund": lambda item, amount, cause: movements.refund_approved(item, item, amount, cause=cause, at=AT),
    "refunded": lambda item, amount, cause: movements.refund_paid(item, amount, CARD, cause=cause, at=AT),
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(MOVES)), st.integers(1, 3), st.integers(1, 5), st.booleans()), max_size=12
    )
)
def test_any_sequence_of_movements_retries_and_reversals_keeps_the_books(
    city_db: Session, sequence: list[tuple[str, int, int, bool]]
) -> None:
    """Few items and few amounts, so that items come to zero and open again on the way."""
    expected: dict[tuple[str, str], int] = {}
    with city_db.begin_nested() as tried:
        for number, (name, item, amount, undone) in enumerate(sequence):
            transaction = MOVES[name](Item(key=f"charge:{item}"), amount, f"{number}:{name}")
            post(city_db, transaction)
            post(city_db, transaction)
            if undone:
                reverse_causes(city_db, [transaction.cause], at=AT)
                reverse_causes(city_db, [transaction.cause], at=AT)
                continue
            for posting in transaction.postings:
                key = posting.account, posting.item.key
                expected[key] = expected.get(key, 0) + posting.amount
        city_db.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        kept = {key: amount for key, amount in expected.items() if amount}
        assert sum(sums(city_db).values()) == 0
        assert open_items(city_db) == {key: kept[key] for key in kept if key[0] not in {"revenue", "in_transit"}}
        for (account, item), amount in kept.items():
            assert balance_of_item(city_db, account, item) == amount
        city_db.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        tried.rollback()
