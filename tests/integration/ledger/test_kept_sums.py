"""What pages read from kept sums is the sum of all postings, whoever posts, sums, closes and reopens at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.core.database import city_session
from portal.core.events import Actor
from portal.ledger import (
    GROUPINGS,
    Fee,
    JournalPosting,
    ask_to_reopen,
    balances,
    by_code,
    close_month,
    closing_of,
    post,
    reopen,
    report,
    set_account_code,
)
from portal.ledger.jobs import sum_days_in_cities
from portal.ledger.kept_sums import SUMS, days_to_sum, period, sum_day
from portal.ledger.models import LedgerDayBalance, LedgerMonthBalance
from tests.integration.ledger.conftest import raised, received
from tests.kit.city import employ, furnish

APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)
ENDS = date(2026, 4, 30), date(2026, 5, 31)
DAYS = (date(2026, 4, 29), date(2026, 4, 30), MAY, date(2026, 5, 2))
PERIODS = ((None, ENDS[1]), (APRIL, ENDS[0]), (APRIL, ENDS[1]), (date(2026, 4, 30), MAY), (MAY, MAY))
ROUNDS = 4

_POSTED = """
    SELECT account, kind, sum(amount) AS amount FROM journal_posting
    WHERE booked_on >= coalesce(CAST(:begin AS date), '-infinity') AND booked_on <= CAST(:end AS date)
    GROUP BY account, kind HAVING sum(amount) <> 0
"""


def differences(session: Session, begin: date | None, end: date) -> list[tuple[str, str]]:
    """What the kept sums of a period and its postings differ in, both read in one statement and so at one moment."""
    kept = select(SUMS.c.account, SUMS.c.kind, func.sum(SUMS.c.amount).label("amount"))
    summed = kept.group_by(SUMS.c.account, SUMS.c.kind).having(func.sum(SUMS.c.amount) != 0)
    posted = text(_POSTED).columns(account=SUMS.c.account.type, kind=SUMS.c.kind.type, amount=SUMS.c.amount.type)
    both = [
        select(summed.subquery("a")).except_(select(posted.subquery("b"))),
        select(posted.subquery("c")).except_(select(summed.subquery("d"))),
    ]
    query = select(both[0].subquery("more")).union_all(select(both[1].subquery("less")))
    return [(row.account, row.kind) for row in session.execute(query, period(begin, end))]


def test_totals_are_the_full_sum_whatever_happens_meanwhile(scratch_city: str) -> None:
    """Two sessions post, one sums days, closes a month and opens it again, one reads."""
    with city_session(scratch_city) as session:
        furnish(session, {})
        people = [employ(session, f"{name}@example.jp", {"environment": ("accountant",)}) for name in ("a", "b")]
        first, second = (Actor("staff", staff.id, staff.name) for staff in people)
        set_account_code(session, Fee("dog-registration"), 2026, "14-2-3-1", "犬の登録手数料", first)
    start = Barrier(4)

    def posts(worker: int) -> None:
        start.wait()
        for number in range(12):
            charge, day = 100 * worker + number, DAYS[number % len(DAYS)]
            with city_session(scratch_city) as session:
                post(session, raised(charge, 10 + charge, day), received(charge, 10 + charge, DAYS[(number + 1) % 4]))

    def keeps_books() -> None:
        start.wait()
        for _round in range(ROUNDS):
            sum_days_in_cities()
            with city_session(scratch_city) as session:
                close_month(session, APRIL, first)
            with city_session(scratch_city) as session:
                closing = closing_of(session, "month", APRIL)
                assert closing is not None
                ask_to_reopen(session, closing.id, "入力もれがあったため。", first)
                reopen(session, closing.id, second)

    def reads() -> list[tuple[str, str]]:
        start.wait()
        faults = []
        while not all(task.done() for task in writing):
            for begin, end in PERIODS:
                with city_session(scratch_city) as session:
                    faults += differences(session, begin, end)
        return faults

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(posts, 1), pool.submit(posts, 2), pool.submit(keeps_books)]
        reading = pool.submit(reads)
        for task in writing:
            task.result()
        assert reading.result() == []
    with city_session(scratch_city) as session:
        assert session.scalar(select(func.sum(JournalPosting.amount)).where(JournalPosting.account == "revenue")) == -(
            sum(10 + 100 * worker + number for worker in (1, 2) for number in range(12))
        )


def test_pages_say_the_same_before_and_after_sums_are_kept(city_db: Session, accountants: tuple[Actor, Actor]) -> None:
    first, second = accountants
    set_account_code(city_db, Fee("dog-registration"), 2026, "14-2-3-1", "犬の登録手数料", first)
    for number, day in enumerate(DAYS):
        post(city_db, raised(number, 100 + number, day), received(number, 100 + number, day))

    def pages() -> list[object]:
        reports = [report(city_db, begin or APRIL, end, by) for begin, end in PERIODS for by in GROUPINGS]
        return [*reports, by_code(city_db, APRIL, ENDS[1]), balances(city_db, DAYS[1]), balances(city_db, ENDS[1])]

    before = pages()
    assert days_to_sum(city_db) == list(DAYS)
    assert all(sum_day(city_db, day) for day in DAYS)
    assert pages() == before
    assert days_to_sum(city_db) == []
    post(city_db, raised(9, 7, MAY))
    later = pages()
    assert later != before
    assert days_to_sum(city_db) == [MAY]
    sum_day(city_db, MAY)
    assert pages() == later
    close_month(city_db, APRIL, first)
    assert pages() == later
    assert not sum_day(city_db, DAYS[0]), "its month is closed"
    assert set(city_db.scalars(select(LedgerDayBalance.day))) == set(DAYS[2:])
    closing = closing_of(city_db, "month", APRIL)
    assert closing is not None
    ask_to_reopen(city_db, closing.id, "入力もれ。", first)
    reopen(city_db, closing.id, second)
    assert city_db.scalar(select(func.count()).select_from(LedgerMonthBalance)) == 0
    assert pages() == later
