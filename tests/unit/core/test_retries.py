"""Every failure of a job is logged: a warning while it will be retried, an error when it will not."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from procrastinate.testing import InMemoryConnector

from portal.core.jobs import RETRY, app

LETTER = "misaki@example.jp"
pytestmark = pytest.mark.slow


@app.task(name="tests.failing", retry=RETRY)
def failing(*, city: str, message_id: int) -> None:
    """A task that always fails with an error that quotes somebody's address."""
    raise ConnectionError(f"no way to {LETTER}")


def work(tries_before: int) -> None:
    """Let a worker run the job once, after it failed so often."""
    queue = InMemoryConnector()

    async def once() -> None:
        with app.replace_connector(queue):
            async with app.open_async():
                number = await app.configure_task("tests.failing").defer_async(city="tachikawa", message_id=7)
                queue.jobs[number]["attempts"] = tries_before
                await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    # in a thread of its own: a browser test of the same process may have left its loop running here
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(once())).result()


def about_it(caplog: pytest.LogCaptureFixture) -> logging.LogRecord:
    """The first record about the job; a slow worker may meanwhile have tried it again, or come to the periodic ones."""
    records = [
        record
        for record in caplog.records
        if "tests.failing" in f"{record.getMessage()} {record.__dict__.get('fields')}"
    ]
    assert records, caplog.text
    return records[0]


@pytest.mark.parametrize(("tries_before", "attempt"), [(0, "1/7"), (5, "6/7")])
def test_a_job_to_be_tried_again_is_a_warning(
    caplog: pytest.LogCaptureFixture, tries_before: int, attempt: str
) -> None:
    caplog.set_level(logging.WARNING)
    work(tries_before)
    record = about_it(caplog)
    assert record.levelno == logging.WARNING
    fields = record.__dict__["fields"]
    assert {key: fields[key] for key in ("job", "city", "attempt", "error")} == {
        "job": "tests.failing",
        "city": "tachikawa",
        "attempt": attempt,
        "error": "ConnectionError",
    }
    assert fields["retry_at"].endswith("+00:00")
    assert LETTER not in str(fields) + caplog.text


def test_a_job_given_up_is_an_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    work(6)
    record = about_it(caplog)
    assert record.levelno == logging.ERROR
    assert "tests.failing" in record.getMessage()
    assert LETTER not in record.getMessage()
