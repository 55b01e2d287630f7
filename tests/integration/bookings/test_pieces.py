"""Pieces of the map to choose from: on the page by map and by words, live while others choose, and never given twice."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from forms import load
from geo.layer_import import LayerMetadata, import_layer
from portal import wiring
from portal.bookings.models import CapacityClaim
from portal.cases.models import Case
from portal.core.database import city_session
from tests.integration.geo.stalls import rectangle
from tests.kit.browser import Browser, agreement
from tests.kit.city import furnish

NAME = {"family": "佐藤", "given": "美咲"}
PLOTS = """
procedure: test-plots
kind: booking
title: {ja: 試験用の農園の利用}
department: environment
assurance: none
steps:
  - id: plot
    title: {ja: 区画}
    fields:
      - {id: name, type: person_name, item: person.name}
      - {id: plot, type: choice, label: {ja: 区画}, options: {layer: garden-plots, id: code, label: name}}
capacity:
  - {id: plots, label: {ja: 区画}, by: [plot], limit: "1", unit: {ja: 区画}}
workflow: {preset: notification}
"""


@pytest.fixture
def garden(app: Flask, city: str) -> Flask:
    """A garden of five plots, and the procedure that gives them."""
    wiring.connect()
    features = [
        {"type": "Feature", "properties": {"code": f"p{number}", "name": f"{number}番"}, "geometry": rectangle(12.0 * number, 0, 10, 8)}
        for number in range(1, 6)
    ]  # fmt: skip
    with city_session(city) as session:
        metadata = LayerMetadata(key="garden-plots", title={"ja": "農園"}, kind="polygon")
        import_layer(session.connection(), metadata, {"type": "FeatureCollection", "features": features})
        furnish(session, {"test-plots": PLOTS})
    return app


def answers(number: int) -> dict[str, object]:
    return {"name": NAME, "plot": {"id": f"p{number}", "label": {"ja": f"{number}番"}}}


def states(browser: Browser, page: str) -> dict[str, str]:
    address = re.search(r'data-states-url="([^"]+)"', browser.get(page).text)
    assert address
    return {code: now["state"] for code, now in browser.get(address[1]).get_json().items()}


def test_a_piece_is_free_held_while_somebody_reads_the_last_page_and_taken_once_sent(garden: Flask) -> None:
    first, second = Browser(garden, "hino", "192.0.2.1"), Browser(garden, "hino", "192.0.2.2")
    definition = load(PLOTS)
    own, other = first.start("test-plots"), second.start("test-plots")
    assert set(states(first, own).values()) == {"free"}
    page = first.get(own).text
    assert page.count('data-state="free"') == 5 + 1, "each piece as a card, and the legend"
    assert page.count("空いています") == 5 + 1
    review = first.fill(own, definition, answers(2))
    assert "確認" in first.get(review).text
    assert states(second, other) == {"p1": "free", "p2": "held", "p3": "free", "p4": "free", "p5": "free"}
    assert "ほかの人が手続きをしています" in second.get(other).text
    assert states(first, own)["p2"] == "free", "what one holds oneself can be chosen"
    assert first.agree(review).status_code == 303
    assert states(second, other)["p2"] == "taken"
    assert second.get(other).text.count("埋まっています") == 1 + 1, "the card says what the legend says"
    full = second.get(second.fill(other, definition, answers(2))).text
    assert "「区画(2番)」は、ほかの人が先に選びました。" in full
    assert f'<a href="{other}?to-review=1#plot">「区画」を選び直す</a>' in full, "on to the question itself"


def test_twenty_browsers_at_once_never_get_the_same_piece(garden: Flask, city: str) -> None:
    """All open the last page in the same moment, and all press in the same moment, each knowing what the button has to send."""
    definition = load(PLOTS)
    visits = []
    for number in range(20):
        browser = Browser(garden, "hino", f"192.0.2.{number + 10}")
        review = browser.fill(browser.start("test-plots"), definition, answers(number % 5 + 1))
        visits.append((browser, review, number % 5))
    gate = Barrier(len(visits))

    def open_page(visit: tuple[Browser, str, int]) -> str:
        browser, review, _plot = visit
        gate.wait()
        return until_served(lambda: browser.get(review)).text

    def press(visit: tuple[Browser, str, int]) -> TestResponse:
        browser, review, plot = visit
        gate.wait()
        return until_served(lambda: browser.post(review, vouched[plot]))

    with ThreadPoolExecutor(len(visits)) as threads:
        pages = list(threads.map(open_page, visits))
        holding = {plot: agreement(page) for page, (_b, _r, plot) in zip(pages, visits, strict=True) if agreement(page)}
        assert sum(bool(agreement(page)) for page in pages) == len(holding) == 5, "each plot is held for one of them"
        vouched = holding
        results = list(threads.map(press, visits))
    sent = [answer for answer in results if answer.status_code == 303]
    refused = [answer.text for answer in results if answer.status_code != 303]
    assert len(sent) == 5
    assert all("ほかの人が先に選びました" in page for page in refused)
    with city_session(city) as session:
        counts = session.execute(select(CapacityClaim.key, func.count()).group_by(CapacityClaim.key)).all()
        assert session.scalar(select(func.count()).select_from(Case)) == 5
    assert sorted(counts) == [(f'["p{number}"]', 1) for number in range(1, 6)]


def until_served(ask: Callable[[], TestResponse]) -> TestResponse:
    """What a browser gets in the end: more people than connections are told to try again, and do."""
    while (answer := ask()).status_code == 503:
        pass
    return answer
