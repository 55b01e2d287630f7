"""Every page of the desk that links lead to opens without an error in the console, a report of the content security policy or a request elsewhere."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Error

from tests.browser.visitor import Visitor

MOST = 150
"""Kinds of pages; the walk ends earlier, when no link leads to another one."""


def kind_of(address: str) -> str:
    """What pages have in common that differ by the thing that they are about alone."""
    parts = urlsplit(address)
    path = re.sub(r"/(?:\d[\d-]*|[\w-]{22})(?=/|$)", "/N", parts.path)
    path = re.sub(r"^/desk/ogc/collections/[^/]+", "/desk/ogc/collections/K", path)
    path = re.sub(r"^/desk/(layers|procedures|departments|texts|fees)/(?!new)[\w-]+", r"/desk/\1/K", path)
    return f"{path} {parse_qs(parts.query).get('tab', [''])[0]}"


def test_no_page_of_the_desk_has_anything_to_report(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("tanaka")
    waiting, known = ["/desk?view=all"], {kind_of("/desk")}
    opened = []
    while waiting and len(opened) < MOST:
        address = waiting.pop(0)
        try:
            response = window.goto(address)
        except Error as error:
            assert "Download is starting" in error.message, f"{address}: {error.message}"
            continue
        assert response is not None
        assert response.status < 400, f"{address}: {response.status}"
        opened.append(address)
        assert not window.faults, "\n".join(window.faults)
        links = window.page.locator("a[href^='/desk']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        for link in links:
            if kind_of(link) not in known:
                known.add(kind_of(link))
                waiting.append(link)
    assert not waiting
    assert {kind_of(f"/desk/cases/1?tab={tab}") for tab in ("files", "messages", "history")} <= known
    assert len(opened) > 40
