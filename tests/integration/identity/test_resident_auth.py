"""Residents sign in by a mailed code or link that works once, for a short time, only in the browser that asked for it (OWASP ASVS 5.0: 6.4–6.6, 7.2–7.5)."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from portal.core.clock import frozen, now
from portal.core.database import city_session
from portal.core.sessions import WebSession
from portal.identity.links import send_resume_link
from portal.identity.models import Account, LoginCode
from tests.integration.identity.conftest import HOST
from tests.kit.browser import Browser
from tests.kit.letters import letters

MISAKI = "misaki@example.jp"


def ask(browser: Browser, email: str = MISAKI, path: str = "/sign-in") -> TestResponse:
    return browser.submit(path, email=email)


def newest_code(city: str) -> str:
    return re.findall(r"コードは (\d{6}) です", letters(city)[-1].body)[0]


def newest_link(city: str) -> str:
    return re.findall(rf"http://{HOST}:\d+(/\S+)", letters(city)[-1].body)[0]


def wrong_for(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_mailed_code_signs_in_and_makes_the_account(browser: Browser, scratch_city: str) -> None:
    assert ask(browser, " Misaki@Example.jp").location == "/sign-in/code"
    mail = letters(scratch_city)[-1]
    assert mail.to == MISAKI
    assert "日野市" in mail.subject
    answer = browser.submit("/sign-in/code", code=newest_code(scratch_city))
    assert (answer.status_code, answer.location) == (303, "/me")
    assert browser.get("/me").text == "わたしの手続き"
    with city_session(scratch_city) as session:
        assert session.scalars(select(Account.email)).all() == [MISAKI]


def test_the_second_sign_in_finds_the_same_account(browser: Browser, other_browser: Browser, scratch_city: str) -> None:
    browser.try_sign_in(MISAKI)
    other_browser.try_sign_in(MISAKI)
    with city_session(scratch_city) as session:
        assert len(session.scalars(select(Account.id)).all()) == 1


def test_known_and_unknown_addresses_get_the_same_answer(
    browser: Browser, other_browser: Browser, scratch_city: str
) -> None:
    browser.try_sign_in(MISAKI)
    pages = []
    for visitor, email in ((browser, MISAKI), (other_browser, "new@example.jp")):
        answer = ask(visitor, email)
        assert (answer.status_code, answer.location) == (303, "/sign-in/code")
        page = visitor.get("/sign-in/code").text.split("<main")[1].split("</main")[0]
        pages.append(re.sub(r'value="[^"]*"', "", page.replace(email, "")))
    assert pages[0] == pages[1]


def test_a_code_works_once(browser: Browser, other_browser: Browser, scratch_city: str) -> None:
    ask(browser)
    stolen = browser.cookie
    code = newest_code(scratch_city)
    assert browser.submit("/sign-in/code", code=code).location == "/me"
    other_browser.cookie = stolen
    assert other_browser.get("/me").status_code == 303
    with city_session(scratch_city) as session:
        assert session.scalars(select(LoginCode.used_at)).one() is not None
    assert browser.submit("/sign-in/code", page="/sign-in", code=code).location == "/sign-in"


def test_a_code_works_only_in_the_browser_that_asked(
    browser: Browser, other_browser: Browser, scratch_city: str
) -> None:
    ask(browser)
    code = newest_code(scratch_city)
    ask(other_browser)
    answer = other_browser.submit("/sign-in/code", code=code)
    if newest_code(scratch_city) != code:
        assert answer.status_code == 422
    assert browser.submit("/sign-in/code", code=code).location == "/me"


def test_a_code_ends_after_ten_minutes(browser: Browser, scratch_city: str) -> None:
    moment = now()
    with frozen(moment):
        ask(browser)
    code = newest_code(scratch_city)
    with frozen(moment + timedelta(minutes=10)):
        answer = browser.submit("/sign-in/code", code=code)
    assert answer.status_code == 422
    assert "新しいコードを送ってください" in answer.text


def test_the_sixth_guess_is_too_late_even_when_right(browser: Browser, scratch_city: str) -> None:
    ask(browser)
    code = newest_code(scratch_city)
    first = browser.submit("/sign-in/code", code=wrong_for(code))
    assert "あと4回" in first.text
    for _ in range(4):
        last = browser.submit("/sign-in/code", code=wrong_for(code))
    assert "もう使えません" in last.text
    assert browser.submit("/sign-in/code", code=code).status_code == 422


def test_asking_for_mails_is_throttled_and_the_owner_can_ask_from_elsewhere(
    browser: Browser, other_browser: Browser, scratch_city: str
) -> None:
    with frozen(now()):
        answers = [ask(browser).status_code for _ in range(5)]
        refused = ask(browser)
        assert ask(other_browser).status_code == 303
    assert answers == [303] * 5
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= 15 * 60
    assert len(letters(scratch_city)) == 6


def test_nobody_is_buried_in_mails(browser: Browser, scratch_city: str) -> None:
    with frozen(now()):
        answers = []
        for number in range(22):
            browser.address = f"192.0.2.{number // 4}"
            answers.append(ask(browser).status_code)
    assert answers == [303] * 20 + [429] * 2
    assert len(letters(scratch_city)) == 20


def test_the_owner_comes_in_by_the_link_while_strangers_guess_codes(
    browser: Browser, other_browser: Browser, scratch_city: str
) -> None:
    with frozen(now()):
        answers = []
        for number in range(21):
            if number % 5 == 0:
                ask(other_browser)
            answers.append(other_browser.submit("/sign-in/code", code=wrong_for(newest_code(scratch_city))).status_code)
        assert answers == [422] * 20 + [429]
        ask(browser)
        assert browser.submit("/sign-in/code", code=newest_code(scratch_city)).status_code == 429
        assert browser.submit(newest_link(scratch_city)).location == "/me"


def test_a_link_is_shown_first_and_signs_in_by_its_button(browser: Browser, scratch_city: str) -> None:
    ask(browser)
    link = newest_link(scratch_city)
    for _ in range(2):
        assert "サインインしますか" in browser.get(link).text
    assert browser.get("/me").status_code == 303
    assert browser.submit(link).location == "/me"
    assert browser.get("/me").status_code == 200


def test_a_link_works_once(browser: Browser, scratch_city: str) -> None:
    ask(browser)
    link = newest_link(scratch_city)
    browser.submit(link)
    browser.submit("/sign-out", page="/sign-in")
    assert "このリンクは使えません" in browser.get(link).text
    assert browser.submit(link, page="/sign-in").status_code == 422
    assert browser.get("/me").status_code == 303


def test_using_the_link_uses_up_the_code(browser: Browser, scratch_city: str) -> None:
    ask(browser)
    stolen, code, link = browser.cookie, newest_code(scratch_city), newest_link(scratch_city)
    browser.submit(link)
    with city_session(scratch_city) as session:
        assert session.scalars(select(LoginCode.used_at)).one() is not None
    browser.cookie = stolen
    assert browser.submit("/sign-in/code", page="/sign-in", code=code).location == "/sign-in"


def test_a_link_opened_elsewhere_says_why_it_does_not_work(
    browser: Browser, other_browser: Browser, scratch_city: str
) -> None:
    ask(browser)
    link = newest_link(scratch_city)
    assert "このリンクは使えません" in other_browser.get(link).text
    assert other_browser.submit(link, page="/sign-in").status_code == 422
    assert other_browser.get("/me").status_code == 303
    assert browser.submit(link).location == "/me"


def test_the_session_gets_a_new_token_and_the_old_one_is_dead(
    browser: Browser, other_browser: Browser, scratch_city: str
) -> None:
    ask(browser)
    before = browser.cookie
    browser.submit("/sign-in/code", code=newest_code(scratch_city))
    assert browser.cookie != before
    other_browser.cookie = before
    assert other_browser.get("/me").status_code == 303


def test_a_cookie_kept_from_before_signing_out_is_dead(
    browser: Browser, other_browser: Browser, scratch_city: str
) -> None:
    browser.try_sign_in(MISAKI)
    old_cookie = browser.cookie
    assert browser.submit("/sign-out", page="/me/security").location == "/"
    other_browser.cookie = old_cookie
    assert other_browser.get("/me").status_code == 303
    with city_session(scratch_city) as session:
        assert session.scalar(text("SELECT count(*) FROM web_session WHERE account_id IS NOT NULL")) == 0


def test_a_visit_ends_when_it_rests_too_long(browser: Browser, scratch_city: str) -> None:
    moment = now()
    with frozen(moment):
        browser.try_sign_in(MISAKI)
    with frozen(moment + timedelta(hours=3)):
        assert browser.get("/me").status_code == 303


def test_ending_all_other_visits_leaves_this_one(browser: Browser, other_browser: Browser, scratch_city: str) -> None:
    browser.try_sign_in(MISAKI)
    other_browser.try_sign_in(MISAKI)
    page = browser.get("/me/security").text
    assert page.count("ほかのブラウザー・") == 1
    assert page.count("このブラウザー・") == 1
    assert browser.submit("/me/security/end-others", page="/me/security").location == "/me/security"
    assert browser.get("/me").status_code == 200
    assert other_browser.get("/me").status_code == 303
    assert "ほかのブラウザー・" not in browser.get("/me/security").text


def test_after_signing_in_people_come_back_to_where_they_were(browser: Browser, scratch_city: str) -> None:
    redirect = browser.get("/me/security")
    assert redirect.location == "/sign-in?next=/me/security"
    ask(browser, path=redirect.location)
    assert browser.submit("/sign-in/code", code=newest_code(scratch_city)).location == "/me/security"


def test_people_are_not_sent_to_other_sites(browser: Browser, scratch_city: str) -> None:
    ask(browser, path="/sign-in?next=//evil.example/")
    assert browser.submit("/sign-in/code", code=newest_code(scratch_city)).location == "/me"


@pytest.mark.parametrize("email", ["", "misaki", "misaki@", "a@b@c", "é" * 300, "<b>@example.jp"])
def test_an_invalid_address_gets_a_plain_message(browser: Browser, scratch_city: str, email: str) -> None:
    answer = ask(browser, email)
    assert answer.status_code == 422
    assert "<title>エラー：" in answer.text
    assert 'href="#email"' in answer.text
    assert letters(scratch_city) == []


def test_the_door_speaks_english(browser: Browser, scratch_city: str) -> None:
    browser.get("/sign-in?lang=en")
    answer = ask(browser, "misaki")
    assert answer.text.count("Enter your e-mail address in the form name@example.jp.") == 2
    ask(browser)
    assert "We sent a six-digit code to misaki@example.jp" in browser.get("/sign-in/code").text
    assert letters(scratch_city)[-1].subject.startswith("Hino City: your sign-in code is")


def test_a_full_width_address_is_understood(browser: Browser, scratch_city: str) -> None:
    ask(browser, "misaki@example.jp")
    assert letters(scratch_city)[-1].to == MISAKI


def test_the_database_holds_neither_code_nor_token(browser: Browser, scratch_city: str) -> None:
    ask(browser)
    code, token = newest_code(scratch_city), newest_link(scratch_city).rpartition("/")[2]
    with city_session(scratch_city) as session:
        rows = str(session.execute(text("SELECT login_code.*, mail_message.* FROM login_code, mail_message")).all())
    assert code not in rows
    assert token not in rows


def test_a_draft_is_opened_by_its_mailed_link_for_thirty_days(
    browser: Browser, other_browser: Browser, doors: Flask, scratch_city: str
) -> None:
    moment = now()
    with (
        frozen(moment),
        doors.test_request_context(base_url=f"http://{HOST}"),
        city_session(scratch_city) as session,
    ):
        send_resume_link(session, draft="draft-one", email=MISAKI, title="犬の登録", language="ja")
    assert "犬の登録" in letters(scratch_city)[-1].subject
    link = newest_link(scratch_city)
    for visitor in (browser, other_browser):
        assert "続きから始める" in visitor.get(link).text
        assert visitor.submit(link).location == "/drafts/draft-one"
    with city_session(scratch_city) as session:
        held = [data["drafts"] for data in session.scalars(select(WebSession.data)) if "drafts" in data]
    assert held == [["draft-one"], ["draft-one"]]
    with frozen(moment + timedelta(days=30)):
        assert browser.get(link).status_code == 404


def test_a_made_up_link_opens_nothing(browser: Browser) -> None:
    assert browser.get("/resume/made-up").status_code == 404
    assert browser.submit("/resume/made-up", page="/sign-in").status_code == 404
    assert "このリンクは使えません" in browser.get("/sign-in/link/made-up").text


def test_drafts_begun_before_signing_in_stay_with_the_visit(doors: Flask, scratch_city: str) -> None:
    from flask import session

    from portal.identity import web_session

    with doors.test_request_context(base_url=f"http://{HOST}"):
        for number in range(25):
            web_session.remember_draft(f"draft {number}")
        web_session.sign_in_resident(1)
        assert web_session.own_drafts()[0] == "draft 24"
        assert len(web_session.own_drafts()) == 20
        web_session.sign_out_resident()
        assert web_session.own_drafts() == []
        assert "account_id" not in session


def test_leaving_one_side_keeps_the_other(doors: Flask, scratch_city: str) -> None:
    from flask import session

    from portal.identity import web_session

    with doors.test_request_context(base_url=f"http://{HOST}"):
        web_session.sign_in_resident(1)
        web_session.sign_in_staff(2)
        web_session.sign_out_resident()
        assert session["staff_id"] == 2
        assert "account_id" not in session
        assert session["_renew"] is True


def test_another_code_keeps_the_address_and_the_page_to_go_on_to(browser: Browser, scratch_city: str) -> None:
    ask(browser, path="/sign-in?next=/me/security")
    browser.submit("/sign-in/code", code=wrong_for(newest_code(scratch_city)))
    page = browser.get("/sign-in/code").text
    again = re.findall(
        r'<form method="post" action="(/sign-in\?next=[^"]+)">.*?name="email" value="([^"]+)"', page, re.S
    )
    assert again == [("/sign-in?next=/me/security", MISAKI)]
    [change] = re.findall(r'class="back" href="([^"]+)"', page)
    assert f'value="{MISAKI}"' in browser.get(change.replace("&amp;", "&")).text
    ask(browser, path=again[0][0])
    assert browser.submit("/sign-in/code", code=newest_code(scratch_city)).location == "/me/security"
