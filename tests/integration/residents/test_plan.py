"""From a window of the first page through questions to a plan: without script, back and forth, with odd answers."""

import re
from datetime import date, timedelta

import pytest
from icalendar import Calendar

from tests.kit.browser import Browser

QUESTION, PLAN = "/plan/question", "/plan"


def answer(browser: Browser, **answers: str) -> str:
    """Answer questions by their facts until the page asks something that is not among them; return the page."""
    while True:
        page = browser.get(QUESTION)
        if page.status_code == 303:
            return browser.get(PLAN).text
        names = re.findall(r'name="fact" value="([^"]+)"', page.text)
        if len(names) > 1:
            fields: dict[str, object] = {
                "fact": names,
                "ticked": [name for name in names if answers.get(name) == "yes"],
            }
        elif names[0] in answers:
            fields = {"fact": names, names[0]: answers[names[0]]}
        else:
            return page.text
        assert browser.post(QUESTION, fields).status_code == 303


@pytest.fixture
def moving(browser: Browser) -> Browser:
    browser.get("/life/moving")
    assert browser.post("/plan/begin/moving", {}).status_code == 303
    return browser


def test_a_family_is_led_from_the_window_to_its_plan(moving: Browser) -> None:
    page = moving.get(QUESTION).text
    assert "どの引越しですか。" in page
    assert "この質問の理由" in page
    moved_on = date(2026, 4, 1).isoformat()
    plan = answer(
        moving, move_kind="in", moved_on=moved_on, has_dog="yes", household_has_children="yes", is_public_servant="no"
    )
    assert "手続きの計画" in plan
    assert "転入届" in plan
    assert "犬を飼っている" in plan
    assert "粗大ごみ" not in re.sub(r"(?s)計画のもとになった答え.*", "", plan)
    calendar = moving.get("/plan/calendar")
    assert calendar.mimetype == "text/calendar"
    moving_in = next(event for event in Calendar.from_ical(calendar.text).events if "転入届" in event["summary"])
    assert (moving_in.start, moving_in.end) == (date(2026, 4, 15), date(2026, 4, 16))
    assert [alarm.TRIGGER for alarm in moving_in.walk("VALARM")] == [timedelta(days=-3, hours=9)]


def test_an_answer_is_changed_without_losing_the_others(moving: Browser) -> None:
    answer(moving, move_kind="in", moved_on="2026-04-01")
    page = moving.get(f"{QUESTION}?fact=move_kind").text
    assert re.search(r'value="in" checked', page)
    moving.post(QUESTION, {"fact": "move_kind", "move_kind": "out"})
    assert "引っ越した日" in moving.get(PLAN).text
    assert "この市から、ほかの市区町村へ" in moving.get(PLAN).text


def test_not_knowing_keeps_the_procedure_to_be_confirmed(moving: Browser) -> None:
    day = {"fact": "moved_on", "moved_on": ["", "unsure"]}  # the empty input, and the button beside it
    assert moving.post(QUESTION, day).status_code == 303
    plan = answer(moving, move_kind="unsure")
    assert "該当するか確認" in plan or "該当するか確認" in moving.get(PLAN).text


def test_what_cannot_be_an_answer_is_told_and_stays_typed(moving: Browser) -> None:
    page = moving.post(QUESTION, {"fact": "moved_on", "moved_on": "きのう"})
    assert page.status_code == 422
    assert 'value="きのう"' in page.text
    assert moving.post(QUESTION, {"fact": "move_kind", "move_kind": "sideways"}).status_code == 422
    assert moving.post(QUESTION, {"fact": "nothing", "nothing": "1"}).status_code == 404
    assert moving.post(QUESTION, {}).status_code == 404
    assert moving.get(f"{QUESTION}?fact=nothing").status_code == 404


def test_two_tabs_may_answer_one_after_the_other(moving: Browser) -> None:
    for kind in ("in", "within"):
        assert moving.post(QUESTION, {"fact": "move_kind", "move_kind": kind}).status_code == 303
    assert "この市の中で" in moving.get(PLAN).text


def test_without_a_plan_the_page_says_how_to_begin(browser: Browser) -> None:
    for path in (QUESTION, PLAN, "/plan/calendar"):
        page = browser.get(path)
        assert page.status_code == 404
        assert "最初のページの窓口から" in page.text


def test_a_plan_is_dropped_when_the_person_says_so(moving: Browser) -> None:
    moving.get(PLAN)
    moving.post("/plan/forget", {})
    assert moving.get(PLAN).status_code == 404


def test_a_helper_sees_the_plan_by_its_link_until_it_is_ended(moving: Browser, other_browser: Browser) -> None:
    answer(moving, move_kind="in", moved_on="2026-04-01")
    made = moving.post("/plan/link", {})
    [address] = re.findall(r'value="http://[^"]+(/plan/shared/[^"]+)"', made.text)
    seen = other_browser.get(address).text
    assert "転入届" in seen
    assert "/plan/question" not in seen
    assert other_browser.get(PLAN).status_code == 404
    assert other_browser.post(f"{address}/take", {}).status_code == 303
    assert "転入届" in other_browser.get(PLAN).text
    assert other_browser.at("mitaka").get(address).status_code in (400, 404)
    moving.post("/plan/link/end", {})
    ended = other_browser.get(address)
    assert ended.status_code == 404
    assert "計画を作った方に" in ended.text
