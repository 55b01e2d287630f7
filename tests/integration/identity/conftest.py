"""A city's doors as browsers see them: pages, forms with their tokens, cookies, and the mails that come."""

import re
from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

HOST = "hino.localhost"
PASSWORD = "川沿いの道を歩く 8km"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture(scope="package")
def doors() -> Flask:
    """The portal with its two doors and one page behind each."""
    import portal.app
    from portal.core.access import RESIDENT, STAFF, allow

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(portal.app, "CAPABILITIES", ("portal.identity.views", "portal.identity.staff_views"))
        app = portal.app.create_app()
    app.add_url_rule("/me", "me", allow(RESIDENT)(lambda: "わたしの申請"))
    app.add_url_rule("/desk", "desk", allow(STAFF)(lambda: "案件の一覧"))
    return app


class Browser:
    """One browser: it keeps cookies, sends the token of the form it was shown, and does not follow redirects."""

    def __init__(self, client: FlaskClient, address: str = "192.0.2.1") -> None:
        self.client = client
        self.address = address

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, base_url=f"http://{HOST}", environ_base={"REMOTE_ADDR": self.address})

    def post(self, path: str, page: str | None = None, **fields: str) -> TestResponse:
        """Send the form found on `page` (by default the page of the same path)."""
        token = _TOKEN.search(self.get(page or path).text)
        return self.client.post(
            path,
            base_url=f"http://{HOST}",
            environ_base={"REMOTE_ADDR": self.address},
            data={"csrf_token": token[1] if token else "", **fields},
        )

    @property
    def cookie(self) -> str:
        kept = self.client.get_cookie("madoguchi", domain=HOST)
        return kept.value if kept else ""

    @cookie.setter
    def cookie(self, value: str) -> None:
        self.client.set_cookie("madoguchi", value, domain=HOST)


@pytest.fixture
def browser(doors: Flask, scratch_city: str) -> Browser:
    return Browser(doors.test_client())


@pytest.fixture
def other_browser(doors: Flask, scratch_city: str) -> Browser:
    return Browser(doors.test_client(), "198.51.100.7")


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
    """What the clerk's authenticator app shows at a moment."""
    return pyotp.TOTP(SECRET).at(moment)


def mails(city: str) -> list[dict[str, str]]:
    """Every mail written in a city, oldest first."""
    from portal.core.database import city_session
    from portal.notifications.letters import Letter
    from portal.notifications.models import MailMessage

    with city_session(city) as session:
        rows = session.scalars(select(MailMessage).order_by(MailMessage.id)).all()
        return [vars(Letter.opened(city, row.kind, row.sealed)) for row in rows]
