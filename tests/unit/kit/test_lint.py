"""The lint of pages finds each kind of fault, and nothing on a page that has none."""

import pytest
from flask import Flask

from tests.kit.lint import Routes, faults

GOOD = """<!doctype html>
<html lang="ja"><head><title>手続き — 日野市</title><script>const shown = {{}}</script></head><body>
<a href="#main">本文へ</a> <a href="?lang=en">English</a> <a href="mailto:a@example.jp">メール</a>
<main id="main"><h1>手続き</h1>
<form method="post" action="/procedures"><p id="help">全角で</p>
<label for="name">なまえ</label><input id="name" name="name" aria-describedby="help">
<label><input type="checkbox" name="agreed"> はい</label>
<input type="search" form="no-form" aria-label="さがす"><input type="hidden" name="token">
<textarea aria-label="定義">{{ そのまま }}</textarea><button>送る</button></form>
<a href="/procedures"><img src="/picture" alt="一覧"></a>
<template><h1>あと</h1><a href="/nowhere"></a></template>
</main></body></html>"""


@pytest.fixture(scope="module")
def routes() -> Routes:
    app = Flask("pages")
    for path, method in (("/procedures", "GET"), ("/procedures", "POST"), ("/picture", "GET")):
        app.add_url_rule(path, f"{method} {path}", str, methods=[method])
    return Routes(app)


def test_a_good_page_has_no_fault(routes: Routes) -> None:
    assert faults(GOOD, "/procedures", routes) == []


@pytest.mark.parametrize(
    ("part", "broken", "fault"),
    [
        ("<title>手続き — 日野市</title>", "<title> </title>", "no title"),
        ('lang="ja"', "", "language"),
        ("<h1>手続き</h1>", "<p>手続き</p>", "0 h1"),
        ("<h1>手続き</h1>", "<h1>手続き</h1><h1>一覧</h1>", "2 h1"),
        ('<label for="name">', "<label>", "has no label"),
        ("はい</label>", "</label>はい", "<label class=None> has no text"),
        ("<button>送る</button>", "<button></button>", "<button class=None> has no text"),
        (' alt="一覧"', "", "has no alt"),
        ('id="help"', 'id="name"', "given 2 times"),
        ('id="help"', 'id="hint"', "'help' refers to nothing"),
        ('for="name"', 'for="given"', "'given' refers to nothing"),
        ('id="main"', 'id="content"', "leads to nothing on the page"),
        ('action="/procedures"', 'action="/procedure"', "leads nowhere (POST)"),
        ('action="/procedures"', 'action="/picture"', "leads nowhere (POST)"),
        ('<a href="/procedures">', '<a href="procedure">', "leads nowhere (GET)"),
        ('src="/picture"', 'src="/pictures"', "leads nowhere (GET)"),
        ("全角で", "{{ hint }}", "to be read"),
        ("全角で", "None", "to be read"),
        ("全角で", "{count}件", "to be read"),
        ('aria-label="さがす"', 'aria-label="%(what)s"', "to be read"),
    ],
)
def test_a_fault_is_found(routes: Routes, part: str, broken: str, fault: str) -> None:
    assert part in GOOD
    assert any(fault in message for message in faults(GOOD.replace(part, broken), "/procedures", routes))


def test_a_fragment_may_refer_to_the_page_it_joins(routes: Routes) -> None:
    assert faults('<input aria-labelledby="title" aria-describedby="help">', "/procedures", routes) == []
    assert faults("<input name='x'>", "/procedures", routes) == ["<input name='x'> has no label"]
    assert faults("<p>1</p><p>None</p>", "/procedures", routes) == ["there is to be read: 'None'"]


def test_what_the_reader_typed_may_be_repeated(routes: Routes) -> None:
    page = GOOD.replace("全角で", "「{{ 7 * 7 }}」")
    assert faults(page, "/procedures", routes)
    assert faults(page, "/procedures", routes, odd=True) == []


def test_links_of_a_portal_in_part_are_not_followed() -> None:
    part = Routes(Flask("part"))
    assert faults("<a href='/procedures'>手続き</a>", "/me", part) == []
