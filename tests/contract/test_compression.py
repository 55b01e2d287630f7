"""Answers that are sent compressed, and those whose length would tell a secret."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.core import assets
from tests.instance import ready
from tests.kit.browser import Browser
from tests.kit.city import hire, inhabited

CITY = "hino"


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    from portal.app import create_app

    ready()
    with inhabited([CITY], ["road-damage"]):
        hire(CITY, "clerk@example.jp", {"road-management": ("clerk",)})
        yield create_app()


@pytest.fixture
def resident(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def clerk(app: Flask) -> FlaskClient:
    return Browser(app, CITY).sign_in_at_desk("clerk@example.jp").client


def get(client: FlaskClient, path: str, accepted: str = "gzip, deflate", **headers: str) -> TestResponse:
    return client.get(path, base_url=f"http://{CITY}.localhost", headers={"Accept-Encoding": accepted, **headers})


def test_a_page_is_compressed_for_browsers_that_read_it(resident: FlaskClient) -> None:
    plain = get(resident, "/help", "identity")
    packed = get(resident, "/help")
    assert "Content-Encoding" not in plain.headers
    assert (packed.headers["Content-Encoding"], packed.headers["Content-Length"]) == ("gzip", str(len(packed.data)))
    assert "市役所" in gzip.decompress(packed.data).decode()
    assert len(packed.data) * 2 < len(plain.data)
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in (plain, packed))


@pytest.mark.parametrize("refused", ["", "identity", "br", "gzip;q=0", "*;q=0"])
def test_no_other_browser_gets_it(resident: FlaskClient, refused: str) -> None:
    assert "Content-Encoding" not in get(resident, "/help", refused).headers


def test_what_repeats_the_address_to_a_visitor_with_a_session_is_not_compressed(
    resident: FlaskClient, clerk: FlaskClient
) -> None:
    """What is guessed in the address would shorten a page that has it once more, as a secret."""
    assert get(resident, "/procedures?q=道路").headers["Content-Encoding"] == "gzip"
    get(resident, "/sign-in")  # a form, so a session
    assert "Content-Encoding" not in get(resident, "/procedures?q=道路").headers
    assert get(clerk, "/desk").headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in get(clerk, "/desk?q=道路").headers


def test_a_tile_keeps_its_tag_when_it_is_compressed(resident: FlaskClient) -> None:
    address = "/map/layers/city-roads/12/3634/1612.mvt"
    packed = get(resident, address)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"].startswith("W/"), "it names the tile, not these bytes"
    again = get(resident, address, **{"If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert get(resident, address, "").data == gzip.decompress(packed.data)


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, br", "br"), ("gzip", "gzip"), ("", None)])
def test_built_files_lie_there_compressed(
    resident: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accepted: str, encoding: str | None
) -> None:
    (tmp_path / "dist").mkdir()
    for ending in ("", ".br", ".gz"):
        (tmp_path / "dist" / f"page.css{ending}").write_text(f"body{ending}")
    (tmp_path / "dist" / "plain.css").write_text("body")
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    with get(resident, "/static/dist/page.css", accepted) as answer:
        assert answer.text == f"body{ {'br': '.br', 'gzip': '.gz', None: ''}[encoding] }"
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.mimetype == "text/css"
    assert answer.headers["Vary"] == "Accept-Encoding"
    with get(resident, "/static/dist/plain.css", accepted) as plain:
        assert plain.text == "body"
    assert get(resident, "/static/dist/%2e%2e/build.js", accepted).status_code == 404
