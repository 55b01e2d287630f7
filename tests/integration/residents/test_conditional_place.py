"""A place that is asked only after a certain answer brings its map along, with and without a script."""

import json
from itertools import count

import pytest

from portal.core.database import city_session
from portal.procedures import actions as procedures
from tests.integration.residents.conftest import CITY
from tests.kit.browser import Browser

SOURCE = json.dumps(
    {
        "procedure": "place-by-condition",
        "kind": "notification",
        "title": {"ja": "試し"},
        "department": "road-management",
        "steps": [
            {
                "id": "first",
                "title": {"ja": "はじめ"},
                "fields": [
                    {"id": "outside", "type": "yes_no", "label": {"ja": "外ですか"}},
                    {"id": "spot", "type": "point", "label": {"ja": "場所"}, "show_when": "outside"},
                ],
            }
        ],
        "workflow": {"preset": "notification"},
    },
    ensure_ascii=False,
)
_NUMBERS = count(1)
MAP = 'data-map-field="spot"'


@pytest.fixture
def address(browser: Browser) -> str:
    key = f"place-by-condition-{next(_NUMBERS)}"
    with city_session(CITY) as session:
        made = procedures.create_procedure(session, key, "road-management")
        procedures.save_draft(session, made, SOURCE.replace("place-by-condition", key), None)
        procedures.publish(session, made, None)
    return browser.start(key)


def test_the_map_comes_with_the_question(browser: Browser, address: str) -> None:
    before = browser.get(address).text
    assert MAP not in before
    assert "dist/map" in before
    live = browser.post(f"{address}/live", {"outside": "yes"}, HX_Request="true")
    assert 'id="frame-spot" hx-swap-oob="true"' in live.text
    assert MAP in live.text
    assert f'data-live-url="{address}/live"' in live.text


def test_without_a_script_it_is_there_when_the_page_comes_back(browser: Browser, address: str) -> None:
    appeared = browser.post(address, {"outside": "yes"})
    assert appeared.status_code == 200
    assert MAP in appeared.text
    assert "dist/map" in appeared.text
    assert MAP in browser.get(address).text
    form = {"outside": "yes", "shown-questions": "spot", "spot.lat": "35.6713", "spot.lon": "139.39"}
    assert browser.post(address, form | {"spot.lon": "139.39x"}).status_code == 422
    assert 'value="139.39x"' in browser.get(address).text
