"""The pages of limited places, appointments and lotteries, from the option to the desk, without a script."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from forms import Definition, load
from portal.bookings.models import Appointment, CapacityClaim
from portal.cases import lotteries
from portal.cases.models import Case
from portal.core.clock import TOKYO, frozen, now
from portal.core.database import city_session
from tests.integration.bookings.definitions import COURSE, GARDEN, NURSERY, ROOM, VISIT
from tests.kit.browser import Browser
from tests.kit.city import furnish, hire

SOURCES = {
    "test-course": COURSE,
    "test-garden": GARDEN,
    "test-nursery": NURSERY,
    "test-room": ROOM,
    "test-visit": VISIT,
}
NAME = {"family": "佐藤", "given": "美咲"}
DAY = datetime(2026, 12, 1, 10, tzinfo=TOKYO)
DECIDER = "decider@example.jp"
SOUTH = {"id": "south", "label": {"ja": "南園"}, "values": {"name": "南園"}}


@pytest.fixture
def town(app: Flask, city: str) -> Flask:
    with city_session(city) as session:
        furnish(session, SOURCES)
    hire(city, DECIDER, {"environment": {"clerk", "decider"}})
    return app


def definition(key: str) -> Definition:
    return load(SOURCES[key])


def resident(town: Flask, name: str) -> Browser:
    return Browser(town).sign_in(f"{name}@example.jp")


def cases(key: str) -> list[Case]:
    with city_session("hino") as session:
        return list(session.scalars(select(Case).where(Case.procedure_key == key).order_by(Case.id)))


def to_review(browser: Browser, key: str, answers: dict[str, object]) -> str:
    return browser.fill(browser.start(key), definition(key), answers)


def test_a_course_shows_what_is_left_holds_it_and_lets_people_wait(town: Flask) -> None:
    first, second = resident(town, "misaki"), resident(town, "kenji")
    address = first.start("test-course")
    assert "残り2人" in first.get(address).text
    answers = {"name": NAME, "course": "pottery", "people": 2}
    review = first.get(first.fill(address, definition("test-course"), answers)).text
    assert re.search(r"(29|30)分のあいだ、この枠を確保しています", review)
    assert "定員(陶芸)" in review
    waiting = to_review(second, "test-course", answers)
    full = second.get(waiting).text
    assert "「定員(陶芸)」は、満員です。" in full
    assert "支払って申請を送る" not in full
    assert "満員(キャンセル待ちができます)" in second.get(waiting.replace("/review", "/seat")).text
    second.get(waiting)
    assert second.post(waiting.replace("/review", "/waiting")).status_code == 303
    assert "キャンセル待ちの1番目です。" in second.get(waiting).text
    sent = first.agree(address.rpartition("/")[0] + "/review")
    assert sent.status_code in {303, 307}
    (case,) = cases("test-course")
    page = first.get(f"/me/cases/{case.public_id}").text
    assert "定員(陶芸)" in page
    question = first.get(f"/me/cases/{case.public_id}/withdraw").text
    seen = re.findall(r'name="seen" value="([^"]+)"', question)
    table = Browser(town).sign_in_at_desk(DECIDER).get("/desk/places").text
    row = re.search(r"<td>定員\(陶芸\)</td>.*?</tr>", table, re.DOTALL)
    assert row
    assert re.findall(r'numeric">(\d+)', row[0]) == ["2", "0", "2", "2", "0"]  # not paid yet, and somebody waits
    withdrawn = first.post(f"/me/cases/{case.public_id}/withdraw", {"seen": seen[0]})
    assert withdrawn.status_code == 303, withdrawn.text
    assert "この枠を確保しています" in second.get(waiting).text


def test_an_appointment_is_chosen_changed_and_seen_at_the_desk(town: Flask) -> None:
    with frozen(DAY):
        browser, other = resident(town, "misaki"), resident(town, "kenji")
        address = browser.start("test-visit")
        page = browser.get(address).text
        assert page.count('<details class="slot-day"') == 19  # the open days of the next thirty
        assert 'value="2026-12-07T10:00"' in page
        assert (
            browser.post(
                address, {"name.family": "佐藤", "name.given": "美咲", "visit": "2026-12-05T10:00"}
            ).status_code
            == 422
        )
        review = browser.fill(address, definition("test-visit"), {"name": NAME, "visit": "2026-12-07T10:00"})
        assert "2026年12月7日(月) 10時〜11時" in browser.get(review).text
        assert browser.agree(review).status_code == 303
        (case,) = cases("test-visit")
        own = f"/me/cases/{case.public_id}"
        assert "予約の日時を変える" in browser.get(own).text
        calendar = browser.get(f"{own}/calendar")
        assert calendar.mimetype == "text/calendar"
        assert "DTSTART:20261207T010000Z\r\n" in calendar.text
        assert other.get(f"{own}/calendar").status_code in {303, 404}
        refused = browser.submit(f"{own}/appointments/visit", visit="2026-12-05T10:00")
        assert refused.status_code == 422
        assert "空いている日時の中から選んでください。" in refused.text
        assert browser.submit(f"{own}/appointments/visit", visit="2026-12-08T09:00").status_code == 303
        clerk = Browser(town).sign_in_at_desk(DECIDER)
        day = clerk.get("/desk/appointments?day=2026-12-08").text
        assert case.number in day
        assert "09:00〜10:00" in day
        blocked = clerk.post(
            "/desk/appointments/blocks",
            {"day": "2026-12-08", "resource": "consultation", "start": "09:00", "end": "12:00"},
        )
        assert blocked.status_code == 303
        assert "受け付けない時間" in clerk.get(blocked.location).text
        assert 'value="2026-12-08T09:00"' not in other.get(other.start("test-visit")).text
        wrong = clerk.post("/desk/appointments/blocks", {"day": "2026-12-08", "resource": "consultation", "start": "x"})
        assert wrong.status_code == 422
        with city_session("hino") as session:
            block = session.scalars(select(Appointment).where(Appointment.staff_id.is_not(None))).one()
        clerk.get("/desk/appointments?day=2026-12-08")
        assert clerk.post(f"/desk/appointments/blocks/{block.id}/lift").status_code == 303
        assert 'value="2026-12-08T09:00"' in other.get(other.start("test-visit")).text


def test_of_two_who_looked_at_the_same_hour_the_second_is_told_before_sending(town: Flask) -> None:
    with frozen(DAY):
        first, second = resident(town, "misaki"), resident(town, "kenji")
        answers = {"name": NAME, "room": "a", "use": "2026-12-06T09:00"}
        late = to_review(second, "test-room", answers)
        review = to_review(first, "test-room", answers)
        assert "この枠を確保しています" in first.get(review).text
        page = second.get(late).text
        assert "もう空いていません" in page
        assert "空きがないため、送れません。" in page
        assert first.agree(review).status_code == 303
        free = second.get(late.replace("/review", "/use")).text
        assert 'value="2026-12-06T09:00"' not in free
        assert "午前" in free


def test_a_lottery_is_drawn_at_the_desk_and_everybody_can_see_how(town: Flask) -> None:
    with frozen(datetime(2027, 1, 20, 10, tzinfo=TOKYO)):
        early = Browser(town)
        assert "2月1日(月)から受け付けます。" in early.get("/procedures/test-garden").text
    with frozen(datetime(2027, 2, 10, 10, tzinfo=TOKYO)):
        for name in ("misaki", "kenji"):
            answers = {"name": NAME, "first": "large"}
            browser = resident(town, name)
            assert browser.agree(to_review(browser, "test-garden", answers)).status_code == 303
        own = f"/me/cases/{cases('test-garden')[-1].public_id}"
        assert "抽選待ち" in browser.get(own).text
    with frozen(datetime(2027, 2, 16, 10, tzinfo=TOKYO)):
        clerk = Browser(town).sign_in_at_desk(DECIDER)
        page = clerk.get("/desk/lotteries").text
        assert "2件の申し込み" in page
        form = dict(re.findall(r'type="hidden" name="(procedure|rule|edition)" value="([^"]*)"', page))
        drawn = clerk.post("/desk/lotteries/draw", form)
        assert drawn.status_code == 303
        result = Browser(town).get(drawn.location).text
        for case in cases("test-garden"):
            assert case.number in result
        assert "第1希望" in result
        assert "補欠 1番" in result
        again = clerk.post("/desk/lotteries/draw", form)
        assert again.location.endswith("/desk/lotteries")
        assert re.search("当選|補欠", browser.sign_in("kenji@example.jp").get(own).text)


def test_places_by_points_are_decided_at_the_desk_and_nobody_reads_the_points(town: Flask) -> None:
    with frozen(datetime(2026, 11, 10, 10, tzinfo=TOKYO)):
        with city_session("hino") as session:
            lotteries.commit_to_lotteries(session)
        promise = Browser(town).get("/procedures/test-nursery").text
        assert "点数が同じときの約束" in promise
        assert "抽選" not in promise
        for name, hours in (("misaki", 30), ("kenji", 1600)):
            answers: dict[str, object] = {
                "name": NAME,
                "birthday": "2026-08-01",
                "hours": hours,
                "single": False,
                "income": 1,
                "wishes": [SOUTH],
            }
            browser = resident(town, name)
            assert browser.agree(to_review(browser, "test-nursery", answers)).status_code == 303
        own = f"/me/cases/{cases('test-nursery')[-1].public_id}"
        assert "選考待ち" in browser.get(own).text
    with frozen(datetime(2026, 12, 2, 10, tzinfo=TOKYO)):
        clerk = Browser(town).sign_in_at_desk(DECIDER)
        page = clerk.get("/desk/lotteries").text
        assert "選考する" in page
        form = dict(re.findall(r'type="hidden" name="(procedure|rule|edition)" value="([^"]*)"', page))
        drawn = clerk.post("/desk/lotteries/draw", form)
        result = Browser(town).get(drawn.location).text
        assert "選考の結果" in result
        assert "決定：利用定員(南園・0)(第1希望)" in result
        assert "補欠 1番" in result
        assert "160" not in re.sub(r"<code.*?</code>", "", result)
        assert "決定" in browser.sign_in("kenji@example.jp").get(own).text


def test_what_somebody_held_and_left_is_free_after_its_time(town: Flask) -> None:
    browser = resident(town, "misaki")
    review = to_review(browser, "test-course", {"name": NAME, "course": "pottery", "people": 2})
    browser.get(review)
    with city_session("hino") as session:
        (claim,) = session.scalars(select(CapacityClaim))
        assert claim.expires_at is not None
        assert claim.expires_at < now() + timedelta(minutes=31)
    with frozen(now() + timedelta(minutes=31)):
        other = resident(town, "kenji")
        assert "残り2人" in other.get(other.start("test-course")).text
