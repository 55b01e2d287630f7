"""A day without its year, or きのう, is taken as the nearest one that can be meant, and stands in full wherever the page shows again."""

import html
import json
import re
from datetime import timedelta

import pytest

from portal.core.clock import today
from tests.kit.browser import Browser

YESTERDAY = today() - timedelta(days=1)
IN_FULL = f"{YESTERDAY.year}年{YESTERDAY.month}月{YESTERDAY.day}日"


def where(browser: Browser) -> str:
    address = f"{browser.start('road-damage').rpartition('/')[0]}/where"
    browser.post(address, {})
    return address


@pytest.mark.parametrize("typed", ["きのう", "yesterday", "昨天", "어제", f"{YESTERDAY.month}/{YESTERDAY.day}"])
def test_a_day_is_kept_and_shown_in_full(browser: Browser, typed: str) -> None:
    address = where(browser)
    refused = browser.post(address, {"found_on": typed})
    assert f'name="found_on" value="{IN_FULL}"' in refused.text
    assert f'name="found_on" value="{IN_FULL}"' in browser.get(address).text, "another day it would mean another day"


def test_an_open_page_is_told_the_day_in_full(browser: Browser) -> None:
    address = where(browser)
    live = browser.post(f"{address}/live", {"found_on": "きのう"}).text
    [told] = re.findall(r"data-full-dates='([^']+)'", live)
    assert json.loads(html.unescape(told)) == {"found_on": ["きのう", IN_FULL]}
    assert "data-full-dates" not in browser.post(f"{address}/live", {"found_on": IN_FULL}).text


def test_today_is_one_press_away_at_a_day_that_is_past(browser: Browser) -> None:
    now = f"{today().year}年{today().month}月{today().day}日"
    assert re.search(rf'data-fill="found_on" value="{now}"><span>今日</span>', browser.get(where(browser)).text)


def test_the_last_day_of_a_period_is_meant_after_its_first(browser: Browser) -> None:
    address = browser.start("road-occupancy")
    start, end = today() + timedelta(days=30), today() + timedelta(days=330)
    refused = browser.post(
        address, {"period.start": f"{start.month}/{start.day}", "period.end": f"{end.month}月{end.day}日"}
    )
    assert f'value="{start.year}年{start.month}月{start.day}日"' in refused.text
    assert f'value="{end.year}年{end.month}月{end.day}日"' in refused.text
