"""A browser for tests on a whole city: residents sign in by mailed code, staff with password and authenticator, others do neither."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from functools import cache
from http.cookies import SimpleCookie
from itertools import cycle
from typing import Any

import pyotp
from flask import Flask
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from werkzeug.test import TestResponse

from forms import Definition, load
from portal.core.clock import now
from portal.core.text import current_language
from portal.core.web import db
from portal.identity import web_session
from portal.identity.models import Staff
from portal.identity.resident_accounts import sign_in_account
from tests.kit import lint
from tests.kit.answers import posted
from tests.kit.catalogue import shipped_source
from tests.kit.letters import code_mailed_to
from tests.kit.people import PASSWORD, SECRET

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
SEEN = re.compile(r'name="case-seen" value="([^"]+)"')
COOKIE = "madoguchi"


def agreement(page: str) -> dict[str, str]:
    """What the checkbox of a review page sends: that this content is right."""
    tick = re.search(r'name="agreed"[^>]* value="([^"]+)"', page)
    return {"agreed": tick[1]} if tick else {}


@cache
def _routes_of(app: Flask) -> lint.Routes:
    return lint.Routes(app)


class Browser:
    """One browser on one city's host: keeps its cookies, sends the token and the version of the case that it was last shown, and does
    not follow redirects. Every page it gets must pass `lint.faults`.
    """

    _addresses = cycle(f"203.0.113.{number}" for number in range(1, 255))

    def __init__(self, app: Flask, city: str = "hino", address: str | None = None) -> None:
        """address: the network address it asks from; by default one that few others have, as what one may ask for is limited."""
        self.client = app.test_client()
        self.city = city
        self.address = address or next(self._addresses)
        self.token = ""
        self.seen: dict[str, str] = {}
        self.odd = False
        """Whether it sends what nobody would, which pages may repeat."""

    @property
    def host(self) -> str:
        return f"{self.city}.localhost"

    @property
    def origin(self) -> str:
        """What a browser sends with every form."""
        return f"http://{self.host}"

    @property
    def cookie(self) -> str:
        """The token of the visit, empty before there is one; a token may be put in its place, wherever it comes from."""
        cookie = self.client.get_cookie(COOKIE, domain=self.host)
        return cookie.value if cookie else ""

    @cookie.setter
    def cookie(self, token: str) -> None:
        self.client.set_cookie(COOKIE, token, domain=self.host)

    def copy(self) -> "Browser":
        """The same browser once more, for a thread of its own: another window of the same visit."""
        window = Browser(self.client.application, self.city, self.address)
        window.cookie = self.cookie
        window.token, window.seen = self.token, self.seen
        return window

    def at(self, city: str) -> "Browser":
        """The same browser, with its cookies, at another city."""
        window = copy(self)
        window.city, window.token, window.seen = city, "", {}
        return window

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, data: Mapping[str, Any] | None = None, **headers: str) -> TestResponse:
        """Send a form with the token of this visit."""
        data = {"csrf_token": self.token, **self.seen, **(data or {})}
        return self.send("POST", path, data=data, headers={"Origin": self.origin} | headers)

    def submit(self, path: str, page: str | None = None, **fields: Any) -> TestResponse:
        """Open `page` (by default the page of the same path) and send the form found on it."""
        self.token = ""
        self.get(page or path)
        return self.post(path, fields)

    def send(self, method: str, path: str, **more: Any) -> TestResponse:
        """Any request. Header names may be written with underscores."""
        more["headers"] = {name.replace("_", "-"): value for name, value in more.get("headers", {}).items()}
        more.setdefault("base_url", self.origin)
        if method == "POST" and "content_type" not in more:
            more["content_type"] = "multipart/form-data"
        # buffered: a file that is sent is read and closed
        more |= {"environ_base": {"REMOTE_ADDR": self.address}, "buffered": True}
        answer = self.client.open(path, method=method, **more)
        answer.request.environ["wsgi.input"].close()  # a large form is a temporary file
        if answer.mimetype == "text/html" and answer.location is None:  # nobody reads the page of a redirect
            self._read(answer.text, path, posted=method == "POST")
        return answer

    def _read(self, page: str, path: str, *, posted: bool) -> None:
        if token := TOKEN.search(page):
            self.token = token[1]
            self.seen = {"case-seen": match[1]} if (match := SEEN.search(page)) else {}
        faults = lint.faults(page, path, _routes_of(self.client.application), posted=posted, odd=self.odd)
        assert not faults, f"{path}:\n" + "\n".join(faults)

    def try_sign_in(self, email: str) -> TestResponse:
        """Request a code, take it from the newest mail and enter it; return the answer of the sign-in page."""
        self.submit("/sign-in", email=email)
        return self.submit("/sign-in/code", code=code_mailed_to(self.city, email))

    def sign_in(self, email: str) -> "Browser":
        """Be signed in as a resident, as who proved this address; the pages that ask for the proof are those of `try_sign_in`."""
        with self._request("/sign-in"):
            web_session.sign_in_resident(sign_in_account(db(), email, current_language()))
        return self

    def try_sign_in_at_desk(
        self, email: str, password: str = PASSWORD, secret: str = SECRET, moment: datetime | None = None
    ) -> TestResponse:
        """Enter the password, then what the authenticator shows at a moment (now); return the answer of the sign-in page."""
        self.submit("/desk/sign-in", email=email, password=password)
        return self.submit("/desk/sign-in/code", code=pyotp.TOTP(secret).at(moment or now()))

    def sign_in_at_desk(self, email: str) -> "Browser":
        """Be signed in as staff, as who gave the password and the code; the pages that ask for them are those of `try_sign_in_at_desk`."""
        with self._request("/desk/sign-in"):
            web_session.sign_in_staff(db().scalars(select(Staff.id).where(Staff.email == email)).one())
        return self

    @contextmanager
    def _request(self, path: str) -> Iterator[None]:
        """A request of this browser, in place of whose view the block runs; it is answered with an empty page that has a token."""
        app = self.client.application
        cookies = {"Cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {}
        environ = {"REMOTE_ADDR": self.address}
        with app.test_request_context(path, base_url=self.origin, headers=cookies, environ_base=environ):
            yield
            self.token, self.seen = generate_csrf(), {}
            answer = app.process_response(app.response_class())
        set_cookies = SimpleCookie("; ".join(answer.headers.getlist("Set-Cookie")))
        self.cookie = set_cookies[COOKIE].value

    def start(self, procedure: str) -> str:
        """Begin an application; the address of its first page."""
        self.get(f"/procedures/{procedure}")
        started = self.post(f"/apply/{procedure}")
        assert started.status_code == 303
        self.get(started.location)
        return started.location

    def fill(self, address: str, definition: Definition, answers: Mapping[str, Any]) -> str:
        """Send page after page with those answers, from a page of the form to the review; the address of the review."""
        for _page in definition.steps:
            step = address.rpartition("/")[2]
            if step == "review":
                break
            answer = self.post(address, posted(definition, step, answers))
            assert answer.status_code == 303, (step, re.findall(r'<li><a href="#[^>]*>.*?</a>', answer.text, re.DOTALL))
            address = answer.location
        assert address.endswith("/review")
        return address

    def apply(self, procedure: str, answers: Mapping[str, Any], email: str | None = None) -> TestResponse:
        """Apply from the first page to the button that sends; return its answer."""
        if email:
            self.sign_in(email)
        address = self.start(procedure)
        review = self.fill(address, load(shipped_source(procedure)), answers)
        return self.agree(review)

    def agree(self, review: str) -> TestResponse:
        """Open the review page of an application, and send what it shows."""
        return self.post(review, agreement(self.get(review).text))
