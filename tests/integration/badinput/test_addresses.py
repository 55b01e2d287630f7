"""Garbage in addresses, on both sides of the counter: a page or a plain refusal, never a break."""

import base64
from urllib.parse import quote

import pytest
from flask import Flask

from tests.integration.badinput.conftest import CITY
from tests.kit.browser import Browser

GARBAGE = (
    "\x00", "a\x00b", "\ud800", "\udfff", "😀", "あ" * 3000, "-1", "9" * 40, "1e999", "NaN", "Infinity", "null", "[]", "{}",
    "' OR '1'='1", "<script>alert(1)</script>", "{{ 7 * 7 }}", "../../../etc/passwd", "%s%s%n", "//evil.example",
    "٣", "２０２６－１２－０１", "0000-00-00", "2026-02-30", "10000-01-01", "0001-01-01", "9999-12-31", " ", "\r\nSet-Cookie: a=b",
)  # fmt: skip


def marks() -> list[str]:
    """Marks of later pages that nobody gave out."""
    texts = (
        '["2026-12-01", 1]', '["2026-12-01", Infinity]', '["2026-12-01", 99999999999999999999]', '["2026-12-01T10:00:00", 1]',
        '["0001-01-01", -1]', '["2026-12-01"]', '{"0": "2026-12-01", "1": 1}', '["2026-12-01", true]', '["2026-12-01", "1"]',
        "[" * 5000, '["2026-12-01", NaN]', '[null, null]', '["2026-12-01T10:00:00+99:00", 1]', '["9999-12-31T23:59:59-23:59", 1]',
    )  # fmt: skip
    return [base64.urlsafe_b64encode(text.encode()).decode().rstrip("=") for text in texts]


def encoded(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"))


DESK = ("view", "status", "procedure", "from", "to", "q", "area", "bbox", "order", "after", "tab", "lang")
BOXES = (
    "1,2,3",
    "NaN,NaN,NaN,NaN",
    "inf,-inf,inf,inf",
    "1e400,0,1,1",
    "180,90,-180,-90",
    "-180,-90,180,90",
    "139,35,139,35",
)


AREAS = ("0_0_0_0_0_0", "18000000_9000000_-36000000_-18000000_1_1", "1_1_1_1", "_".join(["99999999"] * 128), "_" * 50)


def everywhere(names: tuple[str, ...], value: str) -> str:
    """A query with the same garbage in every parameter."""
    return "&".join(f"{name}={encoded(value)}" for name in names)


def broken_by(visitor: Browser, path: str, queries: list[str], worst: int) -> list[str]:
    """The queries that a page answered with more than `worst`, or wrote back as they came."""
    failures = []
    for query in queries:
        answer = visitor.get(f"{path}?{query}")
        if answer.status_code > worst or b"<script>alert(1)" in answer.data:
            failures.append(query[:80])
    return failures


@pytest.mark.parametrize(
    "path", ["/desk", "/desk/period", "/desk/density", "/desk/cases/{case}", "/desk/map/cases/14/14544/6453.mvt"]
)
def test_every_parameter_of_the_desk(officer: Browser, case_id: int, path: str) -> None:
    queries = [everywhere(DESK, value) for value in GARBAGE]
    queries += [f"bbox={encoded(value)}" for value in BOXES]
    queries += [f"area={value}" for value in AREAS]
    if path == "/desk":
        queries += [f"{order}after={mark}" for mark in marks() for order in ("", "order=new&")]
    assert broken_by(officer, path.format(case=case_id), queries, 200) == []


@pytest.mark.parametrize("name", DESK)
def test_each_parameter_of_the_map_alone(officer: Browser, name: str) -> None:
    queries = [f"{name}={encoded(value)}" for value in GARBAGE]
    assert broken_by(officer, "/desk/map/cases/14/14544/6453.mvt", queries, 200) == []


@pytest.mark.parametrize(
    "path",
    ["/", "/procedures", "/procedures/dog-registration", "/life/moving", "/me", "/sign-in", "/help", "/desk/sign-in"],
)
def test_every_parameter_of_residents_pages(resident: Browser, path: str) -> None:
    queries = [everywhere(("q", "lang", "next", "page", "step"), value) for value in GARBAGE]
    assert broken_by(resident, path, queries, 200) == []


@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage_in_every_place_of_every_address(app: Flask, officer: Browser, resident: Browser, garbage: str) -> None:
    broken = []
    for rule in app.url_map.iter_rules():
        if not rule.arguments or "GET" not in (rule.methods or ()):
            continue
        path = rule.rule
        for argument in rule.arguments:
            for kind in ("", "int:", "path:"):
                path = path.replace(f"<{kind}{argument}>", encoded(garbage))
        visitor = officer if path.startswith("/desk") else resident
        if visitor.get(path).status_code >= 500:
            broken.append(path[:80])
    assert broken == []


@pytest.mark.parametrize(
    "path",
    [
        "/desk/cases/99999999999999999999",
        "/desk/cases/9223372036854775808",
        "/desk/cases/0",
        "/desk/cases/99999999999999999999/files/x",
        "/desk/procedures/dog-registration/versions/99999999999999999999.yaml",
        "/desk/map/cases/0/0/1.mvt",
        "/desk/map/cases/30/0/0.mvt",
        "/desk/map/cases/14/99999999/0.mvt",
        "/desk/map/cases/99999999999999999999/0/0.mvt",
        "/desk/map/layers/city-roads/14/99999999999999999999/0.mvt",
        "/desk/map/layers/none/14/0/0.mvt",
        "/map/layers/city-roads/24/16777216/0.mvt",
    ],
)
def test_numbers_that_nothing_can_have(officer: Browser, path: str) -> None:
    assert officer.get(path).status_code == 404


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil",
        "/\t/evil",
        "javascript:alert(1)",
        "/%0d%0aX:y",
    ],
)
def test_signing_in_never_leads_to_another_site(app: Flask, city: str, target: str) -> None:
    from tests.kit.letters import code_mailed_to

    visitor = Browser(app, CITY, f"192.0.2.{60 + len(target)}")
    visitor.odd = True
    email = f"next{len(target)}@example.jp"
    visitor.get(f"/sign-in?next={encoded(target)}")
    visitor.post(f"/sign-in?next={encoded(target)}", {"email": email})
    visitor.get("/sign-in/code")
    entered = visitor.post("/sign-in/code", {"code": code_mailed_to(CITY, email)})
    assert entered.status_code == 303
    assert entered.location.startswith("/")
    assert not entered.location.startswith(("//", "/\\"))


def test_headers_that_browsers_never_send(resident: Browser, officer: Browser) -> None:
    odd = {
        "Accept-Language": "\xff" * 500,
        "If-None-Match": '"' * 300,
        "If-Modified-Since": "99:99",
        "Range": "bytes=99-1",
        "HX-Request": "true",
        "HX-Current-URL": "\xe3",
        "Content-Length": "0",
        "Cookie": "madoguchi=" + "x" * 5000,
    }
    for name, value in odd.items():
        assert resident.get("/", **{name: value}).status_code < 500, name
        assert officer.get("/desk/map/layers/city-roads/14/14544/6453.mvt", **{name: value}).status_code < 500, name
