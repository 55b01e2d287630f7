"""Points every test at the tests' own instance before the portal is imported; how long Hypothesis looks for a counterexample;
which tests stay together.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.instance import point_settings_here

point_settings_here()

settings.register_profile(
    "madoguchi",
    max_examples=int(os.environ.get("TEST_EXAMPLES", "50")),
    deadline=None,  # a busy machine is no fault
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("madoguchi")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A folder's tests run in one process, so that a city, or a browser with all it needs, is set up once for the folder."""
    for item in items:
        folder = item.path.parent.relative_to(Path(__file__).parent)
        item.add_marker(pytest.mark.xdist_group(folder.as_posix()))
