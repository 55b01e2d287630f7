"""Headers of every answer (OWASP ASVS 3.3, 3.4): pages, refusals, errors, redirects, static files."""

import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing.converters import NumberConverter
from werkzeug.test import TestResponse

from portal.core.config import settings
from tests.instance import ready
from tests.kit.city import inhabited

CITY = "http://hino.localhost"
NONCE = re.compile(r"'nonce-([A-Za-z0-9_-]{20,})'")
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    from portal.app import create_app

    ready()
    with inhabited(["hino"], []):
        yield create_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def directives(answer: TestResponse) -> dict[str, list[str]]:
    """The content security policy, by directive."""
    parts = (directive.split() for directive in answer.headers["Content-Security-Policy"].split(";"))
    return {part[0]: part[1:] for part in parts if part}


def check(answer: TestResponse) -> None:
    """Check the headers that every answer must have."""
    assert set(ALWAYS) | {"Content-Security-Policy", "Cache-Control"} <= set(answer.headers.keys()), answer.request.url
    open_data = answer.headers.get("Access-Control-Allow-Origin") == "*"
    assert not open_data or answer.request.path.startswith("/ogc"), (
        "only layers that everybody sees go to pages of other hosts"
    )
    for name, value in ALWAYS.items():
        expected = "cross-origin" if open_data and name == "Cross-Origin-Resource-Policy" else value
        assert answer.headers.get(name) == expected, name
    assert not open_data or "Access-Control-Allow-Credentials" not in answer.headers
    policy = directives(answer)
    assert policy["default-src"] == ["'none'"]
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    for kind in ("script-src", "style-src"):
        assert [source for source in policy[kind] if source != "'self'" and not NONCE.fullmatch(source)] == []
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert policy["connect-src"] == policy["font-src"] == ["'self'"]
    if answer.request.path.startswith("/static/") and "ETag" in answer.headers:
        assert "max-age" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers
    else:
        assert answer.headers["Cache-Control"] in {"no-store", "private, no-cache"}
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain=" not in cookie
    assert not {"Server", "X-Powered-By"} & set(answer.headers.keys())


def paths(app: Flask) -> Iterator[tuple[str, str]]:
    """Every route and method, with example values in its path."""
    for rule in app.url_map.iter_rules():
        values = {
            name: 1 if isinstance(converter, NumberConverter) else "some"
            for name, converter in rule._converters.items()
        }
        path = app.url_map.bind("hino.localhost").build(rule.endpoint, values)
        yield from ((path, method) for method in (rule.methods or set()) | {"DELETE", "PUT"})


def test_every_route_in_every_method(app: Flask, client: FlaskClient) -> None:
    statuses = set()
    for path, method in paths(app):
        for host in (CITY, "http://localhost:8000"):
            answer = client.open(path, method=method, base_url=host)
            statuses.add(answer.status_code)
            check(answer)
            assert answer.status_code < 500, (method, path)
    assert {200, 303, 400, 404, 405} <= statuses


def test_static_files(client: FlaskClient) -> None:
    from portal.core.assets import static_url

    with client.get(static_url("dist/app.css"), base_url=CITY) as page:
        assert page.status_code == 200
        check(page)
    for name in ("dist/app.css", "dist/assets/noto-sans-jp-latin-wght-normal.woff2", "dist/basemap/schematic.pmtiles"):
        with client.get(static_url(name), base_url=CITY) as file:
            assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable", name
    check(client.get("/static/dist/no-such.css", base_url=CITY))
    for path in ("/static/dist/../manifest.json", "/static/dist/%2e%2e/package.json", "/static/package.json"):
        answer = client.get(path, base_url=CITY)
        assert answer.status_code == 404
        check(answer)


@pytest.mark.parametrize("fragment", [False, True])
def test_a_break_is_a_plain_page_that_reveals_nothing(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, fragment: bool
) -> None:
    from portal.core.access import PUBLIC, allow

    def broken() -> str:
        raise RuntimeError("the secret of the vault")

    monkeypatch.setitem(app.view_functions, "residents.help_page", allow(PUBLIC)(broken))
    answer = client.get("/help", base_url=CITY, headers={"HX-Request": "true"} if fragment else {})
    assert answer.status_code == 500
    check(answer)
    assert "申し訳ありません" in answer.text
    assert "vault" not in answer.text
    assert "Traceback" not in answer.text


def test_each_page_has_a_nonce_of_its_own_and_no_style_or_script_without(client: FlaskClient) -> None:
    nonces = set()
    for path in ("/", "/procedures", "/help", "/sign-in", "/desk/sign-in"):
        answer = client.get(path, base_url=CITY)
        check(answer)
        nonces |= set(NONCE.findall(answer.headers["Content-Security-Policy"]))
        for tag in re.findall(r"<(?:script|style)\b[^>]*>", answer.text):
            assert "src=" in tag or "nonce=" in tag, tag
        assert not re.findall(r"<[^>]+\s(?:style|on[a-z]+)=", answer.text)
        assert not re.findall(r'(?:src|href)="(?:https?:)?//(?!\w+\.localhost)', answer.text)
    later_nonces = set()
    for path in ("/", "/procedures", "/help", "/sign-in", "/desk/sign-in"):
        later_nonces |= set(NONCE.findall(client.get(path, base_url=CITY).headers["Content-Security-Policy"]))
    assert not nonces & later_nonces


@pytest.fixture
def outside_maps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    pale = {"key": "gsi-pale", "title": "地理院タイル 淡色", "attribution": "地理院タイル"}
    pale["url"] = "https://cyberjapandata.gsi.go.jp/xyz/pale/{z}/{x}/{y}.png"
    monkeypatch.setenv("MADOGUCHI_OUTSIDE_MAPS", json.dumps([pale, pale | {"key": "gsi-again"}]))
    monkeypatch.setenv("MADOGUCHI_BASEMAP_TILE_URL", "https://tiles.example.jp/{z}/{x}/{y}.png")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def test_pictures_come_from_this_host_alone_as_long_as_no_outside_map_is_named(client: FlaskClient) -> None:
    assert directives(client.get("/help", base_url=CITY))["img-src"] == ["'self'", "data:", "blob:"]


@pytest.mark.usefixtures("outside_maps")
def test_pictures_come_from_the_servers_of_named_maps_and_from_no_other(client: FlaskClient) -> None:
    answer = client.get("/help", base_url=CITY)
    check(answer)
    outside = ["https://tiles.example.jp", "https://cyberjapandata.gsi.go.jp"]
    assert directives(answer)["img-src"] == ["'self'", "data:", "blob:", *outside]


@pytest.fixture
def over_https(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MADOGUCHI_PUBLIC_SCHEME", "https")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.usefixtures("over_https")
def test_over_https_the_cookie_is_bound_to_the_host_and_the_site_to_https(client: FlaskClient) -> None:
    answer = client.get("/sign-in", base_url="https://hino.localhost")
    check(answer)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-madoguchi=")
    assert "Secure" in cookie
    age = re.fullmatch(r"max-age=(\d+); includeSubDomains", answer.headers["Strict-Transport-Security"])
    assert age
    assert int(age[1]) >= 31_536_000
    # a cookie of the name that plain http uses is not taken
    plain = cookie.partition("=")[2].partition(";")[0]
    other = client.application.test_client(use_cookies=False)
    other_answer = other.get("/sign-in", base_url="https://hino.localhost", headers={"Cookie": f"madoguchi={plain}"})
    assert other_answer.headers.getlist("Set-Cookie")


def test_over_plain_http_the_session_cookie_is_still_closed_to_scripts(client: FlaskClient) -> None:
    answer = client.get("/sign-in", base_url=CITY)
    check(answer)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("madoguchi=")
    assert "Strict-Transport-Security" not in answer.headers
