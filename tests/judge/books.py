"""After all is over: the chain of events, the jobs, and the money on both sides."""

import json
import sqlite3
import time
from typing import TYPE_CHECKING, Any

from tests.judge.report import Report

if TYPE_CHECKING:
    from tests.judge.ground import Ground

SETTLE_SECONDS = 300
"""Work of a worker that was killed is given out again after half a minute, and looked for once a minute; failed work waits longer."""
CITY = "hino"
CITIES = ("hino", "mitaka")


def settle_down(seconds: float = SETTLE_SECONDS) -> dict[str, int]:
    """Wait until no work is due; what is left then: jobs waiting for their turn or running, and notices nobody read."""
    until = time.monotonic() + seconds
    while True:
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
    for task, number in _failed_jobs():
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


def _failed_jobs() -> list[tuple[str, int]]:
    from sqlalchemy import text

    from portal.core.database import owner_engine

    query = "SELECT task_name, count(*) FROM shared.procrastinate_jobs WHERE status = 'failed' GROUP BY 1 ORDER BY 1"
    with owner_engine().connect() as connection:
        return [(str(task), int(number)) for task, number in connection.execute(text(query))]


def charges(ground: "Ground", city_key: str = CITY) -> list[dict[str, Any]]:
    """The charges that succeeded on the city's account at the provider's stand-in."""
    from portal.core.tenancy import city
    from portal.demo.payments import _key
    from tests.kit.payer import account_name

    (store,) = (ground.folder / "sandbox").glob("*.sqlite*[!-shmwal]")
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30) as connection:
        query = "SELECT body FROM object WHERE kind = 'charge' AND account = ?"
        rows = connection.execute(query, (account_name(_key(city(city_key))),)).fetchall()
    return [charge for (body,) in rows if (charge := json.loads(body))["status"] == "succeeded"]


def at_provider(ground: "Ground", city: str) -> int:
    """Yen that were charged and not refunded."""
    return sum(int(charge["amount"]) - int(charge.get("amount_refunded") or 0) for charge in charges(ground, city))


def in_books(city: str) -> int:
    """Yen that the city has of all payments."""
    from sqlalchemy import func, select

    from portal.core.database import city_session
    from portal.payments.models import Order

    with city_session(city) as session:
        return int(session.scalar(select(func.coalesce(func.sum(Order.received - Order.given_back), 0))) or 0)
