"""The office proposes another outline and pins notes; the applicant takes it over or draws their own; both stay with the case."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from portal.cases import moves
from portal.cases.answers import open_answers
from portal.cases.dossiers import dossiers_of_case, make_dossier
from portal.cases.models import Case
from portal.cases.place_proposals import proposals_of_case
from portal.cases.queries import history
from portal.core.database import city_session, owner_engine
from portal.core.errors import Conflict, Invalid
from portal.core.events import Actor
from tests.integration.desk.conftest import CITY, Office
from tests.integration.residents.test_typed import Page
from tests.kit.answers import unshared_occupancy
from tests.kit.browser import Browser

OFFICE = Actor("staff", None, "高橋")


@pytest.fixture
def applied(app: Flask, office: Office) -> Iterator[tuple[Browser, int, str, dict[str, Any]]]:
    """A resident's browser with an application that the office took up; its id, its page, and the place."""
    browser = Browser(app, CITY)
    browser.apply("road-occupancy", unshared_occupancy(), email="outline@example.jp")
    with city_session(CITY) as session:
        case = session.query(Case).order_by(Case.id.desc()).first()
        assert case
        moves.apply_transition(session, case.id, "accept", OFFICE, roles=("clerk",))
        case_id, public_id = case.id, case.public_id
        geometry = open_answers(CITY, case.answers)["area"]["geometry"]
    yield browser, case_id, f"/me/cases/{public_id}", geometry
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM city_{CITY}.place_proposal")


def smaller(geometry: dict[str, Any]) -> dict[str, Any]:
    """The same outline, drawn in by a tenth towards its middle."""
    ring = geometry["coordinates"][0]
    lon, lat = (sum(at[axis] for at in ring[:-1]) / (len(ring) - 1) for axis in (0, 1))
    corners = [[round(lon + 0.9 * (x - lon), 9), round(lat + 0.9 * (y - lat), 9)] for x, y in ring]
    return {"type": "Polygon", "coordinates": [corners]}


def form(page: str) -> dict[str, str]:
    """The hidden marks of the page."""
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("seen", "before")}  # type: ignore[index] # the page has them


def draft(desk: Browser, case_id: int, geometry: dict[str, Any], **more: str) -> Any:
    address = f"/desk/cases/{case_id}/place-proposal?place=area"
    marks = form(desk.get(address).text)
    drawn = {"area.geometry": json.dumps(geometry), "area.source": "drawn"}
    return desk.post(address, {"act": "save", **marks, **drawn, **more})


def ask(case_id: int, **more: Any) -> None:
    with city_session(CITY) as session:
        moves.apply_transition(
            session, case_id, "request_correction", OFFICE, roles=("clerk",), inputs=moves.MoveInputs(**more)
        )


def place_of(case_id: int) -> Any:
    with city_session(CITY) as session:
        return open_answers(CITY, session.get_one(Case, case_id).answers)["area"]["geometry"]


def outcomes(case_id: int) -> list[str | None]:
    with city_session(CITY) as session:
        return [row.outcome for row in proposals_of_case(session, case_id)]


def accept(browser: Browser, page: str, **more: str) -> Any:
    text_ = browser.get(f"{page}/correction").text
    number = re.search(r'name="accept-proposal" value="([0-9]+)"', text_)
    assert number
    seen = re.search(r'name="case-seen" value="([^"]*)"', text_)
    assert seen
    return browser.post(f"{page}/correction", {"accept-proposal": number[1], "case-seen": seen[1], **more})


def send(browser: Browser, page: str, shown: str) -> Any:
    """The correction as it stands on the page."""
    inputs = {name: value for name, value in Page(shown).inputs.items() if name.startswith("area.")}
    return browser.submit(f"{page}/correction", **inputs)


def test_a_proposal_is_tried_sent_with_the_request_and_taken_over(office: Office, applied: Any) -> None:
    browser, case_id, page, before = applied
    after = smaller(before)
    address = f"/desk/cases/{case_id}/place-proposal?place=area"
    tried = office.roads.post(
        address,
        {
            "act": "check",
            **form(office.roads.get(address).text),
            "area.geometry": json.dumps(after),
            "area.source": "drawn",
        },
    )
    assert "案は、場所の決まりに合っています。" in tried.text and "→ 案" in tried.text
    assert (
        draft(office.roads, case_id, after, **{"corner-0": "2", "text-0": "車道にはみ出しています"}).status_code == 303
    )
    assert "まだ送っていません" in office.second.get(f"/desk/cases/{case_id}/place-proposals").text
    assert "案 1件を、一緒に送ります" in office.roads.get(f"/desk/cases/{case_id}").text
    ask(case_id)
    with city_session(CITY) as session:
        due = session.get_one(Case, case_id).fee["due"]
        assert outcomes(case_id) == [None]
        assert "area" in str(history(session, case_id)[-2].data)
    shown = browser.get(f"{page}/correction").text
    assert all(words in shown for words in ("市役所の案", "車道にはみ出しています", "角 2", "m² → 案", "<polygon"))
    took = accept(browser, page, **{"reply-to-office": "案でお願いします"})
    assert took.status_code == 200
    assert "市役所の案を、下の質問に入れました" in took.text and "案でお願いします" in took.text
    assert place_of(case_id) == before, "nothing is sent yet"
    assert send(browser, page, took.text).status_code == 303
    sent = place_of(case_id)
    assert outcomes(case_id) == ["accepted"]
    assert sent != before
    with city_session(CITY) as session:
        assert session.get_one(Case, case_id).fee["due"] != due, "the fee follows, as after any correction"
    drawer = office.roads.get(f"/desk/cases/{case_id}?tab=history").text
    assert "案のとおりに直されました" in drawer
    assert "案のとおりに直されました" in browser.get(page).text
    printed = office.roads.get(f"/desk/cases/{case_id}/place-proposals").text
    assert "案のとおりに直されました" in printed and "車道にはみ出しています" in printed
    with city_session(CITY) as session:
        case = session.get_one(Case, case_id)
        number = make_dossier(session, sent, case.number, OFFICE, case=case, field="area")
    assert "車道にはみ出しています" in office.roads.get(f"/desk/dossiers/{number}").text
    with city_session(CITY) as session:
        assert dossiers_of_case(session, case_id)
        stored = session.execute(text("SELECT row_to_json(p)::text FROM place_proposal p")).scalars().all()
        assert all("車道" not in row and "Polygon" not in row for row in stored)


def test_the_applicant_may_draw_another_or_stay(office: Office, applied: Any) -> None:
    browser, case_id, page, before = applied
    draft(office.roads, case_id, smaller(before))
    ask(case_id)
    own = smaller(smaller(before))
    drawn = {"area.geometry": json.dumps(own), "area.source": "drawn"}
    assert browser.submit(f"{page}/correction", **drawn).status_code == 303
    assert outcomes(case_id) == ["edited"]
    now = place_of(case_id)
    draft(office.roads, case_id, before, **{"corner-0": "1", "text-0": "前の形でよいです"})
    ask(case_id)
    assert send(browser, page, browser.get(f"{page}/correction").text).status_code == 303
    assert outcomes(case_id) == ["kept", "edited"]
    assert place_of(case_id) == now


def test_two_of_staff_at_once_are_told_and_so_is_who_is_late(office: Office, applied: Any) -> None:
    browser, case_id, page, before = applied
    address = f"/desk/cases/{case_id}/place-proposal?place=area"
    first, second = form(office.roads.get(address).text), form(office.second.get(address).text)
    drawn = {"area.geometry": json.dumps(smaller(before)), "area.source": "drawn"}
    assert office.roads.post(address, {"act": "save", **first, **drawn}).status_code == 303
    late = office.second.post(address, {"act": "save", **second, **drawn})
    assert (late.status_code, "ほかの人が先に変えました" in late.text) == (409, True)
    assert office.second.post(address, {"act": "discard", **second}).status_code == 409
    ask(case_id, note="場所を直してください。")
    own = {"area.geometry": json.dumps(smaller(smaller(before))), "area.source": "drawn"}
    assert browser.submit(f"{page}/correction", **own).status_code == 303
    overtaken = office.second.post(address, {"act": "save", **second, **drawn})
    assert (overtaken.status_code, "申請した人が場所を直しました" in overtaken.text) == (409, True)


def test_a_draft_that_the_place_has_left_behind_is_not_sent(office: Office, applied: Any) -> None:
    browser, case_id, page, before = applied
    ask(case_id, note="場所を直してください。", fields=("area",))
    draft(office.roads, case_id, smaller(before))
    own = {"area.geometry": json.dumps(smaller(smaller(before))), "area.source": "drawn"}
    assert browser.submit(f"{page}/correction", **own).status_code == 303
    with pytest.raises(Conflict, match="申請した人が場所を直しました"):
        ask(case_id)
    assert "申請した人が場所を直しました" in office.roads.get(f"/desk/cases/{case_id}/place-proposal?place=area").text
    marks = form(office.roads.get(f"/desk/cases/{case_id}/place-proposal?place=area").text)
    office.roads.post(f"/desk/cases/{case_id}/place-proposal?place=area", {"act": "discard", **marks})
    ask(case_id, note="もう一度直してください。")


def test_what_a_rule_holds_back_is_not_sent(office: Office, applied: Any) -> None:
    _browser, case_id, _page, before = applied
    away = {"type": "Polygon", "coordinates": [[[x + 0.5, y] for x, y in before["coordinates"][0]]]}
    assert draft(office.roads, case_id, away).status_code == 303
    assert "送れません" in office.roads.get(f"/desk/cases/{case_id}/place-proposal?place=area").text
    with pytest.raises(Invalid, match="決まりに合いません"):
        ask(case_id)


def test_a_withdrawn_case_has_no_use_for_it(office: Office, applied: Any) -> None:
    browser, case_id, page, before = applied
    draft(office.roads, case_id, smaller(before))
    ask(case_id)
    stale = browser.get(f"{page}/correction").text
    number = re.search(r'name="accept-proposal" value="([0-9]+)"', stale)
    assert number
    with city_session(CITY) as session:
        moves.apply_transition(session, case_id, "withdraw", Actor("applicant"), roles=("applicant",))
    assert outcomes(case_id) == ["ended"]
    refused = browser.post(f"{page}/correction", {"accept-proposal": number[1]})
    assert (refused.status_code, "市役所の場所の案は、使えません" in refused.text) == (409, True)
    closed = office.roads.get(f"/desk/cases/{case_id}/place-proposal?place=area")
    assert (closed.status_code, "この案件は終わっているので" in closed.text) == (409, True)
    assert "答えのないまま、終わりました" in office.roads.get(f"/desk/cases/{case_id}/place-proposals").text


def test_notes_alone_are_a_proposal_and_nothing_is_none(office: Office, applied: Any) -> None:
    browser, case_id, page, before = applied
    nothing = draft(office.roads, case_id, before)
    assert (nothing.status_code, "形を変えるか" in nothing.text) == (422, True)
    odd = draft(office.roads, case_id, before, **{"corner-0": "spot", "spot-0": "北, 東", "text-0": "ここ"})
    assert (odd.status_code, "角の番号を選ぶか" in odd.text, "北, 東" in odd.text) == (422, True, True)
    empty = draft(office.roads, case_id, before, **{"corner-0": "1"})
    assert (empty.status_code, "300文字まで" in empty.text) == (422, True)
    (x, y), step = before["coordinates"][0][0], 0.0001
    ring = [[x, y], [x + step, y + step], [x + step, y], [x, y + step], [x, y]]
    crossed = {"type": "Polygon", "coordinates": [ring]}
    crossing = draft(office.roads, case_id, crossed)
    assert crossing.status_code == 422
    assert (
        draft(
            office.roads, case_id, before, **{"corner-0": "spot", "spot-0": f"{y}, {x}", "text-0": "電柱があります"}
        ).status_code
        == 303
    )
    ask(case_id)
    shown = browser.get(f"{page}/correction").text
    assert "市役所が書いたこと" in shown and "電柱があります" in shown and "accept-proposal" not in shown


def test_it_is_for_those_who_may(app: Flask, office: Office, applied: Any) -> None:
    _browser, case_id, page, _before = applied
    address = f"/desk/cases/{case_id}/place-proposal?place=area"
    for method in (office.citizens.get, office.citizens.post):
        assert method(address).status_code in {403, 404}
        assert method(f"/desk/cases/{case_id}/place-proposals").status_code in {403, 404, 405}
    assert office.roads.get(f"/desk/cases/{case_id}/place-proposal?place=purpose").status_code == 404
    assert office.roads.get(f"/desk/cases/{case_id}/place-proposal").status_code == 404
    stranger = Browser(app, CITY)
    assert stranger.post(f"{page}/correction", {"accept-proposal": "1"}).status_code in {400, 403, 404}
    assert office.roads.at("mitaka").get(f"/desk/cases/{case_id}/place-proposals").status_code in {302, 303, 403, 404}


def test_two_who_save_in_the_same_moment_leave_one_draft(office: Office, applied: Any) -> None:
    _browser, case_id, _page, before = applied
    address = f"/desk/cases/{case_id}/place-proposal?place=area"
    marks = form(office.roads.get(address).text)
    start = Barrier(2)

    def save(desk: Browser) -> int:
        drawn = {"area.geometry": json.dumps(smaller(before)), "area.source": "drawn"}
        start.wait()
        return int(desk.post(address, {"act": "save", **marks, **drawn}).status_code)

    office.second.get(address)
    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(save, (office.roads, office.second))) == [303, 409]
    assert outcomes(case_id) == [None]
