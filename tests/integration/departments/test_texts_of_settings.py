"""Mark-up, formulas, placeholders and characters that no text has, in every text by which administrators set up a city: kept as text or refused."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from common.open_days import is_open_by_law
from portal.core.clock import today
from portal.core.database import city_session
from portal.core.tenancy import change_city, city_row
from portal.identity.actions import create_staff
from portal.identity.city_administration import particulars_of_city
from tests.kit.browser import Browser
from tests.kit.city import inhabited
from tests.kit.people import PASSWORD, SECRET

CITY = "hino"
MARKUP = "<script>alert(1)</script>"
TEXTS = [
    MARKUP,
    '=HYPERLINK("http://x")',
    "a\0b",
    "#{7*7}",
    "{0.__class__}",
    "\u202eabc",
    "%s%n",
    "'); DROP TABLE x;--",
    "\ud7ff\uffff",
]
FIELD = re.compile(r'<(?:input|textarea)[^>]*?\sname="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
PAGES = [
    ("/desk/city", "/desk/city"),
    ("/desk/new-department", "/desk/new-department"),
    ("/desk/staff/new", "/desk/staff/new"),
    ("/desk/city/days", "/desk/city/days/hours"),
    ("/desk/news/edit", "/desk/news/edit"),
    ("/desk/windows/edit", "/desk/windows"),
    ("/desk/texts/new", "/desk/texts/new"),
    ("/desk/staff/roles", "/desk/staff/roles"),
    ("/desk/layers", "/desk/layers"),
    ("/desk/procedures", "/desk/procedures"),
]


@pytest.fixture(scope="module")
def chief(app: Flask) -> Iterator[Browser]:
    """Who may do everything in every department; at the end the city is called as before."""
    with inhabited([CITY], ["road-damage"]):
        with city_session(CITY) as session:
            before = particulars_of_city(city_row(session))
            roles = {"admin", "publisher", "clerk", "decider"}
            create_staff(session, "chief@city.example.jp", "木村 環", PASSWORD, {None: roles}, totp_secret=SECRET)
        yield Browser(app, CITY, "192.0.2.141").sign_in_at_desk("chief@city.example.jp")
        with city_session(CITY) as session:
            row = city_row(session)
            kept = {"name": before.name, "name_kana": before.name_kana, "name_en": before.name_en}
            kept |= {
                "address": before.address,
                "mail_name": before.mail_name or None,
                "closed_days": [],
                "window_hours": [],
            }
            change_city(session, row.number, kept)


@pytest.mark.parametrize(("page", "action"), PAGES)
def test_any_text_of_a_setting_is_kept_as_text_or_refused(chief: Browser, page: str, action: str) -> None:
    shown = chief.get(page)
    assert shown.status_code == 200
    form = next(each for each in re.findall(r"<form.*?</form>", shown.text, re.DOTALL) if f'action="{action}"' in each)
    kept = {name: value for name, value in HIDDEN.findall(form) if name != "csrf_token"}
    boxes = set(FIELD.findall(form)) - kept.keys() - {"csrf_token"}
    for text in TEXTS:
        chief.get(page)
        answer = chief.post(action, {**kept, **dict.fromkeys(boxes, text)})
        assert answer.status_code in {200, 303, 403, 409, 422}, (text, answer.text)
        assert MARKUP not in answer.text
        assert MARKUP not in chief.get(page).text


@pytest.mark.parametrize("text", TEXTS)
def test_any_name_of_a_closed_day_is_shown_as_text(chief: Browser, text: str) -> None:
    day = today() + timedelta(days=9)
    while not is_open_by_law(day):
        day += timedelta(days=1)
    chief.get("/desk/city/days")
    with city_session(CITY) as session:
        number = str(city_row(session).number)
    kept = chief.post("/desk/city/days/closing", {"day": day.isoformat(), "name_ja": text, "seen": number})
    assert kept.status_code in {303, 422}, kept.text
    for page in ("/desk/city/days", "/help"):
        answer = chief.get(page)
        assert answer.status_code == 200
        assert MARKUP not in answer.text
    with city_session(CITY) as session:
        change_city(session, city_row(session).number, {"closed_days": []})
