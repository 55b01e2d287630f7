"""Pieces of the map to choose from: on the page by map and by words, live while others choose, and never given twice."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from forms import load
from geo.layer_import import LayerMetadata, import_layer
from portal import wiring
from portal.bookings.models import CapacityClaim
from portal.cases.drafts import save_answers, start
from portal.core.database import city_session
from portal.procedures import queries
from tests.integration.bookings.racing import sent_at_once
from tests.integration.geo.stalls import rectangle
from tests.kit.browser import Browser
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
    assert "は、満員です。" in full


def test_fifty_at_once_never_get_the_same_piece(garden: Flask, city: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every session is a transaction of its own in a thread of its own; all begin together."""
    monkeypatch.setattr("portal.bookings.places.LEDGER_WAIT", "300s")
    with city_session(city) as session:
        offer = queries.offer(session, "test-plots")
        drafts = []
        for number in range(50):
            draft = start(session, offer, account_id=None, language="ja")
            save_answers(session, draft, offer.definition, answers(number % 5 + 1))
            drafts.append(draft.id)
    assert sent_at_once(city, drafts) == 5
    with city_session(city) as session:
        counts = session.execute(select(CapacityClaim.key, func.count()).group_by(CapacityClaim.key)).all()
    assert sorted(counts) == [(f'["p{number}"]', 1) for number in range(1, 6)]
