"""Browsers for tests on a whole city: residents who come by mailed code, staff with password and authenticator, and those who do neither."""

import re
from collections.abc import Mapping
from typing import Any

import pyotp
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core.clock import now
from portal.core.database import city_session
from portal.notifications.letters import Letter
from portal.notifications.models import MailMessage

PASSWORD = "川沿いの道を歩く 8km"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_COOKIE = "madoguchi"


def agreement(page: str) -> dict[str, str]:
    """What the tick of a review page sends: that this content is right."""
    tick = re.search(r'name="agreed"[^>]* value="([^"]+)"', page)
    return {"agreed": tick[1]} if tick else {}


class Visitor:
    """One browser on one city's host: keeps its cookie, sends the token it was last shown, does not follow redirects."""

    def __init__(self, app: Flask, city: str, address: str = "192.0.2.1") -> None:
        self.client = app.test_client()
        self.city = city
        self.address = address
        self.token = ""

    @property
    def host(self) -> str:
        return f"{self.city}.localhost"

    @property
    def cookie(self) -> str:
        """The token of the visit."""
        kept = self.client.get_cookie(_COOKIE, domain=self.host)
        return kept.value if kept else ""

    def carry(self, cookie: str) -> None:
        """Send this token from now on, wherever it comes from."""
        self.client.set_cookie(_COOKIE, cookie, domain=self.host)

    def copy(self) -> "Visitor":
        """The same browser once more, for a thread of its own: another window of the same visit."""
        window = Visitor(self.client.application, self.city, self.address)
        window.carry(self.cookie)
        window.token = self.token
        return window

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, data: Mapping[str, Any] | None = None, **headers: str) -> TestResponse:
        """Send a form with the token of this visit."""
        return self.send("POST", path, data={"csrf_token": self.token, **(data or {})}, headers=headers)

    def send(self, method: str, path: str, **more: Any) -> TestResponse:
        """Any request. Header names may be written with underscores."""
        more["headers"] = {name.replace("_", "-"): value for name, value in more.get("headers", {}).items()}
        more.setdefault("base_url", f"http://{self.host}")
        if method == "POST" and "content_type" not in more:
            more["content_type"] = "multipart/form-data"
        answer = self.client.open(path, method=method, environ_base={"REMOTE_ADDR": self.address}, **more)
        answer.request.environ["wsgi.input"].close()  # a large form is a temporary file
        if answer.mimetype == "text/html" and (found := _TOKEN.search(answer.text)):
            self.token = found[1]
        return answer

    def agree(self, review: str) -> TestResponse:
        """Look at the review page of an application, and send it."""
        return self.post(review, agreement(self.get(review).text))

    def sign_in(self, email: str) -> "Visitor":
        """Come in as a resident, by the code that is mailed."""
        self.get("/sign-in")
        assert self.post("/sign-in", {"email": email}).status_code == 303
        self.get("/sign-in/code")
        entered = self.post("/sign-in/code", {"code": code_mailed_to(self.city, email)})
        assert entered.status_code == 303, entered.text
        self.get("/sign-in")
        return self

    def sign_in_at_desk(self, email: str, secret: str) -> "Visitor":
        """Come in as staff."""
        self.get("/desk/sign-in")
        assert self.post("/desk/sign-in", {"email": email, "password": PASSWORD}).status_code == 303
        self.get("/desk/sign-in/code")
        entered = self.post("/desk/sign-in/code", {"code": pyotp.TOTP(secret).at(now())})
        assert entered.status_code == 303, entered.text
        self.get("/desk/sign-in")
        return self


def code_mailed_to(city: str, email: str) -> str:
    """The newest sign-in code for an address."""
    with city_session(city) as session:
        query = select(MailMessage).where(MailMessage.kind == "sign_in_code").order_by(MailMessage.id.desc())
        letters = [Letter.opened(city, row.kind, row.sealed) for row in session.scalars(query)]
    body = next(letter.body for letter in letters if letter.to == email)
    found = re.search(r"(?<!\d)\d{6}(?!\d)", body)
    assert found
    return found[0]
