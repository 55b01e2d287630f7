"""After all is over: the chain of events, the jobs, and the money on both sides."""

import json
import sqlite3
import time
from typing import TYPE_CHECKING, Any

from tests.judge.report import Report

if TYPE_CHECKING:
    from tests.judge.ground import Ground

SETTLE_SECONDS = 1200
"""Work of a worker that was killed is given out again after half a minute, and looked for once a minute; failed work waits longer."""
HURRY_SECONDS = 8
CITY = "hino"
CITIES = ("hino", "mitaka")


def settle_down(seconds: float = SETTLE_SECONDS) -> dict[str, int]:
    """Wait until no work is due; what is left then: jobs waiting for their turn or running, and notices nobody read.

    What failed and would be tried again in an hour is tried again soon.
    """
    until, hurried = time.monotonic() + seconds, 0.0
    while True:
        if time.monotonic() - hurried > HURRY_SECONDS:
            _hurry()
            hurried = time.monotonic()
        remaining = _work_left()
        if not any(remaining.values()) or time.monotonic() > until:
            return remaining
        time.sleep(0.3)


def judge_books(ground: "Ground") -> Report:
    """The promises that must hold whatever happened before."""
    report = Report("books", requests=1)
    remaining = settle_down()
    for kind, number in remaining.items():
        report.expect(not number, f"{number} {kind}")
    for task, number in failed_jobs():
        report.faults.append(f"{number} × job {task} given up")
    whole, fault = ground.verify_chain()
    report.expect(whole, f"the chain of events is broken: {fault}")
    total = 0
    for city in CITIES:
        charged, booked = at_provider(ground, city), in_books(city)
        report.expect(charged == booked, f"the provider has {charged:,} yen of {city}, the books say {booked:,}")
        total += booked
    report.figures = {
        "chain": "whole" if whole else "BROKEN",
        "jobs left": sum(remaining.values()),
        "yen": f"{total:,}",
    }
    return report


def _work_left() -> dict[str, int]:
    from sqlalchemy import text

    from portal.core.database import owner_engine

    with owner_engine().connect() as connection:
        jobs = connection.scalar(
            text(
                "SELECT count(*) FROM shared.procrastinate_jobs WHERE status = 'doing'"
                " OR (status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now() OR attempts > 0))"
            )
        )
        unread = "SELECT count(*) FROM city_{}.provider_event WHERE processed_at IS NULL"
        notices = sum(connection.scalar(text(unread.format(city))) or 0 for city in CITIES)
    return {"jobs left": int(jobs or 0), "notices unread": notices}


def _hurry() -> None:
    from sqlalchemy import text

    from portal.core.database import owner_engine

    waiting = "status = 'todo' AND attempts > 0 AND scheduled_at > now()"
    with owner_engine().begin() as connection:
        connection.exec_driver_sql("SET LOCAL search_path = shared")
        connection.execute(text(f"UPDATE shared.procrastinate_jobs SET scheduled_at = now() WHERE {waiting}"))


def failed_jobs() -> list[tuple[str, int]]:
    """The jobs that were given up, counted by task. A round that a kill ended comes again by itself."""
    from sqlalchemy import text

    from portal.core.database import owner_engine

    query = (
        "SELECT task_name, count(*) FROM shared.procrastinate_jobs WHERE status = 'failed'"
        " AND task_name NOT IN (SELECT task_name FROM shared.procrastinate_periodic_defers) GROUP BY 1 ORDER BY 1"
    )
    with owner_engine().connect() as connection:
        return [(str(task), int(number)) for task, number in connection.execute(text(query))]


def charges(ground: "Ground", city_key: str = CITY) -> list[dict[str, Any]]:
    """The charges that succeeded on the city's account at the provider's stand-in."""
    return [charge for charge in objects_at_provider(ground, city_key, "charge") if charge["status"] == "succeeded"]


def objects_at_provider(ground: "Ground", city_key: str, kind: str) -> list[dict[str, Any]]:
    """The objects of a kind on the city's account at the provider's stand-in, oldest first."""
    from portal.core.tenancy import city
    from portal.demo.payments import _key
    from tests.kit.payer import account_name

    query = "SELECT body FROM object WHERE kind = ? AND account = ? ORDER BY position"
    rows = _read_sandbox(ground, query, kind, account_name(_key(city(city_key))))
    return [json.loads(body) for (body,) in rows]


def mails_delivered(ground: "Ground") -> list[bytes]:
    """The mails that the mail server's stand-in took, as they came."""
    return [bytes(raw) for (raw,) in _read_sandbox(ground, "SELECT raw FROM mail ORDER BY id")]


def _read_sandbox(ground: "Ground", query: str, *values: str) -> list[Any]:
    (store,) = (ground.folder / "sandbox").glob("*.sqlite*[!-shmwal]")
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30) as connection:
        return connection.execute(query, values).fetchall()


def at_provider(ground: "Ground", city: str) -> int:
    """Yen that were charged and did not go back: a refund under way has not, and what was transferred too much never was charged."""
    refunds = objects_at_provider(ground, city, "refund")
    succeeded = [refund for refund in refunds if refund["charge"] is not None and refund["status"] == "succeeded"]
    given_back = sum(int(refund["amount"]) for refund in succeeded)
    return sum(int(charge["amount"]) for charge in charges(ground, city)) - given_back


def in_books(city: str) -> int:
    """Yen that the city has of all payments at the provider, without the provider's own fees, payouts and disputes."""
    from sqlalchemy import func, select

    from portal.core.database import city_session
    from portal.ledger import CARD_READER, JournalPosting

    query = select(func.coalesce(func.sum(JournalPosting.amount), 0)).where(
        JournalPosting.account == "in_transit",
        JournalPosting.provider != CARD_READER,
        JournalPosting.kind.in_(("payment_received", "refund_paid")),
    )
    with city_session(city) as session:
        return int(session.scalar(query) or 0)
