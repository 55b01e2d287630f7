"""Tests on real PostGIS: a session in a city that is rolled back, or a city whose rows are swept away afterwards."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.instance import ready, scratch_city_alone
from tests.kit.passwords import cheap_passwords

T = TypeVar("T")


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
def definitions_once() -> Iterator[None]:
    """A text that is published again, in another test, is checked and compiled once. What the checks find is tested in tests/unit/forms."""
    from portal.procedures import actions

    with pytest.MonkeyPatch.context() as patch:
        for function in (actions.check, actions.load):
            patch.setattr(actions, function.__name__, _once(function))
        yield


def _once(function: Callable[..., T]) -> Callable[..., T]:
    """The same function, which keeps what it gave for the same arguments; nobody changes that."""
    kept: dict[str, T] = {}

    def call(*arguments: object, **more: object) -> T:
        key = repr((arguments, sorted(more.items())))
        if key not in kept:
            kept[key] = function(*arguments, **more)
        return kept[key]

    return call


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
