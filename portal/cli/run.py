"""`madoguchi run`: everything on one machine, in the foreground, for trying out: database, sandbox, worker, web."""

import fcntl
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from portal.cli.plain import plain_errors
from portal.cli.scanner import installed_clamd, own_socket
from portal.cli.supervisor import Child, Supervisor

MADOGUCHI = [sys.executable, "-m", "portal.cli"]
SYSTEM_SOCKET = Path("/run/clamav/clamd.ctl")
SANDBOX_OFFSET = 25
SMTP_OFFSET = 26


@click.command(short_help="Start everything on this machine, for trying out.")
@click.option(
    "--port", default=8000, show_default=True, help="Where the portal answers; the sandbox takes PORT+25 and +26."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
def run(port: int, host: str) -> None:
    """Start everything with the demo cities and the test sandbox, until Ctrl-C. Not for real residents: see docs/operate."""
    os.environ.update(_environment(port))  # before the settings are read

    from portal.core.cluster import Cluster
    from portal.core.config import settings

    with plain_errors(), _alone(settings().instance_path):
        for number in (port, port + SANDBOX_OFFSET, port + SMTP_OFFSET):
            _refuse_taken(host, number, port)
        cluster = None if settings().database_url else Cluster(settings().instance_path)
        ran_before = cluster is not None and cluster.status().running
        children = [*_scanner(settings().instance_path), *_children(port, host)]
        try:
            _prepare()
            failed = Supervisor(children).run(ready=lambda: _announce(port, host), port=port, host=host)
        finally:
            if cluster is not None and not ran_before:
                cluster.down()
    click.echo("Stopped.")
    sys.exit(1 if failed else 0)


def _environment(port: int) -> dict[str, str]:
    """Settings that join the parts to each other. What the operator set stays, but for the ports that `--port` decides."""
    chosen = {
        "MADOGUCHI_BASE_HOST": f"localhost:{port}",
        "MADOGUCHI_STRIPE_API_BASE": f"http://127.0.0.1:{port + SANDBOX_OFFSET}",
        "MADOGUCHI_SMTP_HOST": "127.0.0.1",
        "MADOGUCHI_SMTP_PORT": str(port + SMTP_OFFSET),
    }
    return {name: value for name, value in chosen.items() if name not in os.environ}


def _prepare() -> None:
    from portal.cli.demo import load_when_empty
    from portal.cli.init import bring_up_to_date

    click.echo("Preparing the database ...")
    load_when_empty(bring_up_to_date())


def _scanner(instance: Path) -> list[Child]:
    """A scanner of our own, unless the operator named one, the machine's runs, or there is no clamd."""
    if "MADOGUCHI_CLAMD_SOCKET" in os.environ or installed_clamd() is None:
        return []
    if SYSTEM_SOCKET.exists():
        os.environ["MADOGUCHI_CLAMD_SOCKET"] = str(SYSTEM_SOCKET)
        return []
    os.environ["MADOGUCHI_CLAMD_SOCKET"] = str(own_socket(instance))
    return [Child("scanner", [*MADOGUCHI, "scanner"], needed=False)]


def _children(port: int, host: str) -> list[Child]:
    sandbox_ports = ["--port", str(port + SANDBOX_OFFSET), "--smtp-port", str(port + SMTP_OFFSET)]
    return [
        Child("sandbox", [*MADOGUCHI, "sandbox", *sandbox_ports]),
        Child("worker", [*MADOGUCHI, "worker"]),
        Child("web", [*MADOGUCHI, "serve", "--bind", f"{host}:{port}"]),
    ]


def _announce(port: int, host: str) -> None:
    from portal.cli.demo import sign_ins
    from portal.core.tenancy import cities

    lines = ["", f"  Madoguchi            http://localhost:{port}"]
    lines += [f"  {one.name} ({one.key})".ljust(22) + one.origin for one in cities()]
    lines += [f"  Mail and payments    http://localhost:{port + SANDBOX_OFFSET}   (test sandbox)", ""]
    click.echo("\n".join(lines))
    click.echo(sign_ins())
    if host not in ("127.0.0.1", "localhost", "::1"):
        click.secho(f"  Listening on {host}: anybody in reach can sign in with the demo passwords.", fg="yellow")
    click.echo("  Ctrl-C stops everything.")


@contextmanager
def _alone(instance: Path) -> Iterator[None]:
    """One `run` for an instance folder; the lock goes with the process, however it ends."""
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (instance / "run.lock").open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(
                f"Madoguchi already runs from {instance}. Stop it with Ctrl-C where it was started."
            ) from None
        yield


def _refuse_taken(host: str, number: int, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError as error:
            raise click.ClickException(
                f"Port {number} cannot be used: {error.strerror}. "
                f"Stop the program that holds it, or choose another with --port, for example --port {port + 100}."
            ) from error
