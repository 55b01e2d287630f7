"""What the web process writes about requests: enough to see what happened, nothing that people typed."""

import io
import logging
import re
from collections.abc import Iterator

import pytest
from flask import Flask, request

from portal.app import create_app
from portal.core import logs
from portal.core.access import PUBLIC, allow
from portal.core.config import settings

HOST = "http://tachikawa.localhost"
PERSONAL = ("佐藤", "misaki@example.jp", "090-1234-5678", "羽衣町", "203.0.113.9", "0000SECRET0000")


@pytest.fixture(scope="module")
def portal() -> Flask:
    """The portal, with one page that breaks over what was typed."""
    app = create_app()

    @app.get("/broken")
    @allow(PUBLIC)
    def broken() -> str:
        try:
            return str(int(request.args["phone"]))
        except ValueError as error:
            raise KeyError(request.args["name"]) from error

    return app


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything this process logs, written as in production."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers, root.level, logging.getLogger("portal").level
    production = settings().model_copy(update={"environment": "production", "public_scheme": "https"})
    monkeypatch.setattr(logs, "settings", lambda: production)
    logs.configure("web", stream)
    monkeypatch.undo()
    yield stream
    root.handlers = before[0]
    root.setLevel(before[1])
    logging.getLogger("portal").setLevel(before[2])


def visit(portal: Flask, path: str, **more: object) -> tuple[int, str]:
    client = portal.test_client()
    client.set_cookie("madoguchi", PERSONAL[5], domain="tachikawa.localhost")
    answer = client.open(path, base_url=HOST, environ_base={"REMOTE_ADDR": PERSONAL[4]}, **more)
    return answer.status_code, answer.headers.get("X-Request-ID", "")


def test_a_request_is_one_line_that_its_answer_can_be_found_by(portal: Flask, log: io.StringIO) -> None:
    status, number = visit(portal, "/")
    (line,) = log.getvalue().splitlines()
    assert status == 200
    assert f" level=info part=web request={number} city=tachikawa method=GET endpoint=" in line
    assert re.search(r" endpoint=[a-z_.]+ status=200 ms=\d+\Z", line)


def test_what_people_type_stays_out(portal: Flask, log: io.StringIO) -> None:
    form = {"name": PERSONAL[0], "email": PERSONAL[1], "phone": PERSONAL[2], "town": PERSONAL[3]}
    paths = ("/", "/search", "/nowhere/" + PERSONAL[0], "/sign-in", "/desk/sign-in", "/broken")
    statuses = [visit(portal, path, query_string=form)[0] for path in paths]
    statuses += [visit(portal, path, data=form, method="POST")[0] for path in paths]
    assert {200, 404, 500} <= set(statuses)
    assert len(re.findall(r" endpoint=", log.getvalue())) == 2 * len(paths)
    assert [value for value in PERSONAL if value in log.getvalue()] == []
    assert "%E4%BD%90" not in log.getvalue()


def test_a_break_is_logged_with_its_place_and_its_cause(portal: Flask, log: io.StringIO) -> None:
    _status, number = visit(portal, "/broken", query_string={"phone": PERSONAL[2], "name": PERSONAL[0]})
    output = log.getvalue()
    assert f'level=error part=web logger=portal.app msg="request failed: KeyError" request={number}\n' in output
    assert re.search(r"^    \S+test_logs\.py:\d+ in broken$", output, re.M)
    assert re.search(r"^    builtins\.ValueError\n(    .*\n)*    builtins\.KeyError$", output, re.M)
    assert re.search(rf"request={number} .* status=500 ", output)


def test_a_forged_request_number_is_not_taken_over(portal: Flask, log: io.StringIO) -> None:
    _status, number = visit(portal, "/", headers={"X-Request-ID": "forged-by-somebody"})
    assert re.fullmatch(r"[0-9a-f]{16}", number)
    assert "forged" not in log.getvalue()


def test_a_word_cannot_make_a_second_line(log: io.StringIO) -> None:
    logging.getLogger("portal.somewhere").warning('a "quoted"\nlevel=error word')
    assert len(log.getvalue().splitlines()) == 1
    assert r"""msg="a 'quoted'\nlevel=error word" """.strip() in log.getvalue()
