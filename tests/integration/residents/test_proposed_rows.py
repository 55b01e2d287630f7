"""Proposals for places in rows: each for its own row, also when rows move up or go while the applicant corrects."""

import json
import re
from itertools import count
from typing import Any

import pytest

from portal.cases import moves
from portal.cases.answers import open_answers
from portal.cases.models import Case
from portal.cases.place_proposals import SpotNote, proposals_of_case, save_proposal
from portal.core.database import city_session
from portal.core.errors import Conflict
from portal.core.events import Actor
from portal.identity.models import Staff
from portal.procedures import actions as procedures
from tests.integration.residents.conftest import CITY
from tests.integration.residents.test_following import OFFICE, newest_case
from tests.integration.residents.test_typed import Page
from tests.kit.browser import Browser

SOURCE = """
procedure: KEY
kind: notification
title: {ja: 苗木の試し}
department: citizens
assurance: none
steps:
  - id: trees
    title: {ja: 苗木}
    fields:
      - id: trees
        type: group
        label: {ja: 苗木}
        row: {ja: 本}
        max: 4
        fields:
          - {id: called, type: text, label: {ja: 種類}}
          - {id: spot, type: point, label: {ja: 植える場所}}
workflow: {preset: permit}
"""
_NUMBERS = count(1)
LON, LAT = 139.3951, 35.6701


def spot(number: int) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [round(LON + number / 1000, 6), LAT]}


@pytest.fixture
def case_id(browser: Browser) -> int:
    """Three trees, each with its spot, taken up by the office."""
    key = f"trees-{next(_NUMBERS)}"
    with city_session(CITY) as session:
        made = procedures.create_procedure(session, key, "citizens")
        procedures.save_draft(session, made, SOURCE.replace("KEY", key), None)
        procedures.publish(session, made, None)
    browser.sign_in("trees@example.jp")
    address = browser.start(key)
    rows = {
        name: text
        for n in range(3)
        for name, text in (
            (f"trees.{n}.called", f"木{n}"),
            (f"trees.{n}.spot.geometry", json.dumps(spot(n))),
            (f"trees.{n}.spot.source", "drawn"),
        )
    }
    sent = browser.submit(address, **rows)
    assert sent.status_code == 303, sent.text
    browser.agree(sent.location)
    case = newest_case()
    with city_session(CITY) as session:
        moves.apply_transition(session, case.id, "accept", OFFICE, roles=("clerk",))
    return case.id


def propose(case_id: int, row: int, geometry: dict[str, Any] | None, *notes: SpotNote) -> None:
    with city_session(CITY) as session:
        staff = session.query(Staff.id).first()
        actor = Actor("staff", staff[0] if staff else None, "高橋")
        save_proposal(
            session, case_id, f"trees.{row}.spot", geometry, notes, actor, before=spot(row), expected_version=0
        )


def ask(case_id: int) -> None:
    with city_session(CITY) as session:
        moves.apply_transition(session, case_id, "request_correction", OFFICE, roles=("clerk",))


def spots(case_id: int) -> list[float]:
    with city_session(CITY) as session:
        rows = open_answers(CITY, session.get_one(Case, case_id).answers)["trees"]
        return [round((row["spot"]["geometry"]["coordinates"][0] - LON) * 1000, 3) for row in rows]


def test_each_row_has_its_own_and_follows_when_rows_move_up(browser: Browser, case_id: int) -> None:
    propose(case_id, 1, spot(7))
    propose(case_id, 2, spot(8), SpotNote([LON, LAT], "電柱があります"))
    ask(case_id)
    page = f"/me/cases/{newest_case().public_id}/correction"
    shown = browser.get(page).text
    first, second = re.findall(r'name="accept-proposal" value="([0-9]+)"', shown)
    assert "電柱があります" in shown
    seen = re.search(r'name="case-seen" value="([^"]*)"', shown)
    assert seen
    inputs = {name: text for name, text in Page(shown).inputs.items() if name.startswith("trees.")}
    marks = {"case-seen": seen[1]}
    less = browser.post(page, {**inputs, **marks, "remove-row": "trees.0"})
    inputs = {name: text for name, text in Page(less.text).inputs.items() if name.startswith("trees.")}
    took = browser.post(page, {**inputs, **marks, "accept-proposal": second})
    inputs = {name: text for name, text in Page(took.text).inputs.items() if name.startswith("trees.")}
    gone = browser.post(page, {**inputs, **marks, "remove-row": "trees.0"})
    inputs = {name: text for name, text in Page(gone.text).inputs.items() if name.startswith("trees.")}
    late = browser.post(page, {**inputs, **marks, "accept-proposal": first})
    assert "この案は、もう使えません" in late.text
    inputs = {name: text for name, text in Page(late.text).inputs.items() if name.startswith("trees.")}
    assert browser.post(page, {**inputs, **marks}).status_code == 303
    assert spots(case_id) == [8.0]
    with city_session(CITY) as session:
        by_row = {row.field: row.outcome for row in proposals_of_case(session, case_id)}
    assert by_row == {"trees.1.spot": "edited", "trees.2.spot": "accepted"}


def test_a_row_that_is_not_there_has_no_place(case_id: int) -> None:
    with pytest.raises(Conflict):
        propose(case_id, 3, spot(7))
