"""Staff change their own password: with the one they have, under the same rules as everywhere, and nobody else stays signed in by it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core.clock import frozen, now
from portal.core.database import city_session
from portal.identity.models import StaffSignIn
from tests.kit.browser import Browser
from tests.kit.people import PASSWORD

NEW = "夕方の橋をわたる 12分"
WRONG = "いまのパスワードがちがいます。"


def change(browser: Browser, current: str = PASSWORD, new: str = NEW, again: str | None = None) -> TestResponse:
    return browser.submit("/desk/account", current=current, password=new, again=new if again is None else again)


def trail(city: str) -> list[str]:
    with city_session(city) as session:
        return list(session.scalars(select(StaffSignIn.outcome).order_by(StaffSignIn.id)))


def test_a_new_password_counts_at_once_and_ends_all_other_visits(
    browser: Browser, other_browser: Browser, clerk: SimpleNamespace
) -> None:
    other_browser.try_sign_in_at_desk(clerk.email)
    with frozen(now() + timedelta(seconds=60)):
        browser.try_sign_in_at_desk(clerk.email)
    token = browser.cookie
    answer = change(browser)
    assert (answer.status_code, answer.location) == (303, "/desk/account")
    assert "パスワードを変えました" in browser.get("/desk/account").text
    assert "パスワードを変えました" not in browser.get("/desk/account").text
    assert browser.cookie != token
    assert other_browser.get("/desk").status_code == 303
    assert trail(clerk.city)[-1] == "password_changed"
    assert other_browser.submit("/desk/sign-in", email=clerk.email, password=PASSWORD).status_code == 422
    with frozen(now() + timedelta(seconds=120)):
        assert other_browser.try_sign_in_at_desk(clerk.email, NEW).location == "/desk"


def test_who_does_not_know_the_password_changes_nothing(browser: Browser, clerk: SimpleNamespace) -> None:
    browser.try_sign_in_at_desk(clerk.email)
    refused = change(browser, current="not the right words")
    assert refused.status_code == 422
    assert WRONG in refused.text
    assert trail(clerk.city)[-1] == "password_refused"
    assert browser.submit("/desk/sign-in", email=clerk.email, password=PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("new", "again", "message"),
    [
        ("", "", "新しいパスワードを入力してください"),
        ("みじかい", None, "8文字以上"),
        ("password123", None, "よく使われるパスワードです"),
        ("x" * 201, None, "200文字まで"),
        ("Hanae-2026", None, "自分の名前、メールアドレス"),
        (PASSWORD, None, "いまとちがうパスワード"),
        (NEW, NEW + "!", "もう一度入力してください"),
    ],
)
def test_an_unacceptable_password_is_reported_at_its_field(
    browser: Browser, clerk: SimpleNamespace, new: str, again: str | None, message: str
) -> None:
    browser.try_sign_in_at_desk(clerk.email)
    refused = change(browser, new=new, again=again)
    assert refused.status_code == 422
    assert message in refused.text
    assert 'href="#password"' in refused.text or 'href="#again"' in refused.text
    assert "password_changed" not in trail(clerk.city)
    assert PASSWORD not in refused.text


def test_guessing_the_password_of_a_desk_left_open_is_throttled(browser: Browser, clerk: SimpleNamespace) -> None:
    browser.try_sign_in_at_desk(clerk.email)
    with frozen(now()):
        answers = [change(browser, current=f"guess number {n}").status_code for n in range(6)]
    assert answers == [422] * 5 + [429]


def test_the_page_is_behind_the_door(browser: Browser) -> None:
    assert browser.get("/desk/account").location == "/desk/sign-in?next=/desk/account"
