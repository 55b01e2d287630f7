"""Who may connect to the private cluster, and where its files and sockets are."""

import os
from pathlib import Path

import pytest

from portal.core.cluster.account import Account
from portal.core.cluster.errors import ClusterError
from portal.core.cluster.files import configuration
from portal.core.cluster.layout import SOCKET_NAME, Layout, layout_of, make_folders
from portal.core.cluster.sockets import MAX_SOCKET_PATH

ME = Account("hanako", os.geteuid(), os.getegid())
SYSTEM = Account("madoguchi-db", os.geteuid() + 1, os.getegid() + 1)
LAYOUT = Layout(Path("/srv/it's here"), Path("/srv/it's here/socket"), Path("/srv/it's there"))


def test_only_the_named_user_may_connect_and_never_as_superuser() -> None:
    files = configuration(LAYOUT, SYSTEM, "hanako", durable=True)
    assert files["pg_hba.conf"].splitlines() == [
        "local all all peer map=madoguchi",
        "local replication dbowner peer map=madoguchi",
    ]
    assert files["pg_ident.conf"].splitlines() == [
        'madoguchi "hanako" portal_app',
        'madoguchi "hanako" portal_owner',
        'madoguchi "madoguchi-db" dbowner',
    ]


def test_paths_with_an_apostrophe_are_written_so_that_postgres_reads_them() -> None:
    assert (
        "unix_socket_directories = '/srv/it''s here/socket'"
        in configuration(LAYOUT, ME, "hanako", durable=True)["madoguchi.conf"]
    )


def test_nothing_but_tests_gives_up_durability() -> None:
    assert "fsync = on" in configuration(LAYOUT, ME, "hanako", durable=True)["madoguchi.conf"]


def test_an_archive_command_is_quoted_and_none_means_no_archive() -> None:
    archived = configuration(LAYOUT, ME, "hanako", durable=True, archive_command="store 'it' \"%p\"")["madoguchi.conf"]
    assert "archive_mode = on" in archived
    assert "archive_command = 'store ''it'' \"%p\"'" in archived
    assert "archive_mode" not in configuration(LAYOUT, ME, "hanako", durable=False)["madoguchi.conf"]


def test_a_users_cluster_is_in_the_instance_folder() -> None:
    assert layout_of(Path("/home/hanako/portal/instance"), ME).data == Path(
        "/home/hanako/portal/instance/database/data"
    )


def test_roots_cluster_is_where_its_account_can_reach_it() -> None:
    layout = layout_of(Path("/root/portal/instance"), SYSTEM)
    other_layout = layout_of(Path("/root/second/instance"), SYSTEM)
    assert layout.home.parent == Path("/var/lib/madoguchi")
    assert layout.home != other_layout.home


def test_a_deep_instance_folder_still_gets_a_socket_the_kernel_takes() -> None:
    deep = Path("/home/hanako") / ("とても深い場所/" * 10) / "instance"
    socket = layout_of(deep, ME).socket / SOCKET_NAME
    assert len(os.fsencode(socket)) <= MAX_SOCKET_PATH


def test_a_folder_that_somebody_else_owns_is_refused(tmp_path: Path) -> None:
    planted = tmp_path / "socket"
    planted.symlink_to(tmp_path)
    with pytest.raises(ClusterError, match="another user"):
        make_folders(Layout(tmp_path / "home", planted, tmp_path / "archive"), ME)
