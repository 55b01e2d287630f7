"""`madoguchi scanner`: a virus scanner that knows a test signature only, so that uploads are scanned where clamd has no
signatures yet. It needs 16 MB; a real installation runs clamav-daemon with freshclam's signatures.
"""

import os
import shutil
from pathlib import Path

import click

from portal.core.cluster.sockets import socket_folder

SOCKET_NAME = "clamd.sock"
TEST_SIGNATURE = "Madoguchi.EICAR-Test:0:*:" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!".hex() + "\n"

_CONFIGURATION = """\
Foreground yes
LogFile {folder}/clamd.log
LocalSocket {socket}
LocalSocketMode 600
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}/temporary
StreamMaxLength 120M
AlertExceedsMax yes
AlertEncrypted yes
MaxThreads 4
"""


@click.command(short_help="Run a virus scanner with a test signature only.")
@click.option(
    "--socket", type=click.Path(path_type=Path), help="Unix socket to answer at (default: in the instance folder)."
)
def scanner(socket: Path | None) -> None:
    """Run clamd with one signature, the EICAR test file. For trying out; a city needs clamav-daemon with freshclam."""
    from portal.core.config import settings

    clamd = installed_clamd()
    if clamd is None:
        raise click.ClickException("clamd is not installed. Fix: apt-get install clamav-daemon")
    configuration = configure(settings().instance_path / "scanner", socket or own_socket(settings().instance_path))
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)  # clamd lists its limits there; what matters goes to the log file
    os.execv(clamd, [clamd, "--config-file", str(configuration)])  # noqa: S606 - no shell


def installed_clamd() -> str | None:
    """Path of the scanner's program."""
    return shutil.which("clamd", path="/usr/sbin:/usr/local/sbin:/usr/bin")


def own_socket(instance: Path) -> Path:
    """Where the scanner of an instance answers."""
    return socket_folder(instance / "scanner", SOCKET_NAME, os.geteuid()) / SOCKET_NAME


def configure(folder: Path, socket: Path) -> Path:
    """Write configuration and signature; the configuration's path. Removes the socket of a scanner that was killed."""
    for needed in (folder / "signatures", folder / "temporary", socket.parent):
        needed.mkdir(mode=0o700, parents=True, exist_ok=True)
    socket.unlink(missing_ok=True)
    (folder / "signatures" / "test.ndb").write_text(TEST_SIGNATURE, encoding="ascii")
    configuration = folder / "clamd.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder, socket=socket), encoding="utf-8")
    return configuration
