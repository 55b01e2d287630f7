"""Installations that each test has for itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forks import Forks
from tests.integration.cluster.hall import Hall
from tests.prepared import CLUSTER, begin_with


@pytest.fixture
def hall(tmp_path: Path, forks: Forks) -> Iterator[Hall]:
    made = Hall(tmp_path / "instance", forks)
    begin_with(CLUSTER, made.instance, forks)
    yield made
    made.cluster.destroy()
