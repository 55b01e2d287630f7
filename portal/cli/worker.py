"""`madoguchi worker`: carries out the jobs that requests left in the database (mail, documents, payment look-ups)."""

import asyncio
import pkgutil
from importlib import import_module
from importlib.util import find_spec

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
    from portal.core.jobs import worker_app

    register_tasks()
    with worker_app() as app:
        async with app.open_async():
            await app.run_worker_async(concurrency=concurrency, shutdown_graceful_timeout=25)


def register_tasks() -> list[str]:
    """Import `jobs.py` of every capability, which registers its tasks; the names of those modules."""
    import portal

    names = [f"{package.name}.jobs" for package in pkgutil.iter_modules(portal.__path__, "portal.") if package.ispkg]
    found = [name for name in names if find_spec(name)]
    for name in found:
        import_module(name)
    return found
