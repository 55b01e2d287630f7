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
from portal.cli.sandbox import require_sandbox
from portal.cli.scanner import installed_clamd, own_socket
from portal.cli.supervisor import Child, ChildEnded, Stopped, Supervisor, page_answers

MADOGUCHI = [sys.executable, "-m", "portal.cli"]
LOOPBACK = "127.0.0.1"
SYSTEM_SCANNER = Path("/run/clamav/clamd.ctl")
SANDBOX_OFFSET = 25
SMTP_OFFSET = 26


@click.command(short_help="Start everything on this machine, for trying out.")
@click.option("--port", default=8000, show_default=True, help="The portal's port; the sandbox takes PORT+25 and +26.")
@click.option("--host", default=LOOPBACK, show_default=True, help="Address on which the portal listens.")
def run(port: int, host: str) -> None:
    """Start everything with the demo cities and the test sandbox, until Ctrl-C.

    Not for real residents: see docs/operate for that.
    """
    require_sandbox()
    os.environ.update(_environment(port))  # before the settings are read

    from portal.core.config import settings

    with plain_errors(), _alone(settings().instance_path):
        for address, number in ((host, port), (LOOPBACK, port + SANDBOX_OFFSET), (LOOPBACK, port + SMTP_OFFSET)):
            _refuse_taken(address, number, port)
        with _database(settings().instance_path / "run.lock"):
            failed = _run(host, port)
    click.echo("Stopped.")
    sys.exit(1 if failed else 0)


def _run(host: str, port: int) -> bool:
    """Start the parts in the order in which they need each other; True when one of them failed."""
    try:
        with Supervisor() as supervisor:
            for child in _services(port):
                supervisor.start(child)
            supervisor.wait_until(lambda: page_answers(LOOPBACK, port + SANDBOX_OFFSET, "/"), "The sandbox")
            _prepare()
            supervisor.start(Child("worker", [*MADOGUCHI, "worker"], restarts=True))
            supervisor.start(Child("web", [*MADOGUCHI, "serve", "--bind", f"{host}:{port}"], restarts=True))
            supervisor.wait_until(lambda: page_answers(host, port, "/healthz"), "The portal")
            _announce(port, host)
            supervisor.watch(_tend_database)
    except Stopped:
        return False
    except ChildEnded as error:
        click.echo(f"{error} Everything is stopped.", err=True)
    return True


def _tend_database() -> None:
    """Start the private cluster again after it was killed; when that fails, it is said and tried again."""
    from portal.core.cluster import ClusterError
    from portal.core.database import ensure_running

    try:
        ensure_running()
    except ClusterError as error:
        click.echo(f"The database cannot be started: {error}", err=True)


def _environment(port: int) -> dict[str, str]:
    """Settings that join the parts to each other. What the operator set himself stays."""
    chosen = {
        "MADOGUCHI_BASE_HOST": f"localhost:{port}",
        "MADOGUCHI_STRIPE_API_BASE": f"http://{LOOPBACK}:{port + SANDBOX_OFFSET}",
        "MADOGUCHI_SMTP_HOST": LOOPBACK,
        "MADOGUCHI_SMTP_PORT": str(port + SMTP_OFFSET),
        "MADOGUCHI_LOG_LEVEL": "warning",  # the terminal keeps showing the sign-ins
    }
    return {name: value for name, value in chosen.items() if name not in os.environ}


def _services(port: int) -> list[Child]:
    """The stand-ins for services of others."""
    ports = ["--port", str(port + SANDBOX_OFFSET), "--smtp-port", str(port + SMTP_OFFSET)]
    return [*_scanner(), Child("sandbox", [*MADOGUCHI, "sandbox", *ports])]


def _scanner() -> list[Child]:
    """A scanner of our own, unless the operator named one, the machine's runs, or there is no clamd."""
    from portal.core.config import settings

    if "MADOGUCHI_CLAMD_SOCKET" in os.environ or installed_clamd() is None:
        return []
    if SYSTEM_SCANNER.exists():
        os.environ["MADOGUCHI_CLAMD_SOCKET"] = str(SYSTEM_SCANNER)
        return []
    os.environ["MADOGUCHI_CLAMD_SOCKET"] = str(own_socket(settings().instance_path))
    return [Child("scanner", [*MADOGUCHI, "scanner"], needed=False)]


def _prepare() -> None:
    from portal.cli.demo import load_when_empty
    from portal.cli.init import bring_up_to_date

    click.echo("Preparing the database ...")
    load_when_empty(bring_up_to_date())


def _announce(port: int, host: str) -> None:
    from portal.cli.demo import sign_ins
    from portal.core.tenancy import cities

    places = [("Madoguchi", f"http://localhost:{port}"), *((city.key, city.origin) for city in cities())]
    places.append(("mail, payments", f"http://{LOOPBACK}:{port + SANDBOX_OFFSET}  (test sandbox)"))
    click.echo("\n" + "\n".join(f"  {name:<16}{address}" for name, address in places) + "\n")
    click.echo(sign_ins())
    if host not in (LOOPBACK, "localhost", "::1"):
        click.secho(f"\n  Listening on {host}: anybody in reach can sign in with the demo passwords.", fg="yellow")
    click.echo("\n  Ctrl-C stops everything.")


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


@contextmanager
def _database(note: Path) -> Iterator[None]:
    """Leave the private cluster as it was: stopped, unless it ran before.

    `note` holds a word while a `run` has the cluster going, so that the one after a killed one knows it for its own.
    """
    from portal.core.cluster import Cluster
    from portal.core.config import settings

    cluster = None if settings().database_url else Cluster(settings().instance_path)
    if cluster is None or (cluster.status().running and not note.read_text(encoding="utf-8")):
        yield
        return
    note.write_text("database\n", encoding="utf-8")
    try:
        yield
    finally:
        cluster.down()
        note.write_text("", encoding="utf-8")


def _refuse_taken(host: str, number: int, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError as error:
            raise click.ClickException(
                f"Port {number} cannot be used: {error.strerror}. "
                f"Stop the program that holds it, or choose others, for example --port {port + 100}."
            ) from error
