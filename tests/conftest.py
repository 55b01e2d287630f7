"""Points every test at the tests' own instance before the portal is imported; how long Hypothesis looks for a counterexample;
which tests stay together.
"""

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.forks import Forks
from tests.instance import point_settings_here

point_settings_here()

# What a run imports and collects lives until its end: to look through all of it as often as usual is a tenth of its time.
gc.set_threshold(100_000, 50)

settings.register_profile(
    "madoguchi",
    max_examples=int(os.environ.get("TEST_EXAMPLES", "50")),
    deadline=None,  # a busy machine is no fault
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("madoguchi")


LONGEST = (
    *("browser", "judge", "integration/residents", "integration/cluster", "unit/forms", "integration/access"),
    *("integration/badinput", "integration/money", "integration/publishing", "integration/desk"),
    *("integration/payments", "integration/identity", "integration/geo", "unit/catalogue", "integration/cases"),
    "house",
)
"""Folders that take longest, the longest first: those that are left at the end shall be short, as one process waits for the other."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Called by pytest, in every process alike."""
    rank = {f"tests/{folder}": number for number, folder in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.nodeid.partition("::")[0].rpartition("/")[0], len(rank)))


def pytest_collection_finish() -> None:
    """Called by pytest: what was imported and collected is no garbage, neither now nor when pytest looks for some at the end."""
    gc.collect()
    gc.freeze()


class ByFolder(LoadScopeScheduling):
    """A folder's tests run in one process, so that a city, or a browser with all it needs, is set up once for the folder."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0].rpartition("/")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFolder:
    """Called by pytest-xdist."""
    return ByFolder(config, log)


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """Runs commands in fresh processes, see `Forks`."""
    with Forks() as running:
        yield running
