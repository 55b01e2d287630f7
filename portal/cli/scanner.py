"""The virus scanner of `madoguchi run`: the machine's own clamd when it runs, else one of ours with a test signature only.

A real installation uses clamd with freshclam's signatures; this one shows that uploads are scanned, and needs 16 MB.
"""

import os
import shutil
from pathlib import Path

from portal.cli.supervisor import Child
from portal.core.cluster.sockets import socket_folder

SYSTEM_SOCKET = Path("/run/clamav/clamd.ctl")
SOCKET_NAME = "clamd.sock"
TEST_SIGNATURE = "Madoguchi.EICAR-Test:0:*:" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!".hex() + "\n"

_CONFIGURATION = """\
Foreground yes
LocalSocket {socket}
LocalSocketMode 600
DatabaseDirectory {signatures}
TemporaryDirectory {temporary}
StreamMaxLength 120M
AlertExceedsMax yes
AlertEncrypted yes
MaxThreads 4
"""


def scanner(instance: Path) -> tuple[str, Child | None]:
    """The socket to ask, and the program to run for it. An empty socket: there is no clamd, uploads wait unscanned."""
    if SYSTEM_SOCKET.exists():
        return str(SYSTEM_SOCKET), None
    clamd = shutil.which("clamd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if clamd is None:
        return "", None
    folder = instance / "scanner"
    sockets = socket_folder(folder, SOCKET_NAME, os.geteuid())
    for one in (folder, folder / "signatures", folder / "temporary", sockets):
        one.mkdir(mode=0o700, parents=True, exist_ok=True)
    (sockets / SOCKET_NAME).unlink(missing_ok=True)
    (folder / "signatures" / "test.ndb").write_text(TEST_SIGNATURE, encoding="ascii")
    configuration = folder / "clamd.conf"
    configuration.write_text(
        _CONFIGURATION.format(
            socket=sockets / SOCKET_NAME, signatures=folder / "signatures", temporary=folder / "temporary"
        ),
        encoding="utf-8",
    )
    return str(sockets / SOCKET_NAME), Child("scanner", [clamd, "--config-file", str(configuration)], needed=False)
