"""Style sheets of a page: written into it for whoever comes from elsewhere, and linked for whoever has been here."""

import gzip
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.core.assets import static_url
from tests.instance import ready
from tests.kit.browser import Browser
from tests.kit.city import hire, inhabited

CITY = "hino"
LINK = re.compile(r'<link rel="stylesheet" href="([^"]+)"(?: media="([^"]+)")?>')
WRITTEN = re.compile(r'<style nonce="([\w-]+)">(.*?)</style>', re.S)


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    from portal.app import create_app

    ready()
    with inhabited([CITY], []):
        hire(CITY, "clerk@example.jp", {"road-management": ("clerk",)})
        yield create_app()


def get(client: FlaskClient, path: str, site: str, accepted: str = "gzip") -> TestResponse:
    headers = {"Sec-Fetch-Site": site, "Accept-Encoding": accepted} if site else {"Accept-Encoding": accepted}
    return client.get(path, base_url=f"http://{CITY}.localhost", headers=headers)


def page_of(answer: TestResponse) -> str:
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(answer.data) if packed else answer.data).decode()


@pytest.mark.parametrize("site", ["none", "cross-site", "same-site"])
def test_whoever_comes_from_elsewhere_waits_for_no_style_sheet(app: Flask, site: str) -> None:
    answer = get(app.test_client(), "/help", site)
    page = page_of(answer)
    assert LINK.findall(page) == [(static_url("dist/app.css"), "not all")]  # for the next page; it holds nothing up
    ((nonce, rules),) = WRITTEN.findall(page)
    assert f"'nonce-{nonce}'" in answer.headers["Content-Security-Policy"]
    assert "--key-tint" in rules
    assert not re.search(r"url\((?!\"?(?:/static/dist/|data:|#))", rules), "a page is no place to be relative to"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(("site", "accepted"), [("same-origin", "gzip"), ("", "gzip"), ("none", "identity")])
def test_others_get_a_link_alone(app: Flask, site: str, accepted: str) -> None:
    """Whoever has been here, whose browser does not say, or who would get all of it uncompressed."""
    page = page_of(get(app.test_client(), "/help", site, accepted))
    assert LINK.findall(page) == [(static_url("dist/app.css"), "")]
    assert not WRITTEN.search(page)


def test_a_list_under_a_filter_is_not_compressed_and_so_links_them(app: Flask) -> None:
    clerk = Browser(app, CITY).sign_in_at_desk("clerk@example.jp").client
    sheets = [static_url("dist/app.css"), static_url("dist/leaflet.css")]
    assert LINK.findall(page_of(get(clerk, "/desk", "none"))) == [(sheet, "not all") for sheet in sheets]
    assert LINK.findall(page_of(get(clerk, "/desk?q=道路", "none"))) == [(sheet, "") for sheet in sheets]


def test_no_script_of_a_page_with_a_map_holds_it_up(app: Flask) -> None:
    clerk = Browser(app, CITY).sign_in_at_desk("clerk@example.jp").client
    page = page_of(get(clerk, "/desk", "same-origin"))
    scripts = re.findall(r"<script\b[^>]*>", page)
    assert len(scripts) >= 5
    assert [tag for tag in scripts if " defer" not in tag and 'type="module"' not in tag] == []
    assert page.index("dist/desk-") > page.index('type="module"'), "the desk speaks to its map"
