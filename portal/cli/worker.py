"""`madoguchi worker`: carries out the jobs that requests left in the database (mail, documents, payment look-ups)."""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress

import click

from portal.cli.fitting_keys import refuse_unfitting_keys
from portal.cli.plain import plain_errors
from portal.cli.safe_accounts import refuse_unsafe_accounts

log = logging.getLogger("portal.jobs")
FIRST_PAUSE, MAX_PAUSE = 0.5, 30.0
STEADY = 60.0
"""Seconds of work after which the next loss counts as the first again."""


@click.command(short_help="Run background jobs until stopped.")
@click.option("--concurrency", default=4, show_default=True, help="Jobs at a time.")
def worker(concurrency: int) -> None:
    """Run background jobs until stopped; a running job is finished first. While the database is away it waits for it."""
    from portal.core import logs

    with plain_errors():
        from portal.backup.actions import JobsHeld, refuse_held

        try:
            refuse_held()
        except JobsHeld as error:
            raise click.ClickException(str(error)) from error
        logs.configure("worker")
        refuse_unfitting_keys()
        refuse_unsafe_accounts()
        asyncio.run(_work(concurrency))


async def _work(concurrency: int) -> None:
    from portal import wiring

    wiring.connect()
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    await keep_working(lambda: _run(concurrency), stopped)


async def _run(concurrency: int) -> None:
    """Work until cancelled, which lets running jobs finish, or until the database goes away."""
    from portal.backup.actions import refuse_held
    from portal.core.jobs import worker_app

    with worker_app() as app:
        refuse_held()  # the database may have been restored since this process began
        async with app.open_async():
            await app.run_worker_async(
                concurrency=concurrency, shutdown_graceful_timeout=25, install_signal_handlers=False
            )


async def keep_working(run: Callable[[], Coroutine[None, None, None]], stopped: asyncio.Event) -> None:
    """Carry out `run` until `stopped` is set: when it ends before, for want of the database or otherwise, begin it again after a pause.

    The pause grows to half a minute. Jobs that were running when the database went are given out again once their heartbeat is missed.
    """
    pause, loop = FIRST_PAUSE, asyncio.get_running_loop()
    while not stopped.is_set():
        began = loop.time()
        work, stop_requested = asyncio.create_task(run()), asyncio.create_task(stopped.wait())
        await asyncio.wait({work, stop_requested}, return_when=asyncio.FIRST_COMPLETED)
        stop_requested.cancel()
        if stopped.is_set():
            work.cancel()
        try:
            await work
            reason = "it ended unexpectedly"
        except asyncio.CancelledError:
            return
        except Exception as error:
            reason = type(error).__name__
        if stopped.is_set():
            return
        pause = FIRST_PAUSE if loop.time() - began > STEADY else min(pause * 2, MAX_PAUSE)
        log.warning("the worker lost the database (%s) and begins again", reason)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), pause)
