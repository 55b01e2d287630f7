"""A city in which these tests may commit, without the jobs that they leave behind."""

from collections.abc import Iterator

import pytest

from tests.kit.jobs import forget_jobs


@pytest.fixture
def city(scratch_city: str) -> Iterator[str]:
    """The key of a city whose rows and jobs are gone afterwards."""
    yield scratch_city
    forget_jobs(scratch_city)
