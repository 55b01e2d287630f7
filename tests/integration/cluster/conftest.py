"""Installations that each test creates for itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forks import Forks
from tests.integration.cluster.hall import Hall


@pytest.fixture
def hall(tmp_path: Path, forks: Forks) -> Iterator[Hall]:
    made = Hall(tmp_path / "instance", forks)
    yield made
    made.cluster.destroy()
