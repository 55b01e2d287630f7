"""While the database does not answer every page is the portal's own 503, and what was typed comes back with it."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.core import database, tenancy
from portal.core.access import PUBLIC, allow
from portal.core.jobs import enqueue
from portal.core.web import db
from tests.kit.browser import Browser

HOST = "http://tachikawa.localhost"
AWAY = "postgresql+psycopg://portal@127.0.0.1:1/nothing"
PAGES = ("/", "/procedures", "/me", "/desk", "/nowhere", "/resume/SECRETTOKEN123", "/sign-in", "/desk/sign-in")


@pytest.fixture(scope="module")
def portal() -> Flask:
    """The portal, with pages that break at each moment of a request."""
    app = create_app()

    @app.get("/breaks/in-the-view")
    @allow(PUBLIC)
    def in_the_view() -> str:
        db().execute(text("SELECT 1"))
        db().connection().invalidate()
        db().execute(text("SELECT 1"))
        return "never"

    @app.get("/breaks/at-commit")
    @allow(PUBLIC)
    def at_commit() -> str:
        db().execute(text("SELECT pg_terminate_backend(pg_backend_pid()) WHERE false"))
        driver: Any = db().connection().connection.driver_connection
        driver.close()
        return "done"

    @app.get("/breaks/asking-for-a-job")
    @allow(PUBLIC)
    def asking_for_a_job() -> str:
        driver: Any = db().connection().connection.driver_connection
        driver.close()
        enqueue(db(), "notifications.send", message_id=1)
        return "never"

    return app


@pytest.fixture
def visitor(portal: Flask) -> FlaskClient:
    """Somebody with a session, in a process that knows the cities."""
    client = portal.test_client()
    assert client.get("/sign-in?lang=en", base_url=HOST).status_code == 200
    return client


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch, visitor: FlaskClient) -> Iterator[None]:
    """The database is out of reach."""
    unreachable: Engine = create_engine(AWAY, connect_args={"connect_timeout": 1})
    monkeypatch.setattr(database, "engine", lambda: unreachable)
    yield
    unreachable.dispose()


def is_the_portals(answer: TestResponse, text: str = "cannot be reached right now") -> None:
    assert answer.status_code == 503
    assert text in answer.text
    assert answer.headers["Retry-After"] == "30"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_the_portals_own_in_the_readers_language(visitor: FlaskClient, away: None, path: str) -> None:
    """The office reads Japanese, whatever its browser asks for."""
    answer = visitor.get(path, base_url=HOST)
    is_of_office = path.startswith("/desk")
    is_the_portals(answer, "つながりにくくなっています" if is_of_office else "cannot be reached right now")
    assert f'<html lang="{"ja" if is_of_office else "en"}"' in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_and_so_it_is_for_somebody_without_a_session(
    portal: Flask, visitor: FlaskClient, away: None, path: str
) -> None:
    answer = portal.test_client().get(path, base_url=HOST, headers={"Accept-Language": "ja"})
    assert answer.status_code in (200, 303, 404, 503)  # sign-in pages ask the database nothing
    if answer.status_code == 503:
        is_the_portals(answer, "つながりにくくなっています")


def test_a_process_that_never_read_the_cities_answers_too(
    visitor: FlaskClient, away: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tenancy, "_directory", tenancy._Directory())
    is_the_portals(visitor.get("/me", base_url=HOST))
    assert visitor.get("/healthz", base_url=HOST).status_code == 503


def test_what_was_typed_is_given_back_without_secrets(visitor: FlaskClient, away: None) -> None:
    answer = visitor.post(
        "/apply/d/abc/where?lang=en",
        base_url=HOST,
        data={
            "csrf_token": "the-token",
            "details": '道路に穴が<b>"あいて"</b>います',
            "kinds": ["one", "two"],
            "password": "川沿いの道",
            "photo.upload": (io.BytesIO(b"x"), "hole.jpg"),
        },
    )
    is_the_portals(answer)
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text)
    assert ("csrf_token", "the-token") in fields
    assert ("kinds", "one") in fields and ("kinds", "two") in fields
    assert "&lt;b&gt;" in answer.text and "<b>&#34;" not in answer.text
    assert "川沿いの道" not in answer.text
    assert "choose them again" in answer.text
    assert 'action="/apply/d/abc/where?lang=en"' in answer.text


def test_what_was_typed_can_be_sent_when_the_database_is_back(
    portal: Flask, scratch_city: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(portal)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get("/sign-in").text)[0]
    send = {"csrf_token": token, "email": "misaki@example.jp"}
    with monkeypatch.context() as patch:
        patch.setattr(database, "engine", lambda: create_engine(AWAY))
        answer = browser.client.post("/sign-in", base_url="http://hino.localhost", data=send)
        assert answer.status_code == 503
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text))
    again = browser.client.post("/sign-in", base_url="http://hino.localhost", data=fields)
    assert again.location == "/sign-in/code"


def test_scripts_get_a_note_and_programs_json(visitor: FlaskClient, away: None) -> None:
    note = visitor.get("/me", base_url=HOST, headers={"HX-Request": "true"})
    is_the_portals(note)
    assert "<html" not in note.text
    assert note.headers["HX-Retarget"] == "#flash"
    program = visitor.post("/me", base_url=HOST, json={"a": 1})
    assert program.status_code == 503
    assert program.json is not None
    assert program.json["status"] == "unavailable"


def test_health_says_which_part_is_missing(visitor: FlaskClient, away: None) -> None:
    answer = visitor.get("/healthz", base_url=HOST)
    assert answer.status_code == 503
    assert answer.json == {"status": "unavailable", "database": "unavailable"}


@pytest.mark.parametrize("path", ["/breaks/in-the-view", "/breaks/at-commit", "/breaks/asking-for-a-job"])
def test_a_connection_that_dies_on_the_way_is_a_503_and_the_next_request_gets_another(
    visitor: FlaskClient, path: str
) -> None:
    answer = visitor.get(path, base_url=HOST)
    is_the_portals(answer)
    assert visitor.get("/procedures", base_url=HOST).status_code == 200


def test_a_connection_that_died_in_the_pool_is_replaced(visitor: FlaskClient) -> None:
    visitor.get("/procedures", base_url=HOST)
    for _connection in range(3):
        with database.engine().connect() as connection:
            driver: Any = connection.connection.driver_connection
        driver.pgconn.finish()
    assert visitor.get("/procedures", base_url=HOST).status_code == 200


def test_nothing_says_an_address(visitor: FlaskClient, away: None, caplog: pytest.LogCaptureFixture) -> None:
    visitor.get("/resume/SECRETTOKEN123", base_url=HOST)
    visitor.get("/pay/SECRETTOKEN123/return?x=SECRETTOKEN123", base_url=HOST)
    assert caplog.records
    assert "SECRETTOKEN123" not in caplog.text


def test_when_even_the_page_breaks_the_answer_is_not_the_servers(
    visitor: FlaskClient, away: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("outage", "web"):
        monkeypatch.setattr(f"portal.core.{module}.render_template", lambda *_arguments, **_more: 1 / 0)
    answer = visitor.get("/me", base_url=HOST)
    assert answer.status_code in (500, 503)
    assert "Please try again in a little while" in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_connections_that_died_in_the_pool_are_replaced_without_a_trace(visitor: FlaskClient) -> None:
    """As after a restart of the database: nobody sees it, neither the first visitor nor the others."""
    sessions = [database.open_city_session("tachikawa") for _ in range(3)]
    backends = [session.scalar(text("SELECT pg_backend_pid()")) for session in sessions]
    with database.engine().connect() as login:
        for session, backend in zip(sessions, backends, strict=True):
            session.close()
            assert login.scalar(text("SELECT pg_terminate_backend(:backend, 5000)"), {"backend": backend})
    assert [visitor.get("/me?lang=en", base_url=HOST).status_code for _ in sessions] == [200] * 3
    with database.city_session("tachikawa") as first, database.city_session("tachikawa") as second:
        assert first.scalar(text("SELECT current_user")) == "city_tachikawa"
        assert second.scalar(text("SELECT 1")) == 1
