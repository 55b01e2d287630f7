"""A city is chosen by the host name alone, and a side by the process: nothing else in a request leads anywhere else."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.core.access import entry_of
from portal.core.config import settings
from tests.integration.access.routes import doors
from tests.integration.access.town import HERE, Town
from tests.kit.browser import Browser

STRANGE_HOSTS = ("example.com", "hino.localhost.example.com", "localhost", "127.0.0.1", "[::1]", "HINO", "xn--hino")
UNREADABLE_HOSTS = ("hino.localhost:99999999", "hi no", "a/b", "日野.localhost", "", "hino.localhost\x00", "a" * 5000)


@pytest.mark.parametrize("host", STRANGE_HOSTS)
def test_a_host_of_no_city_opens_no_city(app: Flask, town: Town, host: str) -> None:
    client = app.test_client(use_cookies=False)
    cookie = {"Cookie": f"madoguchi={town.people['officer'].cookie}"}
    for path in ("/desk", "/me", f"/me/cases/{town.case}", "/procedures", "/help", f"/pay/{town.payment}", "/sign-in"):
        answer = client.get(path, base_url=f"http://{host}", headers=cookie)
        assert answer.status_code == 404, (path, host)
        assert "日野市役所" not in answer.text
    assert "市" in client.get("/", base_url=f"http://{host}").text
    assert client.get("/healthz", base_url=f"http://{host}").json == {"status": "ok"}


@pytest.mark.parametrize("host", UNREADABLE_HOSTS)
def test_a_host_name_that_cannot_be_read_is_refused_with_a_reason(app: Flask, town: Town, host: str) -> None:
    for path in ("/", "/desk", "/procedures", "/no-such-page", "/static/dist/app.css"):
        answer = app.test_client(use_cookies=False).get(
            path, base_url=f"http://{HERE}.localhost", headers={"Host": host}
        )
        assert answer.status_code < 500, (path, answer.text)


def test_a_port_and_capitals_make_no_other_city(app: Flask, town: Town) -> None:
    client = app.test_client(use_cookies=False)
    cookie = {"Cookie": f"madoguchi={town.people['officer there'].cookie}"}
    for host in ("hino.localhost:8000", "hino.localhost:1"):
        answer = client.get("/desk", base_url=f"http://{host}", headers=cookie)
        assert answer.status_code == 303
    own = {"Cookie": f"madoguchi={town.people['officer'].cookie}"}
    assert client.get("/desk", base_url="http://HINO.localhost:8000", headers=own).status_code == 200


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-Host", "X-Forwarded-Server", "X-Rewrite-URL"]
)
def test_what_a_client_says_of_proxies_changes_nothing(town: Town, header: str) -> None:
    value = "host=hino.localhost" if header == "Forwarded" else "hino.localhost"
    visitor = town.people["officer there"]
    answer = visitor.get("/desk", **{header: value, "X-Forwarded-For": "198.51.100.9", "X-Forwarded-Proto": "https"})
    assert answer.status_code == 200
    assert "三鷹市" in answer.text
    assert f'data-case-id="{town.case_id}"' not in answer.text
    assert "Strict-Transport-Security" not in answer.headers


def test_mails_and_codes_point_to_the_city_itself_whatever_the_host_header_says(app: Flask, town: Town) -> None:
    page = app.test_client(use_cookies=False).get(f"/done/{town.case}", base_url="http://hino.localhost:1")
    assert page.location.startswith("/sign-in?next=")
    receipt = town.people["owner"].send("GET", f"/me/cases/{town.case}", base_url="http://hino.localhost:1")
    assert "hino.localhost:1/" not in receipt.text


@pytest.fixture
def side(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("MADOGUCHI_SIDE", request.param)
    settings.cache_clear()
    yield request.param
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize("side", ["resident", "staff"], indirect=True)
def test_a_process_of_one_side_answers_nothing_of_the_other(app: Flask, town: Town, side: str) -> None:
    visitors = town.people["owner"], town.people["officer"], Browser(app, HERE)
    answered = []
    for door in doors(app, town):
        entry = entry_of(app.view_functions[door.endpoint])
        assert entry
        if entry.side in {"any", side}:
            continue
        for visitor in visitors:
            answer = visitor.send(door.method, door.path)
            if answer.status_code != 404:
                answered.append((door.method, door.path, answer.status_code))
    assert answered == []
    assert Browser(app, HERE).get("/desk/sign-in").status_code == (200 if side == "staff" else 404)
    assert Browser(app, HERE).get("/sign-in").status_code == (200 if side == "resident" else 404)
