"""The worker outlives its database: it restarts until it is stopped."""

import asyncio
import importlib
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.cli.worker import keep_working

WORKER = importlib.import_module("portal.cli.worker")  # the package's own name for it is the command


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WORKER, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(WORKER, "MAX_PAUSE", 0.001)


def in_a_thread(scenario: Callable[[], Awaitable[None]]) -> None:
    """Run it where no other loop runs: the browser's driver keeps one in the process's own thread."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(_awaited(scenario))).result()


async def _awaited(scenario: Callable[[], Awaitable[None]]) -> None:
    await scenario()


def test_it_restarts_however_its_work_ended(caplog: pytest.LogCaptureFixture) -> None:
    endings = [ConnectionError("postgresql://portal:secret@db"), None, OSError("gone"), None]

    async def scenario() -> None:
        stopped = asyncio.Event()

        async def run() -> None:
            if not endings:
                stopped.set()
                await asyncio.sleep(3600)
            ending = endings.pop(0)
            if ending is not None:
                raise ending

        await keep_working(run, stopped)

    with caplog.at_level(logging.WARNING, "portal.jobs"):
        in_a_thread(scenario)
    assert endings == []
    assert len(caplog.records) == 4
    assert "secret" not in caplog.text


def test_stopping_lets_its_work_finish() -> None:
    finished = []

    async def scenario() -> None:
        stopped = asyncio.Event()

        async def run() -> None:
            stopped.set()
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                finished.append("jobs")
                raise

        await keep_working(run, stopped)

    in_a_thread(scenario)
    assert finished == ["jobs"]
