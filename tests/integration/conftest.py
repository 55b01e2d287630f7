"""Tests on real PostGIS: a session in a city that is rolled back, or a city whose rows are swept away afterwards."""

from collections.abc import Iterator
from functools import cache

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.instance import ready, scratch_city_alone
from tests.kit.definitions import definitions_once
from tests.kit.passwords import cheap_passwords


@pytest.fixture(scope="session", autouse=True)
def passwords() -> Iterator[None]:
    """See `cheap_passwords`."""
    with cheap_passwords():
        yield


@pytest.fixture(scope="session", autouse=True)
def pictures_once() -> Iterator[None]:
    """Every picture and PDF is opened by its program once: most tests send the same. What the program does is tested in tests/unit/files."""
    from portal.files import isolated_process, pdfs, pictures

    with pytest.MonkeyPatch.context() as patch:
        run_isolated = cache(isolated_process.run_isolated)
        for module in (pdfs, pictures):
            patch.setattr(module, "run_isolated", run_isolated)
        yield


@pytest.fixture(scope="session", autouse=True)
def definitions() -> Iterator[None]:
    """See `definitions_once`."""
    with definitions_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def database() -> None:
    """The cluster with three migrated cities."""
    ready()


@pytest.fixture(scope="session")
def app(database: None) -> Flask:
    """The whole portal."""
    from portal.app import create_app

    return create_app()


@pytest.fixture
def city_db() -> Iterator[Session]:
    """A session in 立川市 whose transaction is rolled back."""
    from portal.core.database import open_city_session

    with open_city_session("tachikawa") as session:
        yield session
        session.rollback()


@pytest.fixture
def scratch_city() -> Iterator[str]:
    """The key of a city (日野市) in which a test may commit, alone among all test processes; its rows are gone afterwards."""
    from tests.kit.sweep import sweep

    with scratch_city_alone():
        yield "hino"
        sweep("hino")
