"""A visitor over real HTTP: each request on a connection of its own, from a network address that the proxy in front would report."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any

from werkzeug.test import EnvironBuilder

from tests.installation import LOOPBACK
from tests.kit.browser import COOKIE, TOKEN, Browser

PATIENCE = 60
"""Seconds to wait for an answer; on a busy machine one takes long, and none at all is a fault."""


@dataclass(frozen=True)
class Answer:
    """The response, by the names that test clients use."""

    status_code: int
    headers: Mapping[str, str]
    data: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The page."""
        return self.data.decode("utf-8", "replace")

    @property
    def mimetype(self) -> str:
        """The type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip()

    @property
    def location(self) -> str:
        """The target of a redirect; empty for none."""
        return self.headers.get("location", "")


def ask(
    port: int, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """One request. Raises OSError or HTTPException when no answer comes."""
    connection = HTTPConnection(LOOPBACK, port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, {"Connection": "close", **(headers or {})})
        reply = connection.getresponse()
        return Answer(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
    finally:
        connection.close()


class HttpBrowser(Browser):
    """A `Browser` whose requests go through the loopback interface to the running web processes."""

    def __init__(self, port: int, city: str, address: str = "192.0.2.1") -> None:
        self.port, self.city, self.address = port, city, address
        self.token, self._cookie, self.requests = "", "", 0
        self.seen: dict[str, str] = {}

    @property
    def cookie(self) -> str:
        return self._cookie

    @cookie.setter
    def cookie(self, token: str) -> None:
        self._cookie = token

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self.port}"

    def copy(self) -> "HttpBrowser":
        window = HttpBrowser(self.port, self.city, self.address)
        window.cookie = self.cookie
        window.token = self.token
        return window

    @property
    def headers(self) -> dict[str, str]:
        """The headers of every request."""
        cookie = {"Cookie": f"{COOKIE}={self._cookie}"} if self._cookie else {}
        return {"Host": f"{self.host}:{self.port}", "X-Forwarded-For": self.address} | cookie

    def send(self, method: str, path: str, **more: Any) -> Answer:
        """Any request; `data` and `content_type` as a test client takes them."""
        headers = self.headers | {name.replace("_", "-"): value for name, value in more.get("headers", {}).items()}
        body = None
        if method == "POST":
            body, headers["Content-Type"] = encode(more.get("data"), more.get("content_type"))
        answer = ask(self.port, method, path, body, headers)
        self.requests += 1
        self.take(answer)
        return answer

    def sign_in(self, email: str) -> "HttpBrowser":
        """Sign in by the mailed code: the visit is opened by the running portal, not in this process."""
        return self._entered(self.try_sign_in(email), "/sign-in")

    def sign_in_at_desk(self, email: str) -> "HttpBrowser":
        """Sign in by password and code."""
        return self._entered(self.try_sign_in_at_desk(email), "/desk/sign-in")

    def _entered(self, answer: Answer, page: str) -> "HttpBrowser":
        assert answer.status_code == 303, answer.text
        self.get(page)
        return self

    def take(self, answer: Answer) -> None:
        """Keep the cookie and the token that an answer brought."""
        morsel = SimpleCookie(answer.headers.get("set-cookie", "")).get(COOKIE)
        if morsel is not None:
            self._cookie = morsel.value
        if answer.mimetype == "text/html" and (token := TOKEN.search(answer.text)):
            self.token = token[1]


def encode(data: Any, content_type: str | None = None) -> tuple[bytes, str]:
    """A form as it travels, and its type."""
    fields = {
        name: [_again(part) for part in value] if isinstance(value, list) else _again(value)
        for name, value in (data or {}).items()
    }
    builder = EnvironBuilder(method="POST", data=fields, content_type=content_type or "multipart/form-data")
    try:
        environ = builder.get_environ()
        return environ["wsgi.input"].read(), environ["CONTENT_TYPE"]
    finally:
        builder.close()


def _again(value: Any) -> Any:
    """A file that can be sent more than once."""
    return (io.BytesIO(value[0].getvalue()), *value[1:]) if isinstance(value, tuple) else value
