"""A lost authenticator is replaced by two people and its owner, in the browser and by command, and by nobody alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace

import pyotp
import pytest
from click.testing import CliRunner

from portal.cli import main
from portal.core.clock import frozen, now
from portal.core.database import city_session
from portal.core.errors import Conflict, DomainError, Forbidden
from portal.core.events import Actor
from portal.identity import staff_administration
from tests.integration.identity.conftest import ADDRESS
from tests.integration.identity.test_administration import actor, enter, events, office, post_many
from tests.kit.browser import Browser
from tests.kit.people import PASSWORD, SECRET

__all__ = ["office"]
DOOR = "/desk/sign-in"


def confirmed(office: SimpleNamespace) -> str:
    with city_session(office.city) as session:
        staff_administration.request_reset(session, actor(office, "aoi"), office.yui)
        return staff_administration.confirm_reset(session, actor(office, "ren"), office.yui)


def key_on(page: str) -> str:
    return page.split("<dt>読み取れないときのキー</dt><dd>")[1].split("<", maxsplit=1)[0]


def test_two_administrators_and_the_owner_replace_it_in_the_browser(office: SimpleNamespace) -> None:
    page = f"/desk/staff/{office.yui}"
    visit = enter(office, "yui")
    aoi, ren = enter(office, "aoi"), enter(office, "ren")
    assert post_many(aoi, f"{page}/reset", page, [("step", "request")]).status_code == 303
    assert "ほかの管理者の確認を待っています" in aoi.get(page).text
    alone = post_many(aoi, f"{page}/reset", page, [("step", "confirm")])
    assert alone.status_code == 403
    assert "依頼した人とは別の管理者" in alone.text
    assert visit.get("/desk").status_code == 200
    answer = post_many(ren, f"{page}/reset", page, [("step", "confirm")])
    code = answer.text.split("<dt>1度だけのコード</dt><dd>")[1].split("<")[0]
    assert visit.get("/desk").status_code == 303

    yui = Browser(office.doors, address=ADDRESS)
    assert yui.submit(DOOR, email="yui@city.example.jp", password=PASSWORD).location == "/desk/sign-in/code"
    assert yui.get("/desk/sign-in/code").location == "/desk/sign-in/enrol"
    secret = key_on(yui.get("/desk/sign-in/enrol").text)
    wrong = yui.submit("/desk/sign-in/enrol", one_time="aaaa-bbbb", code=pyotp.TOTP(secret).at(now()))
    assert wrong.status_code == 422
    assert key_on(wrong.text) == secret
    right = yui.submit("/desk/sign-in/enrol", one_time=code.upper(), code=pyotp.TOTP(secret).at(now()))
    assert right.location == "/desk"
    assert [name for name, _who in events(office.city)] == [
        "staff.reset_requested",
        "staff.reset_confirmed",
        "staff.enrolled",
    ]


def test_the_old_authenticator_is_dead_at_once_and_the_code_works_once(office: SimpleNamespace) -> None:
    code = confirmed(office)
    browser = Browser(office.doors, address=ADDRESS)
    browser.submit(DOOR, email="yui@city.example.jp", password=PASSWORD)
    assert browser.submit("/desk/sign-in/code", page=DOOR, code=pyotp.TOTP(SECRET).at(now())).status_code == 422
    secret = key_on(browser.get("/desk/sign-in/enrol").text)
    browser.submit("/desk/sign-in/enrol", one_time=code, code=pyotp.TOTP(secret).at(now()))
    again = Browser(office.doors, address=ADDRESS)
    again.submit(DOOR, email="yui@city.example.jp", password=PASSWORD)
    assert again.get("/desk/sign-in/enrol").location == DOOR


def test_the_code_alone_without_the_password_opens_nothing(office: SimpleNamespace) -> None:
    confirmed(office)
    assert Browser(office.doors, address=ADDRESS).get("/desk/sign-in/enrol").location == DOOR


def test_a_code_that_nobody_used_ends(office: SimpleNamespace) -> None:
    confirmed(office)
    browser = Browser(office.doors, address=ADDRESS)
    with frozen(now() + timedelta(days=4)):
        browser.submit(DOOR, email="yui@city.example.jp", password=PASSWORD)
        assert browser.get("/desk/sign-in/enrol").location == DOOR
        assert browser.submit("/desk/sign-in/code", page=DOOR, code=pyotp.TOTP(SECRET).at(now())).status_code == 422


def test_a_request_that_nobody_confirmed_ends(office: SimpleNamespace) -> None:
    with city_session(office.city) as session:
        staff_administration.request_reset(session, actor(office, "aoi"), office.yui)
    with frozen(now() + timedelta(days=8)), city_session(office.city) as session:
        with pytest.raises(Conflict):
            staff_administration.confirm_reset(session, actor(office, "ren"), office.yui)
        staff_administration.request_reset(session, actor(office, "aoi"), office.yui)


def test_the_owner_confirms_nothing_for_themselves(office: SimpleNamespace) -> None:
    with city_session(office.city) as session:
        staff_administration.request_reset(session, actor(office, "aoi"), office.ren)
        with pytest.raises(Forbidden):
            staff_administration.confirm_reset(session, actor(office, "ren"), office.ren)


def test_confirmed_twice_at_once_gives_one_code(office: SimpleNamespace) -> None:
    with city_session(office.city) as session:
        staff_administration.request_reset(session, Actor("staff", None, "運用 太郎"), office.yui)
    start = Barrier(2)

    def confirm(name: str) -> bool:
        start.wait()
        try:
            with city_session(office.city) as session:
                staff_administration.confirm_reset(session, actor(office, name), office.yui)
        except DomainError:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(confirm, ["aoi", "ren"])) == [False, True]


def test_the_operator_names_two_people(office: SimpleNamespace) -> None:
    command = ["staff", "reset", office.city, "yui@city.example.jp", "--by", "佐々木 健"]
    twice_the_same = CliRunner().invoke(main, [*command, "--and", "佐々木 健"])
    assert twice_the_same.exit_code == 1
    assert "Two different people" in twice_the_same.output
    done = CliRunner().invoke(main, [*command, "--and", "井上 千尋"])
    assert done.exit_code == 0, done.output
    assert "one-time code" in done.output
    assert events(office.city) == [("staff.reset_requested", "佐々木 健"), ("staff.reset_confirmed", "井上 千尋")]


def test_the_operator_changes_roles_and_brings_people_back(office: SimpleNamespace) -> None:
    def madoguchi(*arguments: str) -> str:
        result = CliRunner().invoke(main, ["staff", arguments[0], office.city, *arguments[1:]])
        assert result.exit_code == 0, result.output
        return result.output

    madoguchi("roles", "yui@city.example.jp", "--role", "*:clerk", "--role", "parks:decider")
    assert "yui 職員\t*:clerk parks:decider\n" in madoguchi("list")
    madoguchi("close", "yui@city.example.jp")
    assert "closed" in madoguchi("list")
    assert "password" in madoguchi("reopen", "yui@city.example.jp")
    assert "closed" not in madoguchi("list")
    madoguchi("close", "yui@city.example.jp")
    assert "authenticator key" in madoguchi("create", "yui@city.example.jp", "--name", "結衣", "--role", "*:clerk")
