"""The size of text that a reader chooses: taken from the address, kept in the browser, and never anything else than a size that exists."""

import re
from pathlib import Path

import pytest
from flask import Flask

from portal.core import text_size

ROOT = Path(__file__).parents[3]


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/", view_func=text_size.current_text_size)
    text_size.install(app)
    return app


def test_a_size_is_kept_until_another_is_chosen(app: Flask) -> None:
    browser = app.test_client()
    assert browser.get("/").text == "standard"
    assert browser.get("/?text_size=largest").text == "largest"
    assert browser.get("/").text == "largest"
    assert browser.get("/?text_size=standard").text == browser.get("/").text == "standard"


@pytest.mark.parametrize("chosen", ["", "huge", '"><script>', "large "])
def test_what_is_no_size_changes_nothing(app: Flask, chosen: str) -> None:
    browser = app.test_client()
    browser.get("/?text_size=large")
    answer = browser.get("/", query_string={"text_size": chosen})
    assert "Set-Cookie" not in answer.headers
    assert browser.get("/").text == "large"
    browser.set_cookie("text_size", chosen)
    assert browser.get("/").text == "standard"


def test_style_sheets_know_every_size() -> None:
    styles = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    known = {name: int(percent) for name, percent in re.findall(r'\[data-text="(\w+)"\] \{ font-size: (\d+)%', styles)}
    assert known == {name: percent for name, percent in text_size.SIZES.items() if name != text_size.STANDARD}
