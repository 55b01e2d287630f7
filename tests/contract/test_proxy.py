"""The reverse proxy that the installation guide describes: it fits the portal's routes, sizes and times, and its own words are sound."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask

from forms.fields.file import Files
from portal.files import isolated_process, slots

GUIDE = Path(__file__).parents[2] / "docs" / "operate" / "install.md"
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{};]|[^\s{};"]+')
_SIZES = {"m": 1024 * 1024, "k": 1024}


@dataclass
class Directive:
    """A directive of nginx, with those inside its braces."""

    name: str
    words: list[str]
    inner: list["Directive"] = field(default_factory=list)

    def all(self, name: str) -> list["Directive"]:
        return [one for one in self.inner if one.name == name]

    def word(self, name: str) -> str:
        (only,) = self.all(name)
        return only.words[0]


def parsed(text: str) -> Directive:
    """The configuration as a tree; every directive must end as nginx wants it."""
    stack, words = [Directive("http", [])], []
    for token in _TOKEN.findall(re.sub(r"(?m)^\s*#.*$", "", text)):
        if token == ";":
            assert words, "a semicolon after nothing"
            stack[-1].inner.append(Directive(words[0], words[1:]))
            words = []
        elif token == "{":
            stack.append(Directive(words[0], words[1:]))
            words = []
        elif token == "}":
            assert not words, f"{words} has no semicolon"
            closed = stack.pop()
            stack[-1].inner.append(closed)
        else:
            words.append(token.strip('"'))
    assert len(stack) == 1, "a brace is open"
    assert not words, f"{words} has no semicolon"
    return stack[0]


@pytest.fixture(scope="module")
def http() -> Directive:
    (block,) = re.findall(r"```nginx\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return parsed(block)


@pytest.fixture(scope="module")
def server(http: Directive) -> Directive:
    (only,) = http.all("server")
    return only


@pytest.fixture(scope="module")
def app() -> Flask:
    from portal.app import create_app

    return create_app()


def location_of(server: Directive, path: str) -> Directive:
    """The location that answers for a path: the first expression that fits, else the plain one."""
    for one in server.all("location"):
        if one.words[0] == "~" and re.search(one.words[1], path):
            return one
    return next(one for one in server.all("location") if one.words == ["/"])


def body_limit(server: Directive, path: str) -> int:
    own = location_of(server, path).all("client_max_body_size") or server.all("client_max_body_size")
    size = own[0].words[0]
    return int(size[:-1]) * _SIZES[size[-1]]


def test_every_place_limits_what_one_network_may_ask_for(http: Directive, server: Directive) -> None:
    zones = {
        word.removeprefix("zone=").partition(":")[0]
        for name in ("limit_req_zone", "limit_conn_zone")
        for one in http.all(name)
        for word in one.words
        if word.startswith("zone=")
    }
    used = [one.words[0].removeprefix("zone=") for place in server.all("location") for one in place.all("limit_req")]
    used += [one.words[0] for one in server.all("limit_conn")]
    assert set(used) == zones
    assert all(place.all("limit_req") and place.all("proxy_pass") for place in server.all("location"))
    assert {http.word("limit_req_status"), http.word("limit_conn_status")} == {"429"}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:7:8:9:a:b:c", "2001:db8:7:8:"),
        ("2001:db8:7:8::1", "2001:db8:7:8:"),
        ("2001:db8::1", "2001:db8:"),
        ("2001:db8::9:a:b:c", "2001:db8:"),
    ],
)
def test_an_ipv6_subscriber_is_one_network(http: Directive, address: str, network: str) -> None:
    (of_network,) = (one for one in http.all("map") if one.words[1] == "$network")
    for rule in of_network.inner:
        if rule.name.startswith("~") and (match := re.search(rule.name[1:], address)):
            assert match[1] == network
            return
    assert address == network


def test_files_reach_the_portal_and_nothing_else_may_be_large(server: Directive, app: Flask) -> None:
    largest = max(rule.le for rule in Files.model_fields["max_mb"].metadata if hasattr(rule, "le")) * 1_000_000
    one_file = ("/apply/d/x/where/files/photos", "/me/cases/x/correction/files/plans")
    for path in one_file:
        assert largest < body_limit(server, path) < app.config["MAX_CONTENT_LENGTH"]
    for path in ("/apply/d/x/where", "/apply/d/x/where/shift", "/me/cases/x/correction"):
        assert body_limit(server, path) == app.config["MAX_CONTENT_LENGTH"]
    for path in ("/sign-in", "/apply/road-damage", "/webhooks/stripe", "/apply/d/x/where/autosave", "/desk/procedures"):
        assert app.config["MAX_FORM_MEMORY_SIZE"] <= body_limit(server, path) < 10_000_000


def test_every_path_of_the_example_is_one_of_the_portal(server: Directive, app: Flask) -> None:
    adapter = app.url_map.bind("madoguchi.example.jp")
    for path in (
        "/apply/d/x/where/files/photos",
        "/me/cases/x/correction/files/plans",
        "/apply/d/x/where",
        "/apply/d/x/where/shift",
        "/me/cases/x/correction",
    ):
        assert location_of(server, path).words != ["/"]
        assert adapter.match(path, method="POST")
    assert location_of(server, "/static/dist/app.css").all("limit_req")[0].words[0] == "zone=parts"
    assert location_of(server, "/map/layers/roads/1/2/3.mvt").all("limit_req")[0].words[0] == "zone=parts"
    assert location_of(server, "/apply/d/x/files/y/thumbnail").words == ["/"]


def test_the_proxy_waits_longer_than_the_portal_does(server: Directive) -> None:
    longest = 2 * (slots.PATIENCE + isolated_process.PATIENCE)  # the picture, then its small one
    assert int(server.word("proxy_read_timeout").removesuffix("s")) > longest
    for name in ("client_header_timeout", "client_body_timeout", "send_timeout"):
        assert int(server.word(name).removesuffix("s")) <= 60


def test_the_proxy_says_itself_who_asks(server: Directive) -> None:
    said = dict(one.words for one in server.all("proxy_set_header"))
    assert said["X-Forwarded-For"] == "$remote_addr"  # never what a client claims
    assert said["X-Forwarded-Proto"] == "https"
    assert said["Host"] == said["X-Forwarded-Host"] == "$host"
    assert not [place for place in server.all("location") if place.all("proxy_set_header")]  # would replace all of them
