"""Expired codes, links and sessions are deleted, and none earlier."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from portal.core.clock import frozen, now
from portal.core.database import city_session
from portal.core.sessions import WebSession
from portal.identity.jobs import purge
from portal.identity.links import send_resume_link, send_sign_in_code
from portal.identity.models import LoginCode
from tests.integration.identity.conftest import HOST
from tests.kit.browser import Browser


def remaining_rows(city: str) -> tuple[list[str], int]:
    with city_session(city) as session:
        purposes = session.scalars(select(LoginCode.purpose).order_by(LoginCode.id)).all()
        return list(purposes), len(session.scalars(select(WebSession.digest)).all())


def test_what_ended_is_forgotten(browser: Browser, doors: Flask, scratch_city: str) -> None:
    browser.get("/sign-in")
    with doors.test_request_context(base_url=f"http://{HOST}"), city_session(scratch_city) as session:
        send_sign_in_code(session, "misaki@example.jp", "ja")
        send_resume_link(session, draft="draft", email="misaki@example.jp", title="犬の登録", language="ja")
    purge()
    assert remaining_rows(scratch_city) == (["sign_in", "resume"], 1)
    with frozen(now() + timedelta(days=2)):
        purge()
    assert remaining_rows(scratch_city) == (["resume"], 0)
    with frozen(now() + timedelta(days=32)):
        purge()
    assert remaining_rows(scratch_city) == ([], 0)
