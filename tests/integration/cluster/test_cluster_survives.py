"""The private cluster comes up from whatever a crash, a reboot or an impatient operator left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from portal.core.cluster import Cluster
from portal.core.cluster.process import running_pid

UP = "import sys, pathlib; from portal.core.cluster import Cluster; Cluster(pathlib.Path(sys.argv[1]), durable=False).up()"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("instance"), durable=False)
    cluster.up()
    yield cluster
    cluster.destroy()


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    parts = urlsplit(url)
    return psycopg.connect(
        host=parse_qs(parts.query)["host"][0], user=(parts.username or ""), dbname=parts.path[1:], autocommit=True
    )


def write_row(cluster: Cluster) -> None:
    with connect(cluster.urls.owner_url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS public.proof (n int)")
        connection.execute("INSERT INTO public.proof VALUES (1)")


def rows(cluster: Cluster) -> object:
    with connect(cluster.urls.owner_url) as connection:
        row = connection.execute("SELECT count(*) FROM public.proof").fetchone()
        return row and row[0]


def pid_of(cluster: Cluster) -> int:
    pid = cluster.status().pid
    assert pid is not None
    return pid


def wait_gone(pid: int) -> None:
    while True:
        try:
            if (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except OSError:
            return
        time.sleep(0.01)


def test_up_is_safe_to_repeat_and_keeps_the_server(cluster: Cluster) -> None:
    before = pid_of(cluster)
    assert cluster.up() == cluster.urls
    assert pid_of(cluster) == before


def test_both_logins_have_no_more_rights_than_they_need(cluster: Cluster) -> None:
    with connect(cluster.urls.owner_url) as connection:
        rights = connection.execute(
            "SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles "
            "WHERE rolname LIKE 'portal%' ORDER BY 1"
        ).fetchall()
    assert rights == [
        ("portal_app", False, False, False, False, False),
        ("portal_owner", False, True, True, False, False),
    ]


def test_the_serving_login_may_create_nothing(cluster: Cluster) -> None:
    with (
        connect(cluster.urls.app_url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE public.mine (n int)")


def test_postgis_and_exclusion_indexes_are_there(cluster: Cluster) -> None:
    with connect(cluster.urls.app_url) as connection:
        extensions = connection.execute("SELECT extname FROM pg_extension ORDER BY 1").fetchall()
    assert [name for (name,) in extensions] == ["btree_gist", "plpgsql", "postgis"]


def test_nothing_listens_on_the_network(cluster: Cluster) -> None:
    with connect(cluster.urls.app_url) as connection:
        row = connection.execute("SELECT current_setting('listen_addresses')").fetchone()
    assert row == ("",)


def test_the_folders_are_closed_to_other_users(cluster: Cluster) -> None:
    for folder in (cluster.folder, cluster.status().data, cluster.status().socket):
        assert folder.stat().st_mode & 0o077 == 0, folder


def test_rows_outlive_a_killed_server(cluster: Cluster) -> None:
    write_row(cluster)
    before = rows(cluster)
    pid = pid_of(cluster)
    os.kill(pid, signal.SIGKILL)
    wait_gone(pid)
    assert not cluster.status().running
    cluster.up()
    assert rows(cluster) == before


def test_the_next_user_starts_a_killed_server_again(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.core import database

    own = database.settings().model_copy(update={"database_url": ""})
    monkeypatch.setattr(database, "settings", lambda: own)
    monkeypatch.setattr(database, "Cluster", lambda _instance, **_options: cluster)
    write_row(cluster)
    before, pid = rows(cluster), pid_of(cluster)
    database.ensure_running()
    assert pid_of(cluster) == pid
    os.kill(pid, signal.SIGKILL)
    wait_gone(pid)
    database.ensure_running()
    assert pid_of(cluster) != pid
    assert rows(cluster) == before


def test_a_process_number_that_now_belongs_to_somebody_else_is_not_believed(cluster: Cluster) -> None:
    write_row(cluster)
    pid = pid_of(cluster)
    os.kill(pid, signal.SIGKILL)
    wait_gone(pid)
    lock = cluster.status().data / "postmaster.pid"
    lines = lock.read_text().splitlines()
    lock.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert running_pid(cluster.status().data) is None
    cluster.up()
    assert pid_of(cluster) != os.getpid()
    assert rows(cluster)


def test_a_socket_folder_that_was_swept_away_comes_back(cluster: Cluster) -> None:
    for file in cluster.status().socket.iterdir():
        file.unlink()
    cluster.up()
    assert rows(cluster) is not None


def test_four_at_once_agree_on_one_server(cluster: Cluster) -> None:
    cluster.down()
    started = [subprocess.Popen([sys.executable, "-c", UP, str(cluster.instance)]) for _ in range(4)]
    assert [process.wait(timeout=180) for process in started] == [0, 0, 0, 0]
    assert cluster.status().running


@pytest.mark.parametrize("after_seconds", [0.15, 0.45])
def test_killed_while_it_is_made_the_next_up_starts_over(tmp_path: Path, after_seconds: float) -> None:
    first = subprocess.Popen([sys.executable, "-c", UP, str(tmp_path)])
    time.sleep(after_seconds)
    first.kill()
    first.wait()
    cluster = Cluster(tmp_path, durable=False)
    try:
        cluster.up()
        with connect(cluster.urls.app_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        cluster.destroy()
    assert not cluster.folder.exists()
