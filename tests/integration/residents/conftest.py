"""A city open for residents: every demo procedure published, the demo layers in place, and browsers."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue
from tests.kit.city import inhabited

CITY = "hino"
HOST = "hino.localhost"


@pytest.fixture(scope="package")
def open_city(database: None) -> Iterator[str]:
    """日野市 with all demo procedures; swept when this package's tests are over."""
    with inhabited([CITY], catalogue()):
        yield CITY


@pytest.fixture
def browser(app: Flask, open_city: str) -> Browser:
    return Browser(app)


@pytest.fixture
def other_browser(app: Flask, open_city: str) -> Browser:
    return Browser(app)


@pytest.fixture
def page(browser: Browser) -> str:
    """The page of the 罹災証明 that asks for four photos."""
    address = browser.start("disaster-certificate").rpartition("/")[0] + "/extent"
    browser.get(address)
    return address


@pytest.fixture
def report(browser: Browser) -> str:
    """The page of a damaged road, which takes four photos at most."""
    address = browser.start("road-damage").rpartition("/")[0] + "/where"
    browser.get(address)
    return address
