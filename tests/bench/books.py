"""The books of a city at a million postings: the pages of the accounts department, and the nightly comparison of 100,000 transactions."""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from tests.bench.bare import run_bare, script_of
from tests.bench.client import Ask, Load
from tests.bench.ground import CITY
from tests.bench.statements import recorded

if TYPE_CHECKING:
    from tests.bench.page import Page

_SQL = Path(__file__).with_name("books.sql")
HEAD = f"{'books':<48}{'SQL':>5} |{'s':>8}{'bare s':>8}{'ratio':>7}"


def seed_books(postings: int) -> None:
    """Make about so many postings, and close every month that is over."""
    from portal.core.clock import today
    from portal.core.database import SHARED_SCHEMA, city_session, owner_engine, schema_of
    from portal.core.events import Actor
    from portal.identity.models import Staff
    from portal.ledger import close_month, first_of_month
    from portal.ledger.jobs import sum_days_in_cities

    values = {"charges": postings // 4, "today": today()}
    path = {"path": f"{schema_of(CITY)}, {SHARED_SCHEMA}, public"}
    with owner_engine().begin() as connection:
        connection.execute(text("SELECT set_config('search_path', :path, true)"), path)
        driver: Any = connection.connection.driver_connection
        for statement in _SQL.read_text(encoding="utf-8").split(";\n"):
            driver.execute(statement, values if "%" in statement else None)
    with owner_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in ("journal_transaction", "journal_posting", "ledger_open_item", "provider_transaction"):
            connection.exec_driver_sql(f"VACUUM (ANALYZE) {schema_of(CITY)}.{table}")
    for month in _months(today()):
        with city_session(CITY) as session:
            staff = session.query(Staff).filter(Staff.email.like("tanaka@%")).one()
            close_month(session, month, Actor("staff", staff.id, staff.name))
        assert month < first_of_month(today())
    sum_days_in_cities()  # as every night


def _months(day: date) -> Iterator[date]:
    """The first days of the months of three years that are over, oldest first."""
    month = (day - timedelta(days=1095)).replace(day=1)
    while month < day.replace(day=1):
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def book_pages(staff: str) -> "list[Page]":
    """The accounts department's pages: today, the open month, a closed month, what is open."""
    from portal.core.clock import today
    from tests.bench.page import Page

    day = today()
    closed = (day.replace(day=1) - timedelta(days=200)).replace(day=1)
    paths = {
        "Books: today": "/desk/ledger",
        "Books: the open month": f"/desk/ledger?month={day:%Y-%m}",
        "Books: a closed month": f"/desk/ledger?month={closed:%Y-%m}&by=code",
        "Books: a day of a closed month": f"/desk/ledger?day={closed + timedelta(days=9)}",
        "Books: open items by age": "/desk/ledger/open-items",
    }
    return [Page(name, lambda _n, path=path: Ask(path, staff)) for name, path in paths.items()]


def comparison_line() -> str:
    """The nightly comparison beside its statements run bare."""
    from portal.core.database import city_session
    from portal.payments.reconciliation import reconcile_books

    with city_session(CITY) as session:
        reconcile_books(session)
    with recorded() as statements, city_session(CITY) as session:
        begun = time.perf_counter()
        reconcile_books(session)
        took = time.perf_counter() - begun
    bare = run_bare([script_of(statements, 0, {})], Load(1, 1, 3), first=0, limited=True).quantile(0.5) / 1000
    return (
        f"{'Books: 100,000 transactions compared':<48}{len(statements):>5} |{took:>8.2f}{bare:>8.2f}{took / bare:>7.2f}"
    )
