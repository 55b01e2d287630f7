"""A session ends when it should: tokens used before signing in or out are dead, and what the session could open is closed."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core.clock import frozen, now
from portal.core.config import settings
from portal.core.database import city_session
from portal.core.sessions import WebSession
from portal.identity.actions import disable_staff
from tests.integration.access.routes import doors
from tests.integration.access.town import HERE, Town
from tests.kit.browser import Browser
from tests.kit.city import hire

WITHOUT_TOKEN = {"payments.receive_webhook"}
"""Signed by the provider in place of a token."""


def copy_of(app: Flask, visitor: Browser) -> Browser:
    """Another browser with the same token, as somebody has it who copied the cookie."""
    other = Browser(app, visitor.city, visitor.address)
    other.cookie = visitor.cookie
    return other


def test_a_copied_token_is_worth_nothing_after_signing_out(app: Flask, town: Town) -> None:
    resident = Browser(app, HERE, "192.0.2.40").sign_in("misaki@example.jp")
    thief = copy_of(app, resident)
    assert thief.get(f"/me/cases/{town.case}").status_code == 200
    assert resident.post("/sign-out").status_code == 303
    for visitor in (resident, thief):
        assert visitor.get(f"/me/cases/{town.case}").location.startswith("/sign-in?next=")
    assert thief.get("/me/security").status_code == 303


def test_a_copied_token_of_staff_is_worth_nothing_after_signing_out(app: Flask, town: Town) -> None:
    hire(HERE, "leaving@example.jp", {"road-management": {"clerk"}})
    clerk = Browser(app, HERE, "192.0.2.41").sign_in_at_desk("leaving@example.jp")
    thief = copy_of(app, clerk)
    assert thief.get("/desk").status_code == 200
    assert clerk.post("/desk/sign-out").status_code == 303
    assert thief.get("/desk").status_code == 303
    assert clerk.get("/desk").status_code == 303


def test_a_closed_staff_account_is_outside_at_once(app: Flask, town: Town) -> None:
    staff_id = hire(HERE, "gone@example.jp", {"road-management": {"clerk"}})
    clerk = Browser(app, HERE, "192.0.2.42").sign_in_at_desk("gone@example.jp")
    assert clerk.get("/desk").status_code == 200
    with city_session(HERE) as session:
        disable_staff(session, staff_id)
    assert clerk.get("/desk").status_code == 303


def test_a_token_planted_before_signing_in_does_not_become_the_residents(app: Flask, town: Town) -> None:
    stranger = Browser(app, HERE, "192.0.2.43")
    stranger.get("/sign-in")
    planted = stranger.cookie
    resident = Browser(app, HERE, "192.0.2.44")
    resident.cookie = planted
    resident.sign_in("taro@example.jp")
    assert resident.cookie != planted
    assert stranger.get("/me/security").status_code == 303


def test_signing_out_on_a_shared_computer_leaves_nothing_of_the_resident_behind(app: Flask, town: Town) -> None:
    shared = Browser(app, HERE, "192.0.2.45").sign_in("misaki@example.jp")
    shared.get("/procedures/dog-registration")
    started = shared.post("/apply/dog-registration")
    draft = started.location.split("/")[3]
    assert shared.get(started.location).status_code == 200
    shared.post("/sign-out")
    assert shared.get(f"/drafts/{draft}").status_code == 404
    page = shared.get("/me").text
    assert "/me/cases/" not in page
    assert draft not in page


def test_receipts_end_with_the_visit_of_the_one_who_sent_them(app: Flask, town: Town) -> None:
    from tests.kit.answers import damage
    from tests.kit.city import begin, send

    shared = Browser(app, HERE, "192.0.2.46").sign_in("kenta@example.jp")
    with city_session(HERE) as session:
        draft = begin(session, "road-damage", damage(HERE, "くぼみ"), account_of(session, "kenta@example.jp"))
        public_id = send(session, draft).public_id
        address = f"/apply/d/{draft.public_id}/review"
    # the page after sending is where a browser learns of its receipt
    assert shared.get(address).location == f"/done/{public_id}"
    assert shared.get(f"/done/{public_id}").status_code == 200
    shared.post("/sign-out")
    for path in (f"/done/{public_id}", f"/me/cases/{public_id}"):
        assert shared.get(path).location.startswith("/sign-in?next=")


def account_of(session: object, email: str) -> int:
    from portal.identity.resident_accounts import sign_in_account

    return sign_in_account(session, email, "ja")


def test_a_visit_ends_automatically(app: Flask, town: Town) -> None:
    from datetime import timedelta

    visitor = Browser(app, HERE, "192.0.2.47").sign_in("hiroshi@example.jp")
    began = now()
    assert visitor.get("/me/security").status_code == 200
    with frozen(began + timedelta(minutes=settings().session_idle_minutes + 2)):
        assert visitor.get("/me/security").status_code == 303


def test_a_token_is_kept_only_as_its_digest(town: Town) -> None:
    cookie = town.people["owner"].cookie
    with city_session(HERE) as session:
        rows = session.scalars(select(WebSession)).all()
        assert rows
        assert not [row for row in rows if cookie in str(row.data) or cookie.encode() in row.digest]
    assert len(cookie) >= 43  # 256 bits


def test_looking_at_pages_makes_no_visit(app: Flask, town: Town) -> None:
    with city_session(HERE) as session:
        before = session.scalar(select(func.count()).select_from(WebSession))
    visitor = Browser(app, HERE)
    for path in ("/", "/help", "/privacy", "/no-such-page", "/healthz", "/me"):
        assert visitor.get(path).headers.get("Set-Cookie") is None, path
    with city_session(HERE) as session:
        assert session.scalar(select(func.count()).select_from(WebSession)) == before


@pytest.mark.parametrize("who", ["owner", "officer"])
def test_every_form_needs_its_token(app: Flask, town: Town, who: str) -> None:
    visitor = town.people[who]
    accepted = []
    for door in doors(app, town):
        if door.method != "POST" or door.endpoint in WITHOUT_TOKEN:
            continue
        for token in (None, "", "x", visitor.token[:-1], town.people["stranger"].token):
            answer = visitor.send("POST", door.path, data={} if token is None else {"csrf_token": token})
            if answer.status_code != 400 and answer.location and "sign-in" in answer.location:
                continue  # not this visitor's side
            if answer.status_code != 400 or "<html" not in answer.text or "Bad Request" in answer.text:
                accepted.append((door.path, token, answer.status_code))
    assert accepted == []


def test_without_its_token_a_form_changes_nothing_for_another_site(app: Flask, town: Town) -> None:
    visitor = town.people["owner"]
    visitor.get(f"/drafts/{town.draft}")  # this browser knows the draft and the correction
    visitor.get(f"/me/cases/{town.correction_case}/correction")
    accepted = []
    for door in doors(app, town):
        if door.method != "POST" or door.endpoint in WITHOUT_TOKEN or not door.of_owner:
            continue
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "same-site"}, {}):
            answer = visitor.send("POST", door.path, data={"csrf_token": "x"}, headers=headers)
            if answer.status_code != 400 or (headers and "X-CSRF-Token" in answer.headers):
                accepted.append((door.path, headers, answer.status_code))
    assert accepted == []


def test_a_get_never_signs_anybody_out(town: Town) -> None:
    owner = town.people["owner"]
    assert owner.get("/sign-out").status_code == 405
    assert owner.get("/desk/sign-out").location == "/desk"
    assert owner.get("/me").status_code == 200
