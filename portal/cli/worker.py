"""`madoguchi worker`: carries out the jobs that requests left in the database (mail, documents, payment look-ups)."""

import asyncio

import click

from portal.cli.plain import plain_errors


@click.command(short_help="Run background jobs until stopped.")
@click.option("--concurrency", default=4, show_default=True, help="Jobs at a time.")
def worker(concurrency: int) -> None:
    """Run background jobs until stopped; a running job is finished first."""
    from portal.core import logs

    with plain_errors():
        logs.configure("worker")
        asyncio.run(_work(concurrency))


async def _work(concurrency: int) -> None:
    from portal import wiring
    from portal.core.jobs import worker_app

    wiring.connect()
    with worker_app() as app:
        async with app.open_async():
            await app.run_worker_async(concurrency=concurrency, shutdown_graceful_timeout=25)
