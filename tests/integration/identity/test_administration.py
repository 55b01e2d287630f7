"""The city's staff in the hands of its administrators: roles, closing and coming back, and what two of them do at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core.clock import frozen, now
from portal.core.config import settings
from portal.core.database import city_session
from portal.core.errors import Conflict, DomainError, Forbidden
from portal.core.events import SYSTEM, Actor, Event
from portal.identity import staff_administration
from portal.identity.actions import create_staff, disable_staff
from portal.identity.department_administration import Particulars, save_department
from portal.identity.models import Staff
from portal.identity.queries import read_staff, staff_of_department
from tests.integration.identity.conftest import ADDRESS, code_at
from tests.kit.browser import Browser
from tests.kit.people import PASSWORD, SECRET

DOOR = "/desk/sign-in"
OTHER = "別の言葉をならべた 42番"


@pytest.fixture
def office(doors: Flask, scratch_city: str) -> Iterator[SimpleNamespace]:
    """Two administrators of the whole city, one of a single office, and a clerk."""
    with city_session(scratch_city) as session:
        roads = save_department(session, SYSTEM, "roads", Particulars({"ja": "道路課"})).id
        parks = save_department(session, SYSTEM, "parks", Particulars({"ja": "公園課"})).id

        def hire(name: str, roles: dict[int | None, set[str]]) -> int:
            email = f"{name}@city.example.jp"
            return create_staff(session, email, f"{name} 職員", PASSWORD, roles, totp_secret=SECRET)[0].id

        ids = {
            "aoi": hire("aoi", {None: {"admin"}}),
            "ren": hire("ren", {None: {"admin"}}),
            "mio": hire("mio", {roads: {"admin"}}),
            "yui": hire("yui", {roads: {"clerk"}}),
        }
    yield SimpleNamespace(city=scratch_city, doors=doors, roads=roads, parks=parks, **ids)


def actor(office: SimpleNamespace, name: str) -> Actor:
    return Actor("staff", getattr(office, name), f"{name} 職員")


def enter(office: SimpleNamespace, name: str, password: str = PASSWORD, secret: str = SECRET) -> Browser:
    browser = Browser(office.doors, address="192.0.2.77")
    browser.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"
    browser.submit(DOOR, email=f"{name}@city.example.jp", password=password)
    browser.submit("/desk/sign-in/code", code=pyotp.TOTP(secret).at(now()))
    return browser


def page_of(office: SimpleNamespace, browser: Browser, name: str) -> str:
    return browser.get(f"/desk/staff/{getattr(office, name)}").text


def shown_on(page: str) -> str:
    return page.split('name="shown" value="')[1].split('"', maxsplit=1)[0]


def post_many(browser: Browser, path: str, page: str, fields: list[tuple[str, str]]) -> TestResponse:
    from werkzeug.datastructures import MultiDict

    token = browser.get(page).text.split('name="csrf_token" value="')[1].split('"')[0]
    return browser.client.post(
        path,
        base_url="http://hino.localhost",
        environ_base={"REMOTE_ADDR": browser.address},
        data=MultiDict([("csrf_token", token), *fields]),
    )


def events(city: str) -> list[tuple[str, str | None]]:
    with city_session(city) as session:
        rows = session.execute(
            select(Event.name, Event.actor_name).where(Event.subject_kind == "staff").order_by(Event.id)
        )
        return [(row.name, row.actor_name) for row in rows]


def test_a_role_everywhere_counts_in_departments_made_later(office: SimpleNamespace) -> None:
    with city_session(office.city) as session:
        staff_administration.change_roles(session, actor(office, "aoi"), office.yui, frozenset({(None, "clerk")}))
        later = save_department(session, SYSTEM, "sports", Particulars({"ja": "スポーツ課"})).id
        staff = read_staff(session, office.yui)
        assert staff is not None
        assert staff.may("case.read_answers", later)
        assert staff.everywhere == {"clerk"}
        assert office.yui in [staff_id for staff_id, _name in staff_of_department(session, later)]


def test_two_administrators_who_close_each_other_at_once_leave_one(office: SimpleNamespace) -> None:
    with city_session(office.city) as session:
        disable_staff(session, office.mio)
    start = Barrier(2)

    def close(names: tuple[str, str]) -> str:
        start.wait()
        try:
            with city_session(office.city) as session:
                staff_administration.close(session, actor(office, names[0]), getattr(office, names[1]))
        except DomainError as refused:
            return type(refused).__name__
        return "closed"

    with ThreadPoolExecutor(2) as threads:
        outcomes = sorted(threads.map(close, [("aoi", "ren"), ("ren", "aoi")]))
    assert outcomes == ["Forbidden", "closed"]  # the one who was closed first may do nothing any longer
    with city_session(office.city) as session:
        remaining = session.scalars(select(Staff.id).where(Staff.active, Staff.id.in_([office.aoi, office.ren]))).all()
    assert len(remaining) == 1


def test_the_last_administrator_cannot_be_taken_away(office: SimpleNamespace) -> None:
    with city_session(office.city) as session:
        disable_staff(session, office.mio)
        disable_staff(session, office.ren)
        staff_administration.change_roles(
            session, actor(office, "aoi"), office.yui, frozenset({(office.roads, "admin")})
        )
    with city_session(office.city) as session:
        staff_administration.change_roles(
            session, Actor("staff", None, "運用"), office.aoi, frozenset({(office.roads, "clerk")})
        )
    with pytest.raises(Forbidden), city_session(office.city) as session:
        staff_administration.close(session, actor(office, "yui"), office.yui)
    with pytest.raises(Forbidden), city_session(office.city) as session:
        staff_administration.close(session, actor(office, "aoi"), office.yui)


def test_an_administrator_of_one_office_does_not_reach_beyond_it(office: SimpleNamespace) -> None:
    mio = actor(office, "mio")
    with city_session(office.city) as session:
        for roles in ({(office.parks, "clerk")}, {(None, "clerk")}):
            with pytest.raises(Forbidden):
                staff_administration.change_roles(session, mio, office.yui, frozenset(roles))
        with pytest.raises(Forbidden):
            staff_administration.close(session, mio, office.aoi)
        with pytest.raises(Forbidden):
            staff_administration.create_account(
                session, mio, "new@city.example.jp", "新人", frozenset({(office.parks, "clerk")})
            )
        staff_administration.change_roles(session, mio, office.yui, frozenset({(office.roads, "decider")}))


def test_a_colleague_comes_and_chooses_a_password_before_anything_opens(office: SimpleNamespace) -> None:
    browser = enter(office, "aoi")
    answer = post_many(
        browser,
        "/desk/staff/new",
        "/desk/staff/new",
        [("name", "新井 光"), ("email", "Arai@city.example.jp"), ("role", f"{office.roads}:clerk")],
    )
    assert answer.status_code == 200
    first_password = answer.text.split("<dt>はじめのパスワード</dt><dd>")[1].split("<")[0]
    secret = answer.text.split("<dt>読み取れないときのキー</dt><dd>")[1].split("<")[0]
    assert "<svg" in answer.text
    arai = Browser(office.doors, address=ADDRESS)
    arai.submit(DOOR, email="arai@city.example.jp", password=first_password)
    assert arai.submit("/desk/sign-in/code", code=pyotp.TOTP(secret).at(now())).location == "/desk/sign-in/password"
    assert arai.get("/desk").status_code == 303
    unchanged = arai.submit("/desk/sign-in/password", password=first_password, again=first_password)
    assert unchanged.status_code == 422
    assert "渡されたものとちがう" in unchanged.text
    assert arai.submit("/desk/sign-in/password", password=OTHER, again=OTHER).location == "/desk"
    assert arai.get("/desk").status_code == 200
    later = Browser(office.doors, address=ADDRESS)
    with frozen(now() + timedelta(minutes=5)):
        later.submit(DOOR, email="arai@city.example.jp", password=OTHER)
        assert later.submit("/desk/sign-in/code", code=pyotp.TOTP(secret).at(now())).location == "/desk"
    assert ("staff.created", "aoi 職員") in events(office.city)


def test_a_first_password_that_nobody_used_ends(office: SimpleNamespace) -> None:
    with city_session(office.city) as session:
        first_password = staff_administration.give_password(session, actor(office, "aoi"), office.yui)
    browser = Browser(office.doors, address=ADDRESS)
    with frozen(now() + timedelta(days=settings().initial_password_days, minutes=1)):
        refused = browser.submit(DOOR, email="yui@city.example.jp", password=first_password)
    assert refused.status_code == 422
    assert "期限が切れています" in refused.text


def test_an_address_that_is_taken_keeps_what_was_typed(office: SimpleNamespace) -> None:
    browser = enter(office, "aoi")
    fields = [("name", "新井 光"), ("email", "yui@city.example.jp"), ("role", f"{office.roads}:clerk")]
    refused = post_many(browser, "/desk/staff/new", "/desk/staff/new", fields)
    assert refused.status_code == 409
    assert "すでに登録されています" in refused.text
    assert 'value="新井 光"' in refused.text
    assert f'value="{office.roads}:clerk" aria-label="道路課 受付・審査" checked' in refused.text


def test_who_left_can_come_back_by_either_way(office: SimpleNamespace) -> None:
    aoi = actor(office, "aoi")
    with city_session(office.city) as session:
        staff_administration.close(session, aoi, office.yui)
        with pytest.raises(Conflict):
            staff_administration.close(session, aoi, office.yui)
        first_password = staff_administration.reopen(session, aoi, office.yui)
    browser = enter(office, "yui", first_password)
    assert browser.get("/desk/sign-in/password").status_code == 200
    with city_session(office.city) as session:
        staff_administration.close(session, aoi, office.yui)
        staff, _password, _address = staff_administration.create_account(
            session, aoi, "YUI@city.example.jp", "結衣 新姓", frozenset({(office.parks, "clerk")})
        )
        assert staff.id == office.yui
        assert staff_administration.roles_of(session, office.yui) == {(office.parks, "clerk")}


def test_name_and_address_change_and_the_authenticator_goes_on_working(office: SimpleNamespace) -> None:
    browser = enter(office, "aoi")
    page = f"/desk/staff/{office.yui}"
    shown = shown_on(browser.get(page).text)
    fields = [("shown", shown), ("name", "  結衣  新姓 "), ("email", "Yui.New@City.example.jp")]
    assert post_many(browser, f"{page}/particulars", page, fields).status_code == 303
    stale = post_many(browser, f"{page}/particulars", page, fields)
    assert stale.status_code == 409
    assert "ほかの人が先に変えました" in stale.text
    yui = Browser(office.doors, address=ADDRESS)
    assert yui.submit(DOOR, email="yui@city.example.jp", password=PASSWORD).status_code == 422
    yui.submit(DOOR, email="yui.new@city.example.jp", password=PASSWORD)
    assert yui.submit("/desk/sign-in/code", code=code_at(now())).location == "/desk"
    assert events(office.city) == [("staff.particulars_changed", "aoi 職員")]
    assert "結衣 新姓" in browser.get(page).text


def test_a_name_or_address_that_cannot_be_is_refused_at_its_field(office: SimpleNamespace) -> None:
    browser = enter(office, "aoi")
    page = f"/desk/staff/{office.yui}"
    for name, email, sentence in (
        ("", "yui@city.example.jp", "名前を入力してください"),
        ("結衣", "ren@city.example.jp", "すでに登録されています"),
        ("結衣", "yui", "name@example.jp のような形"),
    ):
        fields = [("shown", shown_on(browser.get(page).text)), ("name", name), ("email", email)]
        refused = post_many(browser, f"{page}/particulars", page, fields)
        assert refused.status_code == 422
        assert sentence in refused.text
        assert f'value="{email}"' in refused.text
    assert events(office.city) == []


def test_the_list_is_searched_by_name_state_and_department(office: SimpleNamespace) -> None:
    with city_session(office.city) as session:
        staff_administration.change_roles(
            session, actor(office, "aoi"), office.mio, frozenset({(office.parks, "clerk")})
        )
        disable_staff(session, office.ren)
    browser = enter(office, "aoi")

    def listed(query: str) -> list[str]:
        page = browser.get(f"/desk/staff{query}").text
        return [name for name in ("aoi", "ren", "mio", "yui") if f">{name} 職員</a>" in page]

    assert listed("") == ["aoi", "ren", "mio", "yui"]
    assert listed("?q=ＹＵＩ職員") == ["yui"]
    assert listed("?q=mio@city") == ["mio"]
    assert listed("?state=left") == ["ren"]
    assert listed("?department=parks") == ["mio"]
    assert listed("?department=*&state=active") == ["aoi"]
    assert listed("?q=誰も%00&page=999999999999") == []
    assert "いません" in browser.get("/desk/staff?q=誰も").text


def test_the_page_is_for_those_who_manage_staff(office: SimpleNamespace) -> None:
    browser = enter(office, "yui")
    assert browser.get("/desk/staff").status_code == 403
    assert browser.get(f"/desk/staff/{office.aoi}").status_code == 403


def test_own_visits_are_seen_and_ended(office: SimpleNamespace) -> None:
    moment = now()
    with frozen(moment):
        first = enter(office, "yui")
    with frozen(moment + timedelta(minutes=2)):
        second = enter(office, "yui")
        page = second.get("/desk/account").text
        assert "Firefox・Windows 192.0.2.*" in page
        assert page.count("最後に使ったとき") == 2
        number = page.split("/desk/account/visits/")[1].split("/")[0]
        assert second.submit(f"/desk/account/visits/{number}/end", page="/desk/account").status_code == 303
        assert first.get("/desk").status_code == 303
        assert second.get("/desk").status_code == 200
    with frozen(moment + timedelta(minutes=4)):
        third = enter(office, "yui")
        assert third.submit("/desk/account/visits/end-others", page="/desk/account").status_code == 303
        assert second.get("/desk").status_code == 303
        assert third.get("/desk").status_code == 200


def test_a_visit_of_somebody_else_cannot_be_ended(office: SimpleNamespace) -> None:
    from portal.core.sessions import live_sessions

    aoi, yui = enter(office, "aoi"), enter(office, "yui")
    with city_session(office.city) as session:
        (visit,) = live_sessions(session, staff_id=office.aoi)
        number = visit.number
    yui.submit(f"/desk/account/visits/{number}/end", page="/desk/account")
    assert aoi.get("/desk").status_code == 200


def test_codes_show_what_the_app_shows() -> None:
    assert code_at(now()) == pyotp.TOTP(SECRET).at(now())
