"""A colleague who is invited by mail: comes once and in time, by the newest link alone, with a password and an authenticator of their own."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pyotp
import pytest
from click.testing import CliRunner

from portal.cli import main
from portal.core.clock import frozen, now
from portal.core.config import settings
from portal.core.database import city_session
from portal.core.errors import Conflict, Forbidden
from portal.identity import staff_administration, staff_id_of
from portal.notifications.models import MailMessage
from tests.integration.identity.conftest import ADDRESS
from tests.integration.identity.test_administration import OTHER, actor, enter, events, office, post_many, shown_on
from tests.integration.identity.test_enrolment import key_on
from tests.kit.browser import Browser
from tests.kit.letters import mailed_to
from tests.kit.people import PASSWORD

__all__ = ["office"]
EMAIL = "arai@city.example.jp"


def invite(office: SimpleNamespace, browser: Browser) -> str:
    """Invite a clerk of the roads office in the browser; the address of her page."""
    fields = [
        ("name", "新井 光"),
        ("email", "Arai@city.example.jp"),
        ("role", f"{office.roads}:clerk"),
        ("how", "invite"),
    ]
    answer = post_many(browser, "/desk/staff/new", "/desk/staff/new", fields)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def link_to(office: SimpleNamespace, email: str = EMAIL) -> str:
    link = re.search(
        r"http://hino\.localhost:\d+(/desk/invitation/\S+)", mailed_to(office.city, email, "staff_invitation")
    )
    assert link is not None
    return link[1]


def arrive(office: SimpleNamespace, link: str) -> tuple[Browser, str]:
    """Open the link and set up the authenticator; the browser, before the password, and the key."""
    browser = Browser(office.doors, address=ADDRESS)
    secret = key_on(browser.get(link).text)
    assert browser.submit(link, code=pyotp.TOTP(secret).at(now())).location == f"{link}/password"
    return browser, secret


def test_who_is_invited_sets_up_an_authenticator_and_a_password_and_comes_in(office: SimpleNamespace) -> None:
    page = invite(office, enter(office, "aoi"))
    link = link_to(office)
    arai = Browser(office.doors, address=ADDRESS)
    shown = arai.get(link).text
    assert "新井 光" in shown
    assert EMAIL in shown
    secret = key_on(shown)
    assert arai.get(f"{link}/password").location == link  # the authenticator first
    wrong = arai.submit(link, code="000000" if pyotp.TOTP(secret).at(now()) != "000000" else "111111")
    assert wrong.status_code == 422
    assert key_on(wrong.text) == secret
    assert arai.submit(link, code=pyotp.TOTP(secret).at(now())).location == f"{link}/password"
    short = arai.submit(f"{link}/password", password="abc", again="abc")
    assert short.status_code == 422
    assert arai.get("/desk").status_code == 303
    assert arai.submit(f"{link}/password", password=OTHER, again=OTHER).location == "/desk"
    assert arai.get("/desk").status_code == 200
    later = Browser(office.doors, address=ADDRESS)
    with frozen(now() + timedelta(minutes=5)):
        later.submit("/desk/sign-in", email=EMAIL, password=OTHER)
        assert later.submit("/desk/sign-in/code", code=pyotp.TOTP(secret).at(now())).location == "/desk"
    assert [name for name, _who in events(office.city)] == [
        "staff.created",
        "staff.invited",
        "staff.invitation_accepted",
    ]
    assert "に招待しました" not in enter(office, "ren").get(page).text


def test_the_link_works_once_and_not_for_another_browser_meanwhile(office: SimpleNamespace) -> None:
    invite(office, enter(office, "aoi"))
    link = link_to(office)
    first, _secret = arrive(office, link)
    second, _other = arrive(office, link)
    assert first.submit(f"{link}/password", password=OTHER, again=OTHER).location == "/desk"
    late = second.post(f"{link}/password", {"password": PASSWORD, "again": PASSWORD})
    assert late.status_code == 404
    assert "このリンクは使えません" in late.text
    assert second.get("/desk").status_code == 303
    assert Browser(office.doors, address=ADDRESS).get(link).status_code == 404


def test_a_link_ends_and_another_one_can_be_sent(office: SimpleNamespace) -> None:
    page = invite(office, enter(office, "aoi"))
    old = link_to(office)
    with frozen(now() + timedelta(days=settings().initial_password_days, minutes=1)):
        assert Browser(office.doors, address=ADDRESS).get(old).status_code == 404
        aoi = enter(office, "aoi")
        assert "リンクの期限が切れています" in aoi.get(page).text
        assert post_many(aoi, f"{page.partition('?')[0]}/invitation", page, [("seen", "1")]).status_code == 303
        twice = post_many(aoi, f"{page.partition('?')[0]}/invitation", page, [("seen", "1")])
        assert twice.status_code == 409
        assert "たったいま送られました" in twice.text
        assert Browser(office.doors, address=ADDRESS).get(link_to(office)).status_code == 200
    assert Browser(office.doors, address=ADDRESS).get(old).status_code == 404


def test_who_has_not_come_is_told_apart_in_the_list_and_so_is_what_became_of_the_mail(office: SimpleNamespace) -> None:
    browser = enter(office, "aoi")
    page = invite(office, browser)
    invited = browser.get("/desk/staff?state=invited").text
    assert "新井 光" in invited
    assert "yui 職員" not in invited
    assert "送信を待っています" in browser.get(page).text  # the mail server may be down
    with city_session(office.city) as session:
        for mail in session.query(MailMessage).filter_by(kind="staff_invitation"):
            mail.status = "undeliverable"
    assert "メールが届きませんでした" in browser.get(page).text
    fields = [("shown", shown_on(browser.get(page).text)), ("name", "新井 光"), ("email", "hikari@city.example.jp")]
    old = link_to(office)
    assert post_many(browser, f"{page.partition('?')[0]}/particulars", page, fields).status_code == 303
    assert Browser(office.doors, address=ADDRESS).get(old).status_code == 404
    assert Browser(office.doors, address=ADDRESS).get(link_to(office, "hikari@city.example.jp")).status_code == 200


def test_an_invitation_is_withdrawn_with_the_account_and_can_be_renewed(office: SimpleNamespace) -> None:
    browser = enter(office, "aoi")
    page = invite(office, browser)
    old, aoi = link_to(office), actor(office, "aoi")
    with city_session(office.city) as session:
        arai = staff_id_of(session, EMAIL)
        staff_administration.close(session, aoi, arai)
    assert Browser(office.doors, address=ADDRESS).get(old).status_code == 404
    assert "招待を取り消してあります" in browser.get(page).text
    with city_session(office.city) as session:
        with pytest.raises(Conflict, match="招待中"):  # there is no authenticator that a password could go with
            staff_administration.reopen(session, aoi, arai)
        staff_administration.invite_again(session, aoi, arai)
    assert Browser(office.doors, address=ADDRESS).get(old).status_code == 404
    newcomer, _secret = arrive(office, link_to(office))
    assert newcomer.submit(f"{link_to(office)}/password", password=OTHER, again=OTHER).location == "/desk"
    with city_session(office.city) as session, pytest.raises(Conflict, match="使いはじめています"):
        staff_administration.invite_again(session, aoi, arai)
    assert [name for name, _who in events(office.city)] == [
        *("staff.created", "staff.invited", "staff.invitation_withdrawn", "staff.closed"),
        *("staff.invited", "staff.invitation_accepted"),
    ]


def test_a_password_in_the_hand_and_a_link_never_work_beside_each_other(office: SimpleNamespace) -> None:
    aoi = actor(office, "aoi")
    roles = frozenset({(office.roads, "clerk")})
    with city_session(office.city) as session:
        staff, password, _address = staff_administration.create_account(session, aoi, EMAIL, "新井 光", roles)
        staff_administration.invite_again(session, aoi, staff.id)
        for act in (staff_administration.give_password, staff_administration.request_reset):
            with pytest.raises(Conflict, match="招待中"):
                act(session, aoi, staff.id)
    handed = Browser(office.doors, address=ADDRESS)
    assert handed.submit("/desk/sign-in", email=EMAIL, password=password).status_code == 422
    link = link_to(office)
    with city_session(office.city) as session:
        staff_administration.close(session, aoi, staff.id)
        staff_administration.create_account(session, aoi, EMAIL, "新井 光", roles)
    assert Browser(office.doors, address=ADDRESS).get(link).status_code == 404


def test_nobody_is_invited_beyond_ones_reach_and_the_command_line_invites_too(office: SimpleNamespace) -> None:
    mio = actor(office, "mio")
    with city_session(office.city) as session:
        with pytest.raises(Forbidden):
            staff_administration.invite(session, mio, EMAIL, "新井 光", frozenset({(office.parks, "clerk")}))
        with pytest.raises(Forbidden):
            staff_administration.invite_again(session, mio, office.aoi)
    command = ["staff", "invite", office.city, EMAIL, "--name", "新井 光", "--role", "roads:clerk"]
    made = CliRunner().invoke(main, command)
    assert made.exit_code == 0, made.output
    assert "password" not in made.output
    first = link_to(office)
    again = CliRunner().invoke(main, command[:4])
    assert again.exit_code == 0, again.output
    assert link_to(office) != first
