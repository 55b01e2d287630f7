"""The sign-in pages of a city, browsers, and a clerk with her authenticator key."""

from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace

import pyotp
import pytest
from flask import Flask

from tests.kit.browser import Browser
from tests.kit.people import PASSWORD, SECRET

HOST = "hino.localhost"
ADDRESS = "192.0.2.1"
"""The default network address of browsers here; requests of one address are limited."""


@pytest.fixture(scope="package")
def doors() -> Flask:
    """The portal with its two doors and one page behind each."""
    import portal.app
    from portal.core.access import RESIDENT, STAFF, allow

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(portal.app, "CAPABILITIES", ("portal.identity.views", "portal.identity.staff_views"))
        app = portal.app.create_app()
    app.add_url_rule("/me", "me", allow(RESIDENT)(lambda: "わたしの手続き"))
    app.add_url_rule("/desk", "desk", allow(STAFF)(lambda: "案件の一覧"))
    return app


@pytest.fixture
def browser(doors: Flask, scratch_city: str) -> Browser:
    return Browser(doors, address=ADDRESS)


@pytest.fixture
def other_browser(doors: Flask, scratch_city: str) -> Browser:
    return Browser(doors, address="198.51.100.7")


@pytest.fixture
def clerk(scratch_city: str) -> Iterator[SimpleNamespace]:
    """A clerk of the roads office, with what she knows and holds."""
    from portal.core.database import city_session
    from portal.identity.actions import create_staff
    from portal.identity.models import Department

    with city_session(scratch_city) as session:
        roads = Department(key="roads", title={"ja": "道路課"}, sort=0)
        session.add(roads)
        session.flush()
        staff, _uri = create_staff(
            session, "Hanae@city.example.jp", "高橋 花江", PASSWORD, {roads.id: {"clerk"}}, totp_secret=SECRET
        )
    return SimpleNamespace(id=staff.id, email="hanae@city.example.jp", city=scratch_city, department=roads.id)


def code_at(moment: datetime) -> str:
    """The code in the clerk's authenticator app at a moment."""
    return pyotp.TOTP(SECRET).at(moment)
