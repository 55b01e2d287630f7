"""A form is accepted only from pages of the same host, over http as well as over https."""

import re

import pytest
from flask.testing import FlaskClient

from portal.app import create_app

HOST = "http://tachikawa.localhost"


@pytest.fixture(scope="module")
def visitor() -> FlaskClient:
    return create_app().test_client()


def send(visitor: FlaskClient, origin: str | None) -> int:
    token = re.findall(r'name="csrf_token" value="([^"]+)"', visitor.get("/sign-in", base_url=HOST).text)[0]
    headers = {} if origin is None else {"Origin": origin}
    data = {"csrf_token": token, "email": "no address"}
    return visitor.post("/sign-in", base_url=HOST, data=data, headers=headers).status_code


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 422),
        (HOST, 422),
        ("http://TACHIKAWA.localhost", 422),
        ("http://evil.example", 400),
        ("http://tachikawa.localhost.evil.example", 400),
        ("http://mitaka.localhost", 400),
        ("null", 400),
    ],
)
def test_where_a_form_comes_from(visitor: FlaskClient, origin: str | None, status: int) -> None:
    assert send(visitor, origin) == status
