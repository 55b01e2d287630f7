"""`madoguchi serve`: the web processes, under gunicorn."""

import os
import runpy
import sys

import click

WORKERS = 2
THREADS = 8
RENEWED_AFTER = 20_000
"""Requests after which a process gives its memory back, up to half as many again."""


@click.command(short_help="Serve the portal's pages.")
@click.option(
    "--side", type=click.Choice(["resident", "staff", "both"]), help="Which pages to serve (default: the setting)."
)
@click.option(
    "--bind",
    default="127.0.0.1:8000",
    show_default=True,
    help="ADDRESS:PORT or unix:PATH; may be a container's 0.0.0.0.",
)
@click.option("--workers", default=WORKERS, show_default=True, help="Processes; about one for each processor core.")
@click.option(
    "--threads", default=THREADS, show_default=True, help="Threads in each process, each with a database connection."
)
def serve(side: str | None, bind: str, workers: int, threads: int) -> None:
    """Serve the portal. Put a reverse proxy in front that ends TLS and buffers slow clients.

    A socket that systemd holds and hands over (`LISTEN_FDS`) takes the place of --bind.
    """
    if side:
        os.environ["MADOGUCHI_SIDE"] = side
    os.environ["MADOGUCHI_DATABASE_POOL"] = str(threads)
    from portal.cli.fitting_keys import refuse_unfitting_keys
    from portal.cli.plain import plain_errors
    from portal.cli.safe_accounts import refuse_unsafe_accounts
    from portal.core.database import close_connections

    with plain_errors():
        refuse_unfitting_keys()
        refuse_unsafe_accounts()
    close_connections()
    sys.argv = ["gunicorn", *gunicorn_arguments(bind, workers, threads)]
    # In this process, which has read half of the portal for the checks already.
    runpy.run_module("gunicorn", run_name="__main__", alter_sys=True)


def gunicorn_arguments(bind: str, workers: int, threads: int) -> list[str]:
    """What gunicorn is started with: threads, because views wait for the database; processes are renewed now and then.

    The application and what cities publish are loaded before the processes part (`--preload`), so a renewed one serves at once and no
    request waits for its start.

    X-Forwarded-… is left to the portal, which counts its proxies (`MADOGUCHI_TRUSTED_PROXIES`); gunicorn trusts none.
    """
    options = {
        "--bind": bind,
        "--worker-class": "gthread",
        "--workers": str(workers),
        "--threads": str(threads),
        "--timeout": "60",
        "--graceful-timeout": "30",
        "--keep-alive": "15",
        "--max-requests": str(RENEWED_AFTER),
        "--max-requests-jitter": str(RENEWED_AFTER // 2),  # never all at once
        "--forwarded-allow-ips": "",
        "--worker-tmp-dir": _memory_folder(),
        "--logger-class": "portal.core.gunicorn_log.PortalLogger",
        "--log-level": "error",  # its warnings quote what broken clients sent; requests are logged by the portal
    }
    flat = [argument for pair in options.items() for argument in pair]
    return [*flat, "--preload", "--no-control-socket", "portal.wsgi:app"]


def _memory_folder() -> str:
    """Where workers show that they live: in memory, because a slow disk would look like a stuck worker."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"  # noqa: S108 - gunicorn makes private files there
