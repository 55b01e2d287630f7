"""The reverse proxy that the installation guide describes: it fits the portal's routes, sizes and times, and its own syntax is sound."""

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
    arguments: list[str]
    inner: list["Directive"] = field(default_factory=list)

    def all(self, name: str) -> list["Directive"]:
        return [directive for directive in self.inner if directive.name == name]

    def word(self, name: str) -> str:
        (only,) = self.all(name)
        return only.arguments[0]


def parsed(text: str) -> Directive:
    """Parse the configuration into a tree; raise AssertionError where nginx would refuse the syntax."""
    stack, tokens = [Directive("http", [])], []
    for token in _TOKEN.findall(re.sub(r"(?m)^\s*#.*$", "", text)):
        if token == ";":
            assert tokens, "a semicolon after nothing"
            stack[-1].inner.append(Directive(tokens[0], tokens[1:]))
            tokens = []
        elif token == "{":
            stack.append(Directive(tokens[0], tokens[1:]))
            tokens = []
        elif token == "}":
            assert not tokens, f"{tokens} has no semicolon"
            closed = stack.pop()
            stack[-1].inner.append(closed)
        else:
            tokens.append(token.strip('"'))
    assert len(stack) == 1, "a brace is open"
    assert not tokens, f"{tokens} has no semicolon"
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
    for location in server.all("location"):
        if location.arguments[0] == "~" and re.search(location.arguments[1], path):
            return location
    return next(location for location in server.all("location") if location.arguments == ["/"])


def body_limit(server: Directive, path: str) -> int:
    own = location_of(server, path).all("client_max_body_size") or server.all("client_max_body_size")
    size = own[0].arguments[0]
    return int(size[:-1]) * _SIZES[size[-1]]


def test_every_place_limits_what_one_network_may_ask_for(http: Directive, server: Directive) -> None:
    zones = {
        argument.removeprefix("zone=").partition(":")[0]
        for name in ("limit_req_zone", "limit_conn_zone")
        for directive in http.all(name)
        for argument in directive.arguments
        if argument.startswith("zone=")
    }
    used = [
        directive.arguments[0].removeprefix("zone=")
        for location in server.all("location")
        for directive in location.all("limit_req")
    ]
    used += [directive.arguments[0] for directive in server.all("limit_conn")]
    assert set(used) == zones
    assert all(location.all("limit_req") and location.all("proxy_pass") for location in server.all("location"))
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
    (network_map,) = (directive for directive in http.all("map") if directive.arguments[1] == "$network")
    for rule in network_map.inner:
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
        assert location_of(server, path).arguments != ["/"]
        assert adapter.match(path, method="POST")
    assert location_of(server, "/static/dist/app.css").all("limit_req")[0].arguments[0] == "zone=parts"
    assert location_of(server, "/map/layers/roads/1/2/3.mvt").all("limit_req")[0].arguments[0] == "zone=parts"
    assert location_of(server, "/apply/d/x/files/y/thumbnail").arguments == ["/"]


def test_the_proxy_waits_longer_than_the_portal_does(server: Directive) -> None:
    longest = 2 * (slots.PATIENCE + isolated_process.PATIENCE)  # the picture, then its small one
    assert int(server.word("proxy_read_timeout").removesuffix("s")) > longest
    for name in ("client_header_timeout", "client_body_timeout", "send_timeout"):
        assert int(server.word(name).removesuffix("s")) <= 60


def test_the_proxy_sets_the_client_address_itself(server: Directive) -> None:
    headers = dict(directive.arguments for directive in server.all("proxy_set_header"))
    assert headers["X-Forwarded-For"] == "$remote_addr"  # never what a client claims
    assert headers["X-Forwarded-Proto"] == "https"
    assert headers["Host"] == headers["X-Forwarded-Host"] == "$host"
    assert not [
        location for location in server.all("location") if location.all("proxy_set_header")
    ]  # would replace all of them
