"""Work that goes from city to city: one city's failure does not affect the others."""

import logging
from types import SimpleNamespace

import pytest

from portal.core import rounds
from portal.core.errors import Unavailable


@pytest.fixture(autouse=True)
def three_cities(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "cities", lambda: [SimpleNamespace(key=key) for key in ("hino", "mitaka", "tachikawa")])


@pytest.mark.parametrize("trouble", [RuntimeError("broken"), OSError("full"), Unavailable("away")])
def test_the_others_get_their_turn(trouble: Exception, caplog: pytest.LogCaptureFixture) -> None:
    visited = []

    def work(key: str) -> None:
        visited.append(key)
        if key == "mitaka":
            raise trouble

    with caplog.at_level(logging.WARNING, "portal.jobs"):
        rounds.for_each_city(work)
    assert visited == ["hino", "mitaka", "tachikawa"]
    assert ["mitaka" in record.getMessage() for record in caplog.records] == [True]


def test_what_ends_the_process_ends_the_round() -> None:
    def work(_key: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rounds.for_each_city(work)
