"""A closed day takes no postings; it is opened by two people with a reason; who posts while it is closed is booked once, on an open day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.core.clock import today
from portal.core.database import city_session
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.events import Actor, Event
from portal.ledger import (
    Fee,
    Item,
    JournalPosting,
    JournalTransaction,
    LedgerClosing,
    ask_to_reopen,
    balances,
    close_days,
    close_month,
    closing_of,
    movements,
    post,
    reopen,
    report,
    reverse,
    set_account_code,
    total_of,
    uncoded,
    waiting_reopenings,
    withdraw_reopening,
)
from portal.ledger.models import LedgerMonthBalance
from tests.integration.ledger.conftest import at, raised, received
from tests.kit.city import employ, furnish

DAY = date(2026, 5, 11)
Accountants = tuple[Actor, Actor]


def booked_on(session: Session, cause: str) -> date | None:
    return session.scalar(select(JournalTransaction.booked_on).where(JournalTransaction.cause == cause))


def test_a_movement_of_a_closed_day_is_booked_on_the_next_open_one(city_db: Session, accountants: Accountants) -> None:
    post(city_db, raised(1, day=date(2026, 5, 9)))
    assert close_days(city_db, DAY, accountants[0]) == 3
    transactions = post(city_db, raised(2, day=DAY), raised(3, day=date(2026, 5, 13)))
    assert booked_on(city_db, "charge:2:raised") == date(2026, 5, 12)
    assert booked_on(city_db, "charge:3:raised") == date(2026, 5, 13)
    reversal = reverse(city_db, transactions["charge:2:raised"], at=at(11))
    assert city_db.get_one(JournalTransaction, reversal).booked_on == date(2026, 5, 12)
    with pytest.raises(Conflict):
        close_days(city_db, DAY, accountants[0])
    with pytest.raises(Invalid):
        close_days(city_db, today() + timedelta(1), accountants[0])


def test_the_database_refuses_a_posting_on_a_closed_day(city_db: Session, accountants: Accountants) -> None:
    close_days(city_db, DAY, accountants[0])
    with pytest.raises(DBAPIError, match="the books of 2026-05-11 are closed"):
        city_db.execute(
            text(
                "INSERT INTO journal_transaction (kind, cause, booked_on, posting_count, occurred_at)"
                " VALUES ('charge_raised', 'by hand', '2026-05-11', 2, now())"
            )
        )


def test_a_day_is_opened_by_two_people_with_a_reason(city_db: Session, accountants: Accountants) -> None:
    first, second = accountants
    close_days(city_db, DAY, first)
    closing = closing_of(city_db, "day", DAY)
    assert closing is not None
    with pytest.raises(Conflict):
        reopen(city_db, closing.id, second)
    with pytest.raises(Invalid):
        ask_to_reopen(city_db, closing.id, "  ", first)
    ask_to_reopen(city_db, closing.id, "窓口の入力もれがあったため。", first)
    assert [row.reopening_reason for row in waiting_reopenings(city_db)] == ["窓口の入力もれがあったため。"]
    with pytest.raises(Conflict):
        ask_to_reopen(city_db, closing.id, "もう一度。", second)
    with pytest.raises(Forbidden):
        reopen(city_db, closing.id, first)
    withdraw_reopening(city_db, closing.id, second)
    ask_to_reopen(city_db, closing.id, "窓口の入力もれがあったため。", second)
    reopen(city_db, closing.id, first)
    post(city_db, raised(1, day=DAY))
    assert booked_on(city_db, "charge:1:raised") == DAY
    assert close_days(city_db, DAY, first) == 1
    names = city_db.scalars(select(Event.name).where(Event.name.like("ledger.%")).order_by(Event.id)).all()
    assert names == [
        "ledger.closed",
        "ledger.reopening_asked",
        "ledger.reopening_withdrawn",
        "ledger.reopening_asked",
        "ledger.reopened",
        "ledger.closed",
    ]


def test_a_month_is_closed_in_turn_with_codes_and_keeps_its_sums(city_db: Session, accountants: Accountants) -> None:
    first, second = accountants
    april, may = date(2026, 4, 1), date(2026, 5, 1)
    post(city_db, raised(1, day=date(2026, 4, 9)), received(1, day=date(2026, 4, 10)), raised(2, 500, DAY))
    before = balances(city_db, date(2026, 5, 31))
    with pytest.raises(Conflict, match="先に2026年4月"):
        close_month(city_db, may, first)
    assert [(line.procedure_key, line.amount) for line in uncoded(city_db, april, DAY)] == [
        ("dog-registration", -3_500)
    ]
    with pytest.raises(Conflict, match="款項目節"):
        close_month(city_db, april, first)
    assert set_account_code(city_db, Fee("dog-registration"), 2026, "14-2-3-1", "犬の登録手数料", first) == 3_500
    assert set_account_code(city_db, Fee("dog-registration"), 2026, "14-2-3-1", "犬の登録手数料", first) == 0
    assert uncoded(city_db, april, DAY) == []
    open_report = report(city_db, april, date(2026, 4, 30), "code")
    close_month(city_db, april, first)
    assert city_db.scalar(select(func.count()).select_from(LedgerMonthBalance)) > 0
    assert report(city_db, april, date(2026, 4, 30), "code") == open_report
    assert total_of(open_report).raised == total_of(open_report).received == 3_000
    assert balances(city_db, date(2026, 5, 31)) == before
    assert balances(city_db, date(2026, 4, 9))["in_transit"] == 0
    assert balances(city_db, date(2026, 4, 10)) == balances(city_db, date(2026, 4, 30))
    day = closing_of(city_db, "day", date(2026, 4, 9))
    month = closing_of(city_db, "month", april)
    assert day is not None
    assert month is not None
    with pytest.raises(Conflict):
        ask_to_reopen(city_db, day.id, "まちがい。", first)
    ask_to_reopen(city_db, month.id, "まちがい。", first)
    reopen(city_db, month.id, second)
    assert city_db.scalar(select(func.count()).select_from(LedgerMonthBalance)) == 0
    assert balances(city_db, date(2026, 5, 31)) == before
    with pytest.raises(Invalid):
        close_month(city_db, today(), first)


def test_a_new_code_moves_what_is_on_open_days_alone(city_db: Session, accountants: Accountants) -> None:
    post(city_db, raised(1, 100, date(2026, 5, 10)), raised(2, 200, DAY))
    close_days(city_db, date(2026, 5, 10), accountants[0])
    assert set_account_code(city_db, Fee("dog-registration", "base"), 2026, "14-1-1-1", "手数料", accountants[0]) == 200
    assert set_account_code(city_db, Fee("dog-registration"), 2026, "14-9-9-9", "その他", accountants[0]) == 0
    query = (
        select(JournalPosting.account_code, func.sum(JournalPosting.amount))
        .where(JournalPosting.account == "revenue")
        .group_by(JournalPosting.account_code)
    )
    assert {code: int(amount) for code, amount in city_db.execute(query) if amount} == {"": -100, "14-1-1-1": -200}
    assert [line.amount for line in uncoded(city_db, date(2026, 5, 1), DAY)] == [-100]


@pytest.mark.parametrize(("code", "title", "field"), [("14", "手数料", "code"), ("14-2-1-1", " ", "title")])
def test_a_code_is_written_as_the_budget_has_it(
    city_db: Session, accountants: Accountants, code: str, title: str, field: str
) -> None:
    with pytest.raises(Invalid) as raised_error:
        set_account_code(city_db, Fee("dog-registration"), 2026, code, title, accountants[0])
    assert field in raised_error.value.fields


def test_closing_and_posting_at_the_same_time_lose_and_double_nothing(scratch_city: str) -> None:
    """Four sessions post on one day while a fifth closes it: each movement is booked once, and none on the day once it is closed."""
    with city_session(scratch_city) as session:
        furnish(session, {})
        staff = employ(session, "first@example.jp", {"environment": ("accountant",)})
        actor = Actor("staff", staff.id, staff.name)
    start = Barrier(5)

    def posts(worker: int) -> None:
        start.wait()
        for number in range(15):
            item = Item(key=f"charge:{worker}-{number}")
            charge = movements.charge_raised(item, 100, cause=f"{worker}-{number}", at=at(11))
            for _retry in range(2):
                with city_session(scratch_city) as session:
                    post(session, charge)

    def closes() -> int:
        start.wait()
        with city_session(scratch_city) as session:
            days = close_days(session, DAY, actor)
            session.flush()
            at_closing.append(session.scalar(_count) or 0)
        return days

    at_closing: list[int] = []
    _count = select(func.count()).select_from(JournalTransaction).where(JournalTransaction.booked_on == DAY)
    with ThreadPoolExecutor(5) as pool:
        done = [pool.submit(posts, worker) for worker in range(4)]
        closing = pool.submit(closes)
        assert [each.result() for each in done] == [None] * 4
        assert closing.result() == 1
    with city_session(scratch_city) as session:
        by_day = select(JournalTransaction.booked_on, func.count()).group_by(JournalTransaction.booked_on)
        counts = {row[0]: row[1] for row in session.execute(by_day)}
        assert sum(counts.values()) == 60
        assert counts.get(DAY, 0) == at_closing[0]
        assert counts.keys() <= {DAY, date(2026, 5, 12)}
        assert session.scalar(select(func.count()).select_from(LedgerClosing)) == 1
