"""Lists of more procedures than a page holds: nothing is left out, and each page leads on."""

import re

import pytest

from portal.residents import home, procedure_lists
from tests.kit.browser import Browser


def titles(page: str) -> list[str]:
    """The procedures of a list, by the keys in their links."""
    return re.findall(r'<h[23]><a href="/procedures/([a-z0-9-]+)"', page)


def walked(browser: Browser, address: str) -> list[list[str]]:
    """The procedures of each page of a list, from the first to the last."""
    pages = []
    while address:
        page = browser.get(address).text
        pages.append(titles(page))
        following = re.search(r'<a href="([^"]+)" rel="next"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    return pages


def test_a_long_shelf_leads_to_pages_with_the_rest(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = titles(browser.get("/procedures").text)
    monkeypatch.setattr(procedure_lists, "_OF_SHELF", 1)
    monkeypatch.setattr(procedure_lists, "_PAGE", 2)
    short = browser.get("/procedures").text
    shelves = set(re.findall(r'href="(/procedures\?shelf=[a-z-]+)"', short))
    assert len(titles(short)) < len(everything)
    pages = [page for address in shelves for page in walked(browser, address)]
    led_to = [key for page in pages for key in page]
    assert sorted({*titles(short), *led_to}) == sorted(everything)
    assert len(set(led_to)) == len(led_to)
    assert max(map(len, pages)) == 2


def test_a_moment_of_life_has_online_procedures_first_on_all_its_pages(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = titles(browser.get("/life/moving").text)
    monkeypatch.setattr(procedure_lists, "_PAGE", 1)
    pages = walked(browser, "/life/moving")
    assert [key for page in pages for key in page] == whole
    assert len(pages) == len(whole) > 1
    last = browser.get(f"/life/moving?page={len(pages)}").text
    assert f"{len(pages)} / {len(pages)}" in last
    assert 'rel="prev"' in last


@pytest.mark.parametrize("number", ["0", "999", "-1", "二", "1e3"])
def test_another_number_than_there_is_shows_a_page_all_the_same(browser: Browser, number: str) -> None:
    assert titles(browser.get(f"/life/moving?page={number}").text)


def test_the_first_page_shows_some_procedures_with_a_map_and_leads_to_all(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "_ON_MAP", 1)
    page = browser.get("/").text
    assert 'href="/procedures?shelf=on-map"' in page
    assert {"road-damage", "bulky-waste"} <= set(titles(browser.get("/procedures?shelf=on-map").text))


def test_a_shelf_that_there_is_not_is_not_found(browser: Browser) -> None:
    assert browser.get("/procedures?shelf=none").status_code == 404
