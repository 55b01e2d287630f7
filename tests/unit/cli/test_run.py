"""`madoguchi run` leaves the database as it was, and recognises one that a killed run left behind."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from portal.cli.run import _database


class Cluster:
    """A cluster that only runs or does not."""

    running = False

    def __init__(self, _instance: Path) -> None:
        pass

    def status(self) -> SimpleNamespace:
        return SimpleNamespace(running=Cluster.running)

    def down(self) -> None:
        Cluster.running = False


@pytest.fixture
def note(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr("portal.core.cluster.Cluster", Cluster)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(Cluster, "running", False)
    path = tmp_path / "run.lock"
    path.touch()
    return path


def test_it_stops_what_it_started(note: Path) -> None:
    with _database(note):
        Cluster.running = True
    assert not Cluster.running


def test_it_leaves_running_what_somebody_else_started(note: Path) -> None:
    Cluster.running = True
    with _database(note):
        pass
    assert Cluster.running


def test_what_a_killed_run_left_is_stopped_by_the_next(note: Path) -> None:
    killed = _database(note)
    killed.__enter__()
    Cluster.running = True
    with _database(note):
        pass
    assert not Cluster.running
    assert note.read_text(encoding="utf-8") == ""
