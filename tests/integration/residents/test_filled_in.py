"""Answers that the definition fills in, on the resident's page."""

import json
import re
from itertools import count
from typing import Any

import pytest

from portal.core.database import city_session
from portal.procedures import actions as procedures
from tests.integration.residents.conftest import CITY
from tests.kit.browser import Browser

_NUMBERS = count(1)
MARKS = re.compile(r'name="shown-questions" value="([^"]+)"')
FIELDS: list[dict[str, Any]] = [
    {"id": "people", "type": "integer", "label": {"ja": "人数"}},
    {"id": "boxes", "type": "integer", "label": {"ja": "箱の数"}, "default": "people * 2"},
    {"id": "price", "type": "money", "label": {"ja": "代金"}, "default": "boxes * 100", "read_only": True},
]


def started(browser: Browser, fields: list[dict[str, Any]], **parts: Any) -> str:
    """The first page of a procedure that asks these questions."""
    key = f"filled-in-{next(_NUMBERS)}"
    definition = {
        "procedure": key,
        "kind": "notification",
        "title": {"ja": "試し"},
        "department": "road-management",
        "steps": [{"id": "first", "title": {"ja": "はじめ"}, "fields": fields}],
        "workflow": {"preset": "notification"},
        **parts,
    }
    with city_session(CITY) as session:
        made = procedures.create_procedure(session, key, "road-management")
        procedures.save_draft(session, made, json.dumps(definition, ensure_ascii=False), None)
        procedures.publish(session, made, None)
    return browser.start(key)


@pytest.fixture
def address(browser: Browser) -> str:
    return started(browser, FIELDS)


def test_a_default_follows_on_the_page_until_it_is_written_over(browser: Browser, address: str) -> None:
    page = browser.post(f"{address}/live", {"people": "3", "boxes": ""}, HX_Request="true").text
    assert 'value="6"' in page
    assert "「人数」から入れました。" in page
    assert re.search(r'class="field__fixed">600円', page)
    marks = MARKS.findall(page)
    browser.post(f"{address}/autosave", {"people": "3", "boxes": "6", "shown-questions": marks})
    page = browser.get(address).text
    assert 'value="6"' in page
    page = browser.post(
        f"{address}/live", {"people": "5", "boxes": "6", "shown-questions": MARKS.findall(page)}, HX_Request="true"
    ).text
    assert 'id="frame-boxes" hx-swap-oob="true"' in page
    assert 'value="10"' in page
    written = {"people": "5", "boxes": "7", "price": "1", "shown-questions": MARKS.findall(page)}
    assert browser.post(address, written).status_code == 303
    page = browser.get(address).text
    assert 'value="7"' in page
    assert "「人数」から入れました。" not in page
    assert "700円" in page
    review = browser.get(address.rpartition("/")[0] + "/review").text
    assert "700円" in review
