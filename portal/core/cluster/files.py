"""The configuration files of the private cluster, written at each start so that they follow the program."""

from pathlib import Path

from portal.core.cluster.account import Account
from portal.core.cluster.layout import PORT, Layout

SUPERUSER = "dbowner"
CLOSED = f"local all {SUPERUSER} peer map=madoguchi\n"
"""A pg_hba.conf that lets in nobody but the server's own account."""

_SETTINGS = """\
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
wal_compression = on
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
idle_in_transaction_session_timeout = '5min'
logging_collector = on
log_directory = '{log}'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_truncate_on_rotation = on
log_line_prefix = '%m [%p] %u '
fsync = {durable}
full_page_writes = {durable}
"""

_ARCHIVING = """\
archive_mode = on
archive_timeout = 60
archive_command = '{command}'
wal_keep_size = 256MB
"""


def configuration(
    layout: Layout, account: Account, user: str, *, durable: bool, archive_command: str = ""
) -> dict[str, str]:
    """Contents of the files by name. `user` is who runs the portal; the server's own account may also administer.

    durable: False gives up safety against power failure for speed, as tests want. Without archive_command nothing is archived.
    """
    archiving = _ARCHIVING.format(command=archive_command.replace("'", "''")) if archive_command else ""
    roles = dict.fromkeys([(user, "portal_app"), (user, "portal_owner"), (account.name, SUPERUSER)])
    return {
        "madoguchi.conf": _SETTINGS.format(
            port=PORT,
            socket=_quoted(layout.socket),
            log=_quoted(layout.log),
            durable="on" if durable else "off",
        )
        + archiving,
        "pg_hba.conf": f"local all all peer map=madoguchi\nlocal replication {SUPERUSER} peer map=madoguchi\n",
        "pg_ident.conf": "".join(f'madoguchi "{system}" {role}\n' for system, role in roles),
    }


def write(layout: Layout, account: Account, contents: dict[str, str]) -> None:
    """Write the files that differ, owned by the server's account."""
    for name, text in contents.items():
        path = layout.data / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            account.own_file(path)
    main = layout.data / "postgresql.conf"
    line = "include_if_exists = 'madoguchi.conf'\n"
    if line not in main.read_text(encoding="utf-8"):
        with main.open("a", encoding="utf-8") as file:
            file.write(line)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
