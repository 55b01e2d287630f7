"""Any text in any box of every demo procedure: the same page comes back complete with a message, or the next page opens."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from forms import load
from tests.integration.badinput.conftest import draft_of
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue

BOX = re.compile(r'<(?:input|select|textarea)[^>]*?\sname="([^"]+)"')
OURS = {"csrf_token", "shown-questions", "continue-later"}
TEXT = some.one_of(
    some.text(max_size=40),
    some.text(alphabet="0123456789-/.年月日令和昭平()０９ｱ\x00\u200b", max_size=20),
    some.sampled_from(["yes", "no", "on", "1", "-1", "1e9", "{}", "[1]", "null", "2026-12-01", "東京都", "タナカ"]),
)


def try_page(resident: Browser, address: str, boxes: list[str]) -> None:
    """Fill every box of a page with anything, and send it every way it can be sent."""

    @settings(max_examples=6, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(
        texts=some.lists(TEXT, min_size=len(boxes), max_size=len(boxes)),
        action=some.sampled_from(["", "/live", "/autosave"]),
    )
    def fill(texts: list[str], action: str) -> None:
        form = dict(zip(boxes, texts, strict=True))
        answer = resident.post(address + action, form)
        assert answer.status_code in {200, 303, 422}, (form, answer.text)

    fill()


@pytest.mark.parametrize("procedure", sorted(catalogue()))
def test_any_text_in_every_box(resident: Browser, procedure: str) -> None:
    draft = draft_of(procedure)
    for step in load(catalogue()[procedure]).steps:
        page = resident.get(f"/apply/d/{draft}/{step.id}")
        if page.status_code == 404:
            continue  # does not apply to what was answered so far
        boxes = {box.replace("__n__", "0") for box in BOX.findall(page.text)} - OURS
        try_page(resident, f"/apply/d/{draft}/{step.id}", sorted(box for box in boxes if not box.endswith(".upload")))
    assert resident.get(f"/apply/d/{draft}/review").status_code == 200
