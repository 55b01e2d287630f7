"""日野市 with every demo procedure, a resident, and an officer who may do everything at every office."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.database import city_session
from portal.demo.cities import DEPARTMENTS
from portal.identity.resident_accounts import sign_in_account
from portal.identity.rights import ROLES
from tests.kit.answers import occupancy
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue
from tests.kit.city import begin, hire, inhabited, send

CITY = "hino"
EMAIL = "misaki@example.jp"


@pytest.fixture(scope="package")
def city(app: Flask) -> Iterator[str]:
    """See above; swept at the end."""
    with inhabited([CITY], catalogue()):
        yield CITY


def _odd(browser: Browser) -> Browser:
    browser.odd = True
    return browser


@pytest.fixture(scope="package")
def resident(app: Flask, city: str) -> Browser:
    """Somebody signed in."""
    return _odd(Browser(app, CITY, "192.0.2.50").sign_in(EMAIL))


@pytest.fixture(scope="package")
def officer(app: Flask, city: str) -> Browser:
    """Staff with every role at every office."""
    hire(CITY, "officer@example.jp", {key: set(ROLES) for key in DEPARTMENTS})
    return _odd(Browser(app, CITY, "192.0.2.51").sign_in_at_desk("officer@example.jp"))


@pytest.fixture(scope="package")
def case_id(resident: Browser) -> int:
    """A case that occupies a road."""
    with city_session(CITY) as session:
        return send(session, begin(session, "road-occupancy", occupancy(1), account_id(session))).id


def account_id(session: object) -> int:
    """The resident's account."""
    return sign_in_account(session, EMAIL, "ja")


def draft_of(key: str, answers: dict[str, object] | None = None) -> str:
    """The public id of a new draft of the resident."""
    with city_session(CITY) as session:
        return begin(session, key, answers or {}, account_id(session)).public_id


def answers_of(public_id: str) -> dict[str, object]:
    """The saved answers of a draft."""
    from portal.cases.drafts import answers_of as opened
    from portal.cases.models import Draft

    with city_session(CITY) as session:
        draft = session.scalar(select(Draft).where(Draft.public_id == public_id))
        assert draft is not None
        return opened(session, draft)
