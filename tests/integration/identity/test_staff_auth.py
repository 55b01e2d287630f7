"""Staff sign in by password and authenticator code, and by nothing less (OWASP ASVS 5.0: 6.3, 6.5, 6.6, 7.2, 7.4)."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from werkzeug.test import TestResponse

from portal.core.clock import frozen, now
from portal.core.database import city_session
from portal.identity import passwords
from portal.identity.actions import disable_staff, set_password, set_roles
from portal.identity.models import Staff, StaffSignIn
from tests.integration.identity.conftest import code_at
from tests.kit.browser import Browser
from tests.kit.people import PASSWORD

WRONG = "メールアドレスかパスワードがちがいます。"


def give_password(browser: Browser, email: str, password: str = PASSWORD, path: str = "/desk/sign-in") -> TestResponse:
    return browser.submit(path, email=email, password=password)


def trail(city: str) -> list[str]:
    with city_session(city) as session:
        return list(session.scalars(select(StaffSignIn.outcome).order_by(StaffSignIn.id)))


def test_password_and_code_open_the_desk(browser: Browser, clerk: SimpleNamespace) -> None:
    answer = browser.try_sign_in_at_desk(clerk.email)
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert browser.get("/desk").text == "案件の一覧"
    assert trail(clerk.city) == ["signed_in"]


def test_a_password_alone_opens_nothing(browser: Browser, clerk: SimpleNamespace) -> None:
    assert give_password(browser, clerk.email).location == "/desk/sign-in/code"
    answer = browser.get("/desk")
    assert (answer.status_code, answer.location) == (303, "/desk/sign-in?next=/desk")


def test_a_code_without_a_password_opens_nothing(browser: Browser, clerk: SimpleNamespace) -> None:
    answer = browser.submit("/desk/sign-in/code", page="/desk/sign-in", code=code_at(now()))
    assert answer.location == "/desk/sign-in"
    assert browser.get("/desk").status_code == 303


def test_an_unknown_address_and_a_wrong_password_read_the_same(browser: Browser, clerk: SimpleNamespace) -> None:
    wrong = give_password(browser, clerk.email, "not the right words")
    unknown = give_password(browser, "nobody@city.example.jp", "not the right words")
    assert wrong.status_code == unknown.status_code == 422
    assert WRONG in wrong.text
    pages = [re.sub(r'value="[^"]*"', "", answer.text) for answer in (wrong, unknown)]
    assert pages[0] == pages[1]


def test_an_unknown_address_costs_a_hash_like_a_known_one(
    browser: Browser, clerk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = []
    verify = passwords._hasher.verify
    watching = SimpleNamespace(
        hash=passwords._hasher.hash, verify=lambda *arguments: (checked.append(arguments[0]), verify(*arguments))[1]
    )
    monkeypatch.setattr(passwords, "_hasher", watching)
    give_password(browser, "nobody@city.example.jp")
    give_password(browser, clerk.email, "not the right words")
    assert len(checked) == 2


def test_a_code_works_once(browser: Browser, other_browser: Browser, clerk: SimpleNamespace) -> None:
    moment = now()
    with frozen(moment):
        assert browser.try_sign_in_at_desk(clerk.email, moment=moment).status_code == 303
        again = other_browser.try_sign_in_at_desk(clerk.email, moment=moment)
    assert again.status_code == 422
    assert "もう使われています" in again.text
    assert trail(clerk.city) == ["signed_in", "code_refused"]


def test_a_code_older_than_the_last_one_is_refused(
    browser: Browser, other_browser: Browser, clerk: SimpleNamespace
) -> None:
    moment = now()
    with frozen(moment):
        browser.try_sign_in_at_desk(clerk.email, moment=moment)
        assert other_browser.try_sign_in_at_desk(clerk.email, moment=moment - timedelta(seconds=30)).status_code == 422


@pytest.mark.parametrize(("seconds", "status"), [(-30, 303), (30, 303), (-90, 422), (90, 422)])
def test_a_clock_may_be_off_by_one_step(browser: Browser, clerk: SimpleNamespace, seconds: int, status: int) -> None:
    moment = now()
    with frozen(moment):
        assert (
            browser.try_sign_in_at_desk(clerk.email, moment=moment + timedelta(seconds=seconds)).status_code == status
        )


def test_a_code_must_come_within_five_minutes_of_the_password(browser: Browser, clerk: SimpleNamespace) -> None:
    moment = now()
    with frozen(moment):
        give_password(browser, clerk.email)
    with frozen(moment + timedelta(minutes=5)):
        assert browser.get("/desk/sign-in/code").location == "/desk/sign-in"


def test_the_session_gets_a_new_token_and_the_old_one_is_dead(
    browser: Browser, other_browser: Browser, clerk: SimpleNamespace
) -> None:
    browser.get("/desk/sign-in")
    anonymous = browser.cookie
    give_password(browser, clerk.email)
    halfway = browser.cookie
    browser.submit("/desk/sign-in/code", code=code_at(now()))
    assert len({anonymous, halfway, browser.cookie}) == 3
    for old in (anonymous, halfway):
        other_browser.cookie = old
        assert other_browser.get("/desk").status_code == 303
        assert other_browser.get("/desk/sign-in/code").status_code == 303


def test_a_cookie_kept_from_before_signing_out_is_dead(
    browser: Browser, other_browser: Browser, clerk: SimpleNamespace
) -> None:
    browser.try_sign_in_at_desk(clerk.email)
    stolen = browser.cookie
    assert browser.submit("/desk/sign-out", page="/desk/sign-in").location == "/desk/sign-in"
    other_browser.cookie = stolen
    assert other_browser.get("/desk").status_code == 303
    assert trail(clerk.city) == ["signed_in", "signed_out"]


def test_signing_out_takes_a_form_with_its_token(browser: Browser, clerk: SimpleNamespace) -> None:
    browser.try_sign_in_at_desk(clerk.email)
    assert browser.get("/desk/sign-out").location == "/desk", "a page above it, and nobody is signed out"
    bare = browser.client.post("/desk/sign-out", base_url="http://hino.localhost")
    assert bare.status_code == 400
    assert browser.get("/desk").status_code == 200


def test_a_closed_account_is_out_at_once(browser: Browser, clerk: SimpleNamespace) -> None:
    browser.try_sign_in_at_desk(clerk.email)
    with city_session(clerk.city) as session:
        disable_staff(session, clerk.id)
    assert browser.get("/desk").status_code == 303
    assert WRONG in give_password(browser, clerk.email).text


def test_an_account_closed_between_password_and_code_stays_out(browser: Browser, clerk: SimpleNamespace) -> None:
    give_password(browser, clerk.email)
    with city_session(clerk.city) as session:
        disable_staff(session, clerk.id)
    assert browser.submit("/desk/sign-in/code", code=code_at(now())).status_code == 422


def test_a_new_password_ends_visits_and_still_needs_the_code(browser: Browser, clerk: SimpleNamespace) -> None:
    browser.try_sign_in_at_desk(clerk.email)
    with city_session(clerk.city) as session:
        set_password(session, clerk.id, "another long sentence 42")
    assert browser.get("/desk").status_code == 303
    assert give_password(browser, clerk.email, "another long sentence 42").location == "/desk/sign-in/code"


def test_roles_count_from_the_next_request_on(browser: Browser, clerk: SimpleNamespace, doors: object) -> None:
    from portal.identity.queries import load_staff

    browser.try_sign_in_at_desk(clerk.email)
    with city_session(clerk.city) as session:
        set_roles(session, clerk.id, {clerk.department: {"clerk", "cashier"}})
    with doors.test_request_context(base_url="http://hino.localhost"):
        staff = load_staff(clerk.id)
    assert staff is not None
    assert staff.may("payment.refund", clerk.department)
    assert not staff.may("payment.refund", clerk.department + 1)


def test_guessing_is_throttled_and_the_owner_comes_in_from_elsewhere(
    browser: Browser, other_browser: Browser, clerk: SimpleNamespace
) -> None:
    moment = now()
    with frozen(moment):
        answers = [give_password(browser, clerk.email, f"guess number {n}").status_code for n in range(6)]
        assert answers == [422] * 5 + [429]
        assert give_password(browser, clerk.email).status_code == 429
        assert other_browser.try_sign_in_at_desk(clerk.email, moment=moment).status_code == 303
    with frozen(moment + timedelta(minutes=16)):
        assert give_password(browser, clerk.email).status_code == 303
    assert trail(clerk.city).count("throttled") == 2


def test_signing_in_forgets_earlier_typing_errors(browser: Browser, clerk: SimpleNamespace) -> None:
    moment = now()
    with frozen(moment):
        for n in range(4):
            give_password(browser, clerk.email, f"typing error {n}")
        assert browser.try_sign_in_at_desk(clerk.email, moment=moment).status_code == 303
        assert give_password(browser, clerk.email).status_code == 303


def test_guessing_codes_is_throttled(browser: Browser, clerk: SimpleNamespace) -> None:
    moment = now()
    with frozen(moment):
        give_password(browser, clerk.email)
        right = {code_at(moment + timedelta(seconds=seconds)) for seconds in (-30, 0, 30)}
        wrong = next(f"{number:06}" for number in range(4) if f"{number:06}" not in right)
        answers = [browser.submit("/desk/sign-in/code", code=wrong).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


@pytest.mark.parametrize(
    ("requested", "answer"),
    [
        ("/desk/cases/7?tab=map", "/desk/cases/7?tab=map"),
        ("https://evil.example/", "/desk"),
        ("//evil.example/", "/desk"),
        ("/\\evil.example/", "/desk"),
        ("/\t/evil.example/", "/desk"),
        ("javascript:alert(1)", "/desk"),
    ],
)
def test_after_signing_in_people_stay_on_this_site(
    browser: Browser, clerk: SimpleNamespace, requested: str, answer: str
) -> None:
    from urllib.parse import quote

    give_password(browser, clerk.email, path=f"/desk/sign-in?next={quote(requested)}")
    assert browser.submit("/desk/sign-in/code", code=code_at(now())).location == answer


def test_an_old_hash_is_renewed_at_the_present_cost(browser: Browser, clerk: SimpleNamespace) -> None:
    from argon2 import PasswordHasher

    former = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    with city_session(clerk.city) as session:
        session.execute(text("UPDATE staff SET password_hash = :former"), {"former": former})
    give_password(browser, clerk.email)
    with city_session(clerk.city) as session:
        stored = session.scalars(select(Staff.password_hash)).one()
    assert stored != former
    assert stored.startswith("$argon2id$")
    assert not passwords.is_outdated(stored)


def test_the_trail_cannot_be_changed_by_the_portal(browser: Browser, clerk: SimpleNamespace) -> None:
    browser.try_sign_in_at_desk(clerk.email)
    with pytest.raises(ProgrammingError, match="permission denied"), city_session(clerk.city) as session:
        session.execute(text("DELETE FROM staff_sign_in"))


def test_neither_password_nor_secret_is_readable_in_the_database(clerk: SimpleNamespace) -> None:
    with city_session(clerk.city) as session:
        row = session.execute(text("SELECT password_hash, totp_secret FROM staff")).one()
    assert PASSWORD not in row.password_hash
    assert b"JBSWY3DP" not in bytes(row.totp_secret)


def test_nonsense_gets_a_plain_message_and_no_500(browser: Browser, clerk: SimpleNamespace) -> None:
    assert "メールアドレスを入力してください" in give_password(browser, "", "").text
    assert WRONG in give_password(browser, "\x00' OR 1=1 --").text
    assert "200文字まで" in give_password(browser, clerk.email, "x" * 5000).text
    give_password(browser, clerk.email)
    assert "6けたの数字" in browser.submit("/desk/sign-in/code", code="123 45").text


def test_a_code_typed_in_full_width_is_taken(browser: Browser, clerk: SimpleNamespace) -> None:
    give_password(browser, clerk.email)
    code_text = code_at(now()).translate(str.maketrans("0123456789", "0123456789"))
    assert browser.submit("/desk/sign-in/code", code=f"{code_text[:3]} {code_text[3:]}").location == "/desk"
