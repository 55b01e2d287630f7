"""No address with a key gets into a log line, whichever library logs it."""

import io
import logging
from collections.abc import Iterator

import pytest
from gunicorn.config import Config
from hypothesis import given
from hypothesis import strategies as st

from portal.core import logs
from portal.core.gunicorn_log import PortalLogger
from portal.core.logs import without_addresses

KEY = "SECRETTOKEN123"


@pytest.mark.parametrize(
    "text",
    [
        f"Exception on /resume/{KEY} [GET]",
        f"Error handling request GET /resume/{KEY}",
        f"Error handling request //resume/{KEY}",
        f"Error handling request /pay/{KEY}/return?session={KEY}",
        f"Request finalizing failed for '/apply/d/{KEY}/where'",
        f'"GET /sign-in/link/{KEY} HTTP/1.1" 500',
        f"(path:/me/cases/{KEY}, query=?token={KEY})",
        f"https://tachikawa.example.jp/resume/{KEY}",
        f"Connection to postgresql+psycopg://portal:{KEY}@db/madoguchi failed",
        f"/status?number={KEY}",
        f"/search?q={KEY}",
        f"%2Fx /resume/%41{KEY}",
    ],
)
def test_an_address_is_cut_to_its_first_part(text: str) -> None:
    assert KEY not in without_addresses(text)


@pytest.mark.parametrize(
    ("text", "logged"),
    [
        ("File /usr/lib/python3/x.py is gone", "File /usr/lib/python3/x.py is gone"),
        ("12/24 of and/or", "12/24 of and/or"),
        ("HTTPSConnection https://api.stripe.com/v1/refunds/re_1", "HTTPSConnection https://api.stripe.com/…"),
        ("Exception on /resume/abc [GET]", "Exception on /resume/… [GET]"),
    ],
)
def test_what_an_operator_needs_is_kept(text: str, logged: str) -> None:
    assert without_addresses(text) == logged


@given(
    st.sampled_from(["resume", "pay", "apply/d", "me/cases", "sign-in/link"]),
    st.from_regex(r"[A-Za-z0-9_-]{20,43}", fullmatch=True),
)
def test_no_key_survives_in_any_sentence(page: str, key: str) -> None:
    for text in (f"broke at /{page}/{key}", f"[/{page}/{key}]", f"url='http://h.example/{page}/{key}?a=1'"):
        assert key not in without_addresses(text)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that this process logs."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers, root.level, logging.getLogger("portal").level
    logs.configure("web", stream)
    yield stream
    root.handlers = before[0]
    root.setLevel(before[1])
    logging.getLogger("portal").setLevel(before[2])


@pytest.mark.parametrize(
    "name", ["portal.app", "sqlalchemy.pool", "procrastinate.worker", "gunicorn.error", "werkzeug"]
)
def test_no_logger_bypasses_it(written: io.StringIO, name: str) -> None:
    logger = logging.getLogger(name)
    propagates, logger.propagate = logger.propagate, True
    try:
        raise ValueError(f"could not build /resume/{KEY}")
    except ValueError:
        logger.exception(
            "Error handling request %s", f"/resume/{KEY}?x={KEY}", extra={"fields": {"job": f"/pay/{KEY}/x"}}
        )
        logger.error("Exception on %s [%s]", f"/resume/{KEY}", "GET", exc_info=True)
    finally:
        logger.propagate = propagates
    assert "ValueError" in written.getvalue()
    assert KEY not in written.getvalue()


def test_gunicorns_own_handler_writes_the_portals_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    logger = PortalLogger(Config())
    stream = io.StringIO()
    (handler,) = logger.error_log.handlers
    monkeypatch.setattr(handler, "stream", stream)
    try:
        raise ValueError("broke")
    except ValueError:
        logger.exception("Error handling request %s %s", "GET", f"/resume/{KEY}")
    logger.error_log.handlers.clear()
    assert " level=error part=web logger=gunicorn.error " in stream.getvalue()
    assert KEY not in stream.getvalue()
