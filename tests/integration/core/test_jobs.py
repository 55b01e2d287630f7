"""A job exists exactly when the transaction that asked for it commits, and waits only once for each key."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core.database import city_session, owner_engine
from portal.core.jobs import app, enqueue, worker_app


@app.task(name="tests.nothing")
def nothing(*, city: str, number: int) -> None:
    """A task for these tests."""


def waiting() -> int:
    with owner_engine().connect() as connection:
        return int(
            connection.scalar(text("SELECT count(*) FROM shared.procrastinate_jobs WHERE task_name = 'tests.nothing'"))
            or 0
        )


def test_a_rolled_back_transaction_leaves_no_job(city_db: Session) -> None:
    before = waiting()
    enqueue(city_db, "tests.nothing", number=1)
    city_db.rollback()
    assert waiting() == before


def test_a_second_job_of_the_same_key_is_not_added_and_harms_nothing() -> None:
    key = secrets.token_hex(8)
    before = waiting()
    with city_session("tachikawa") as session:
        enqueue(session, "tests.nothing", key=key, number=1)
        enqueue(session, "tests.nothing", key=key, number=2)
        assert session.scalar(text("SELECT 1")) == 1
    assert waiting() == before + 1
    _forget()


def test_a_job_may_ask_for_another_one() -> None:
    """In a worker the app writes asynchronously, while what a job does, and so asks for, does not."""
    before = waiting()

    def ask() -> None:
        with city_session("tachikawa") as session:
            enqueue(session, "tests.nothing", number=1)

    async def work() -> None:
        with worker_app() as opened:
            async with opened.open_async():
                await asyncio.to_thread(ask)

    # in a thread of its own: a browser test of the same process may have left its loop running here
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(work())).result()
    assert waiting() == before + 1
    _forget()


def _forget() -> None:
    with owner_engine().begin() as connection:
        connection.exec_driver_sql("SET LOCAL search_path = shared")
        connection.execute(text("DELETE FROM procrastinate_jobs WHERE task_name = 'tests.nothing'"))
