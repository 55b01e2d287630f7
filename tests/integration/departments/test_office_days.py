"""The days on which a city is closed besides holidays, and the hours of its windows: what they change for deadlines, days to choose and residents."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from common.open_days import add_open_days, is_open, is_open_by_law, receives_visitors
from portal import bookings
from portal.core.clock import TOKYO, today
from portal.core.database import city_session
from portal.core.events import SYSTEM, Event
from portal.core.tenancy import change_city, city_row
from portal.identity import department_by_key
from portal.identity.actions import create_staff
from portal.identity.department_administration import Particulars, save_department
from tests.integration.identity.test_departments import enter, hidden
from tests.kit.browser import Browser
from tests.kit.city import bare_case, inhabited
from tests.kit.people import PASSWORD, SECRET

PAGE = "/desk/city/days"


@pytest.fixture
def hall(app: Flask, scratch_city: str) -> Iterator[SimpleNamespace]:
    """An administrator of the whole city and one of the roads office, at their desks; at the end the city has no days of its own."""
    with city_session(scratch_city) as session:
        roads = save_department(session, SYSTEM, "road-management", Particulars({"ja": "道路課"})).id
        for name, office in (("chief", None), ("local", roads)):
            create_staff(
                session, f"{name}@city.example.jp", f"{name} 職員", PASSWORD, {office: {"admin"}}, totp_secret=SECRET
            )
    yield SimpleNamespace(
        city=scratch_city, chief=enter(app, "chief"), local=enter(app, "local"), resident=Browser(app)
    )
    with city_session(scratch_city) as session:
        change_city(session, city_row(session).number, {"closed_days": [], "window_hours": []})


def an_open_day(ahead: int = 10) -> date:
    """A day on which city halls are open, so many days from now or a little later, and its last one of the year never."""
    day = today() + timedelta(days=ahead)
    while not is_open_by_law(day):
        day += timedelta(days=1)
    return day


def close(hall: SimpleNamespace, day: date, **names: str) -> None:
    query = {"day": day.isoformat(), "name_ja": "開庁記念日", **names}
    looked = hall.chief.get(f"{PAGE}/closing?{urlencode(query)}")
    assert looked.status_code == 200, looked.text
    kept = hall.chief.post(PAGE + "/closing", query | {"seen": hidden(looked.text, "seen")})
    assert kept.status_code == 303, kept.text


def seen(hall: SimpleNamespace) -> dict[str, str]:
    return {"seen": hidden(hall.chief.get(PAGE).text, "window_seen")}


def events_of(hall: SimpleNamespace) -> list[tuple[str, dict[str, object]]]:
    with city_session(hall.city) as session:
        rows = select(Event.name, Event.data).where(Event.subject_kind == "city", Event.actor_kind == "staff")
        return [(name, data) for name, data in session.execute(rows.order_by(Event.id))]


def test_a_closed_day_counts_for_no_deadline_and_residents_read_it(hall: SimpleNamespace) -> None:
    day = an_open_day()
    before = day - timedelta(days=1)
    close(hall, day, name_en="City Day")
    with city_session(hall.city):
        assert not is_open(day)
        assert not receives_visitors(day)
        assert add_open_days(before, 1) > day
    assert is_open(day), "other cities are open"
    assert "開庁記念日" in hall.resident.get("/help").text
    assert "City Day" in hall.resident.get("/help?lang=en").text
    assert events_of(hall)[-1] == ("city.day_closed", {"day": day.isoformat()})


def test_what_a_closed_day_affects_is_said_before_it_counts(hall: SimpleNamespace) -> None:
    day = an_open_day()
    looked = hall.chief.get(f"{PAGE}/closing?{urlencode({'day': day.isoformat(), 'name_ja': '停電'})}")
    assert "この日の予約はありません" in looked.text
    assert "この日が期限の案件：0件" in looked.text
    with city_session(hall.city):
        assert is_open(day)


def test_who_has_booked_the_day_is_named_before_it_is_closed(app: Flask) -> None:
    day = an_open_day()
    begins = datetime.combine(day, time(10), TOKYO)
    with inhabited(["hino"], ["road-damage"]):
        with city_session("hino") as session:
            roads = department_by_key(session, "road-management")
            assert roads is not None
            create_staff(
                session,
                "chief@city.example.jp",
                "木村 環",
                PASSWORD,
                {None: {"admin"}, roads.id: {"clerk"}},
                totp_secret=SECRET,
            )
            create_staff(session, "admin@city.example.jp", "山田 次郎", PASSWORD, {None: {"admin"}}, totp_secret=SECRET)
            case = bare_case(session, "road-damage")
            ends = begins + timedelta(minutes=30)
            bookings.book(
                session,
                "visit",
                bookings.Time("counter", 1, begins, ends, ends),
                bookings.Holder(case_id=case.id),
                until=None,
            )
            number = case.number
        address = f"{PAGE}/closing?{urlencode({'day': day.isoformat(), 'name_ja': '停電'})}"
        looked = enter(app, "chief").get(address).text
        assert "1件の予約が入っています" in looked
        assert number in looked
        elsewhere = enter(app, "admin").get(address).text
        assert "ほかの課の案件です" in elsewhere
        assert number not in elsewhere


def test_a_closed_day_is_opened_again_until_it_is_over(hall: SimpleNamespace) -> None:
    day = an_open_day()
    close(hall, day)
    assert hall.chief.post(f"{PAGE}/opening", seen(hall) | {"day": str(day)}).status_code == 303
    with city_session(hall.city) as session:
        assert is_open(day)
        past = {"day": (today() - timedelta(days=3)).isoformat(), "name": {"ja": "停電"}}
        change_city(session, city_row(session).number, {"closed_days": [past]})
    refused = hall.chief.post(f"{PAGE}/opening", seen(hall) | {"day": past["day"]})
    assert refused.status_code == 422
    assert "過ぎた休みは、取り消せません" in refused.text
    assert hall.chief.post(f"{PAGE}/opening", seen(hall) | {"day": str(day)}).status_code == 404


WRONG = [
    ({"day": "2026-13-01"}, "カレンダーから選ぶか"),
    ({"day": "2020-01-06"}, "過ぎた日は"),
    ({"day": "2099-01-06"}, "年までの日を"),
    ({"day": "saturday"}, "もともと休みです"),
    ({"name_ja": ""}, "休みの名前を入力してください"),
    ({"name_zh": "休" * 41}, "40文字まで"),
]


def test_a_day_that_cannot_be_closed_is_said_beside_its_field(hall: SimpleNamespace) -> None:
    saturday = today() + timedelta(days=(5 - today().weekday()) % 7 or 7)
    for changed, sentence in WRONG:
        query = {"day": an_open_day().isoformat(), "name_ja": "<b>休み</b>"} | changed
        query["day"] = saturday.isoformat() if query["day"] == "saturday" else query["day"]
        refused = hall.chief.get(f"{PAGE}/closing?{urlencode(query)}")
        assert refused.status_code == 422, changed
        assert sentence in refused.text
        assert "<b>休み" not in refused.text
    assert events_of(hall) == []


def test_the_days_of_a_year_are_copied_into_the_next(hall: SimpleNamespace) -> None:
    day = an_open_day()
    close(hall, day)
    copied = hall.chief.post(f"{PAGE}/copy", seen(hall) | {"year": str(day.year)})
    assert copied.status_code == 303
    there = day.replace(year=day.year + 1)
    with city_session(hall.city) as session:
        days = [entry.day for entry in city_row(session).closed_days]
    assert days == ([day, there] if is_open_by_law(there) else [day])
    again = hall.chief.post(f"{PAGE}/copy", seen(hall) | {"year": str(day.year)})
    assert "写せる日は、ありませんでした" in hall.chief.get(again.location).text


def test_a_window_is_open_on_some_saturdays_for_visitors_and_not_for_deadlines(hall: SimpleNamespace) -> None:
    given = {"window_name_ja": "市民課の窓口", "window_weekday": "5", "window_weeks": ["2", "4"]}
    given |= {"window_opens": "９:00", "window_closes": "12:00", "window_seen": seen(hall)["seen"]}
    assert hall.chief.post(f"{PAGE}/hours", given).status_code == 303
    second, third = date(2027, 6, 12), date(2027, 6, 19)
    with city_session(hall.city):
        assert (receives_visitors(second), is_open(second), receives_visitors(third)) == (True, False, False)
    assert "市民課の窓口：第2、第4土(毎月) 9:00〜12:00" in re.sub(r"<[^>]+>", "", hall.resident.get("/help").text)
    refused = hall.chief.post(f"{PAGE}/hours", given | {"window_closes": "8:00", "window_seen": seen(hall)["seen"]})
    assert refused.status_code == 422
    assert "始まる時刻よりあと" in refused.text
    assert 'value="市民課の窓口"' in refused.text
    assert hall.chief.post(f"{PAGE}/hours/remove", seen(hall) | {"position": "0"}).status_code == 303
    assert [name for name, _data in events_of(hall)] == ["city.window_hours_added", "city.window_hours_removed"]


def test_the_slower_of_two_is_told_and_others_may_not(hall: SimpleNamespace) -> None:
    stale = seen(hall)
    close(hall, an_open_day())
    slower = hall.chief.post(f"{PAGE}/opening", stale | {"day": str(an_open_day())})
    assert slower.status_code == 409
    assert "ほかの人が先に変えました" in slower.text
    assert hall.local.get(PAGE).status_code == 200
    assert hall.local.post(f"{PAGE}/opening", seen(hall) | {"day": str(an_open_day())}).status_code == 403
