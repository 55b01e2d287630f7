"""From a window of the first page through questions to a plan: without script, back and forth, with odd answers."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from icalendar import Calendar

from portal import procedures, routing
from portal.cli.installing import install
from portal.core.clock import frozen, now, today
from portal.core.database import city_session
from portal.identity import list_departments
from portal.procedures import queries
from portal.routing import links as routing_links
from tests.integration.residents.conftest import CITY
from tests.kit.browser import Browser
from tests.kit.catalogue import shipped_source

MOVES_IN = "ほかの市区町村から、この市へ"
KEEPER = "plan-keeper@example.jp"
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


@contextmanager
def offered(*keys: str) -> Iterator[None]:
    """The city offers these procedures of the catalogue, too, for a while."""
    with city_session(CITY) as session:
        for key in keys:
            install(session, shipped_source(key), None)
            procedures.reopen_procedure(session, queries.procedure(session, key))
    yield
    with city_session(CITY) as session:
        for key in keys:
            procedures.close_procedure(session, queries.procedure(session, key))


@pytest.fixture
def with_others(moving: Browser) -> Iterator[Browser]:
    """The same person in a city that also says what the former city and the waterworks are told."""
    with offered("former-city-moving-out", "water-service"):
        yield moving


def test_what_the_former_city_is_told_stands_first_and_the_waterworks_take_their_own(with_others: Browser) -> None:
    plan = answer(
        with_others,
        move_kind="in",
        moved_on=(today() - timedelta(days=5)).isoformat(),
        has_dog="yes",
        household_has_children="yes",
        is_public_servant="no",
    )
    headings = [
        plan.index(words)
        for words in ("はじめに、ほかの機関ですること", "転出届（前にお住まい", "オンラインで、いまできること")
    ]
    assert headings == sorted(headings)
    [water] = [card for card in re.findall(r"(?s)<article.*?</article>", plan) if "/procedures/water-service" in card]
    assert "東京都水道局" in water
    assert "<dt>担当</dt>" not in water
    assert "目安の日を過ぎていますが、申し込めます" in water


def begun(browser: Browser, window: str) -> Browser:
    browser.get(f"/life/{window}")
    assert browser.post(f"/plan/begin/{window}", {}).status_code == 303
    return browser


def figures(plan: str) -> list[str]:
    """What the tiles at the head of a plan are called."""
    return re.findall(r"<dt>(.*?)</dt>", plan.split('class="key-figures"')[1].split("</dl>", maxsplit=1)[0])


def test_what_is_overdue_stands_before_the_next_deadline(moving: Browser) -> None:
    answer(moving, move_kind="in", moved_on=(today() - timedelta(days=60)).isoformat())
    late = moving.get(PLAN).text
    assert figures(late)[1] == "期限を過ぎたもの"
    assert "最初の期限" not in late
    moving.post(QUESTION, {"fact": "moved_on", "moved_on": today().isoformat()})
    assert figures(moving.get(PLAN).text)[1] == "最初の期限"


def test_answers_that_need_nothing_say_so_and_lead_on(browser: Browser) -> None:
    plan = answer(begun(browser, "birth"), birth="no", household_has_children="no")
    assert "いまの答えでは、必要な手続きはありません" in plan
    assert 'href="/procedures"' in plan
    assert 'href="/plan/question"' not in plan
    assert "/plan/calendar" not in plan
    assert "data-print" not in plan


def test_a_notification_of_death_stands_first_unless_the_undertaker_files_it(browser: Browser) -> None:
    with offered("death-notification", "bereavement-counter", "property-owner", "pension-death", "pension-unpaid"):
        begun(browser, "mourning")
        known = (today() - timedelta(days=8)).isoformat()
        answer(
            browser,
            death_notification_filed="no",
            died_abroad="no",
            deceased_pension="employees",
            death_known_on=known,
            deceased_owned_property="yes",
        )
        plan = browser.get(PLAN).text
        titles = re.findall(r"<h2 id=\"group-\d+\">(.*?)</h2>", plan)
        assert titles[0] == "はじめに、市役所ですること"
        assert "はじめに、ほかの機関ですること" not in titles
        assert "/procedures/death-notification" in plan
        browser.post(QUESTION, {"fact": "death_notification_filed", "death_notification_filed": "yes"})
        plan = browser.get(PLAN).text
        assert "/procedures/death-notification" not in plan
        assert "期限を過ぎたもの" not in plan
        assert "/procedures/bereavement-counter" in plan


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
    page = moving.post(QUESTION, {"fact": "moved_on", "moved_on": "先週"})
    assert page.status_code == 422
    assert 'value="先週"' in page.text
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
    elsewhere = other_browser.at("mitaka").get(address)
    assert elsewhere.status_code == 404
    assert "この市のものではありません" in elsewhere.text
    moving.post("/plan/link/end", {})
    ended = other_browser.get(address)
    assert ended.status_code == 404
    assert "計画を作った方に" in ended.text


def test_two_tabs_that_answer_at_the_same_moment_break_nothing(moving: Browser) -> None:
    """The visit keeps what was saved last; an answer that went under is asked again, so that the plan is the same."""
    tabs = [moving.copy() for _number in range(2)]
    forms = ({"fact": "move_kind", "move_kind": "in"}, {"fact": "moved_on", "moved_on": "2026-04-01"})
    with ThreadPoolExecutor(2) as threads:
        sent = list(threads.map(lambda tab, form: tab.post(QUESTION, form), tabs, forms))
    assert [each.status_code for each in sent] == [303, 303]
    answer(moving, move_kind="in", moved_on="2026-04-01")
    plan = moving.get(PLAN).text
    assert MOVES_IN in plan
    assert "4月15日" in plan


def test_what_is_asked_no_more_is_dropped_and_the_page_says_so(browser: Browser) -> None:
    facts = {
        "moving": [True, "entrance", ""],
        "move_kind": ["in", "resident", ""],
        "fact_of_old": [True, "resident", ""],
        "moved_on": [7, "resident", ""],
    }
    with city_session(CITY) as session:
        _number, token = routing.make_link(session, {"event": "moving", "facts": facts, "asked": list(facts)})
        _number, closed = routing.make_link(session, {"event": "no-such-window", "facts": {}, "asked": []})
    page = browser.get(f"/plan/shared/{token}").text
    assert "前の答えの一部を消しました" in page
    assert MOVES_IN in page
    assert browser.post(f"/plan/shared/{token}/take", {}).status_code == 303
    assert browser.get(QUESTION).status_code == 200
    assert browser.get(f"/plan/shared/{closed}").status_code == 404


def cards(page: str) -> list[str]:
    """The kept plans on My page, by their numbers."""
    return re.findall(r'action="/me/plans/(\d+)/open"', page)


def test_an_account_keeps_a_plan_on_every_device_and_each_answer_changes_it(
    moving: Browser, other_browser: Browser
) -> None:
    answer(moving, move_kind="in")
    signed_out = moving.post("/plan/keep", {})
    assert "/sign-in" in signed_out.location
    moving.sign_in(KEEPER)
    assert "手続きの計画" in moving.get(PLAN).text, "what was answered before signing in is still there"
    moving.post("/plan/keep", {})
    assert "取ってあります" in moving.get(PLAN).text
    moving.post("/plan/keep", {})
    [number] = cards(moving.get("/me").text)
    other_browser.sign_in(KEEPER)
    other_browser.get("/me")
    assert other_browser.post(f"/me/plans/{number}/open", {}).location == PLAN
    other_browser.get(PLAN)
    other_browser.post(QUESTION, {"fact": "move_kind", "move_kind": "out"})
    moving.get("/me")
    moving.post(f"/me/plans/{number}/open", {})
    assert "この市から、ほかの市区町村へ" in moving.get(PLAN).text
    moving.post("/plan/forget", {})
    assert cards(moving.get("/me").text) == [number], "it goes from this screen alone"
    moving.post(f"/me/plans/{number}/remove", {})
    assert cards(moving.get("/me").text) == []
    gone = other_browser.post(f"/me/plans/{number}/open", {})
    assert gone.status_code == 404
    assert "もう取ってありません" in gone.text
    assert other_browser.post(QUESTION, {"fact": "move_kind", "move_kind": "in"}).status_code == 303
    assert cards(other_browser.get("/me").text) == [], "an answer does not bring it back"


def test_a_kept_plan_is_its_accounts_alone_and_ends_by_itself(moving: Browser, other_browser: Browser) -> None:
    moving.sign_in(KEEPER)
    moving.get(PLAN)
    moving.post("/plan/keep", {})
    [number] = cards(moving.get("/me").text)
    other_browser.sign_in("plan-stranger@example.jp")
    other_browser.get("/me")
    assert other_browser.post(f"/me/plans/{number}/open", {}).status_code == 404
    other_browser.post(f"/me/plans/{number}/remove", {})
    assert cards(moving.get("/me").text) == [number]
    with frozen(now() + timedelta(days=181)), city_session(CITY) as session:
        routing_links.delete_expired(session)
    assert cards(moving.get("/me").text) == []


def test_links_that_an_account_made_are_ended_on_another_device(moving: Browser, other_browser: Browser) -> None:
    moving.sign_in(KEEPER)
    moving.get(PLAN)
    [address] = re.findall(r'value="http://[^"]+(/plan/shared/[^"]+)"', moving.post("/plan/link", {}).text)
    other_browser.sign_in(KEEPER)
    other_browser.get("/life/moving")
    other_browser.post("/plan/begin/moving", {})
    assert "作ったリンクを止める" in other_browser.get(PLAN).text
    other_browser.post("/plan/link/end", {})
    assert moving.get(address).status_code == 404


def test_the_places_to_go_to_stand_on_a_map_and_in_words(moving: Browser) -> None:
    with city_session(CITY) as session:
        for department in list_departments(session):
            department.position = [139.3949, 35.6713]
    answer(moving, move_kind="in", moved_on="2026-04-01", has_dog="yes")
    page = moving.get(PLAN).text
    assert "行くところの地図" in page
    assert "日野市役所" in page
    assert "https://maps.gsi.go.jp/#17/35.6713/139.3949/" in page


def place(browser: Browser, **posted: str) -> tuple[int, str]:
    """Post the question of the new address; the status, and the page or where it leads."""
    answered = browser.post(
        QUESTION, {"fact": "new_home", **{name.replace("__", "."): text for name, text in posted.items()}}
    )
    return answered.status_code, answered.location or answered.text


@pytest.fixture
def with_school(moving: Browser) -> Iterator[Browser]:
    """The same person in a city that also offers what asks for a school district."""
    with offered("school-transfer"):
        yield moving


def test_an_address_is_confirmed_beside_what_the_map_says_there_and_no_house_number_is_kept(
    with_school: Browser,
) -> None:
    answer(with_school, move_kind="in", moved_on="2026-04-01")
    status, page = place(with_school, words="多摩平2-10-1")
    assert status == 200
    assert 'name="new_home.seen" value="多摩平二丁目"' in page
    assert "https://maps.gsi.go.jp/" in page
    assert 'value="多摩平2-10-1"' in page
    status, page = place(with_school, words="多摩平", new_home="多摩平二丁目", new_home__seen="多摩平二丁目")
    assert (status, page) == (303, QUESTION)
    again = with_school.get(f"{QUESTION}?fact=new_home").text
    assert 'value="多摩平二丁目"' in again
    assert "2-10-1" not in again
    status, page = place(with_school, words="多摩平3", new_home__seen="多摩平二丁目")
    assert (status, 'value="多摩平三丁目"' in page) == (200, True), (
        "another place than the one that was shown is shown first"
    )


def test_a_place_is_named_in_japanese_and_as_it_is_read(with_school: Browser) -> None:
    answer(with_school, move_kind="in", moved_on="2026-04-01")
    with_school.get(f"{QUESTION}?lang=en")
    status, page = place(with_school, words="多摩平2-10-1")
    assert status == 200
    assert "Tamadaira 2-chome" in page
    assert '<span lang="ja">多摩平二丁目</span>' in page


def test_a_point_on_the_map_is_a_place_of_the_city(with_school: Browser) -> None:
    answer(with_school, move_kind="in", moved_on="2026-04-01")
    point = {"new_home__geometry": '{"type": "Point", "coordinates": [139.3949, 35.6713]}', "new_home__source": "drawn"}
    form = {"fact": "new_home", **{name.replace("__", "."): text for name, text in point.items()}}
    shown = with_school.post(f"{QUESTION}/place", form).text
    [near] = re.findall(r'name="new_home.seen" value="([^"]+)"', shown)
    assert place(with_school, **point, new_home__seen=near) == (303, QUESTION)
    assert near in with_school.get(PLAN).text
    for geometry in ('{"type": "Point", "coordinates": [139.7, 35.6]}', '{"type": "Point"', "[]", '"x"'):
        status, page = place(with_school, new_home__geometry=geometry, new_home__source="drawn")
        assert (status, "市の外にあります" in page) == (422, True)
    assert with_school.post(f"{QUESTION}/place", {"fact": "has_dog"}).status_code == 404
