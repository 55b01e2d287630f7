"""日野市 and 三鷹市 side by side, with all their records."""

from collections.abc import Iterator
from functools import partial

import pytest
from flask import Flask

from tests.integration.access.town import HERE, THERE, Town, settle
from tests.kit.browser import Browser
from tests.kit.city import inhabited


@pytest.fixture(scope="package")
def town(app: Flask) -> Iterator[Town]:
    """See `Town`."""
    with inhabited((HERE, THERE), ("road-occupancy", "dog-registration", "road-damage")):
        yield settle(partial(Browser, app))
