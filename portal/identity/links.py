"""What is mailed to prove an address: a code with a link for signing in, and a link to go on with a draft. Only digests are stored."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from portal.core.clock import local_date, now
from portal.core.config import settings
from portal.core.crypto import application_secret
from portal.identity.models import LoginCode
from portal.identity.throttle import limit_mail
from portal.notifications import send_mail

CODE_LIFE = timedelta(minutes=10)
MAX_ATTEMPTS = 5


@dataclass(frozen=True)
class Attempt:
    """One try to sign in: the number of its code, and what only the browser that asked holds."""

    code_id: int
    browser: str


def send_sign_in_code(session: Session, email: str, language: str) -> Attempt:
    """Mail a code and a link to an address, whether it has an account or not. Raises TooMany."""
    limit_mail(email)
    code, token, browser = f"{secrets.randbelow(10**6):06}", secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    moment = now()
    row = LoginCode(
        email=email,
        purpose="sign_in",
        browser=_digest(browser),
        code_digest=_code_digest(browser, code),
        token_digest=_digest(token),
        tries=0,
        created_at=moment,
        expires_at=moment + CODE_LIFE,
    )
    session.add(row)
    session.flush()
    send_mail(session, "sign_in_code", to=email, language=language, code=code, path=f"/sign-in/link/{token}")
    return Attempt(row.id, browser)


def redeem_code(session: Session, attempt: Attempt, code: str) -> str | None:
    """Return the address that the code proves and mark the code used; None for a wrong, expired or used code, or after five attempts.

    The attempt is counted before the code is compared, in one statement, so parallel guesses do not get more.
    """
    counted = session.execute(
        update(LoginCode)
        .where(LoginCode.id == attempt.code_id, LoginCode.tries < MAX_ATTEMPTS, *_open_for(attempt.browser))
        .values(tries=LoginCode.tries + 1)
        .returning(LoginCode.code_digest)
    ).scalar()
    if counted is None or not hmac.compare_digest(counted, _code_digest(attempt.browser, code)):
        return None
    return _use(session, LoginCode.id == attempt.code_id, attempt.browser)


def attempts_left(session: Session, attempt: Attempt) -> int:
    """Return how often a code may still be tried; 0 when it is used or expired."""
    query = select(LoginCode.tries).where(LoginCode.id == attempt.code_id, *_open_for(attempt.browser))
    tries = session.scalar(query)
    return 0 if tries is None else max(0, MAX_ATTEMPTS - tries)


def link_is_valid(session: Session, token: str, browser: str) -> bool:
    """Whether a mailed sign-in link works in this browser. Asking does not use it, because mail scanners open links first."""
    query = select(LoginCode.id).where(LoginCode.token_digest == _digest(token), *_open_for(browser))
    return session.scalar(query) is not None


def redeem_link(session: Session, token: str, browser: str) -> str | None:
    """Return the address that a mailed link proves and mark it used; None for an expired or used link, or another browser's."""
    return _use(session, LoginCode.token_digest == _digest(token), browser)


def send_resume_link(session: Session, *, draft: str, email: str, title: str, language: str) -> None:
    """Mail a link that opens a draft (its public id) for as long as drafts are kept. Raises TooMany."""
    limit_mail(email)
    token, moment = secrets.token_urlsafe(32), now()
    until = moment + timedelta(days=settings().draft_days)
    row = LoginCode(
        email=email,
        purpose="resume",
        draft=draft,
        token_digest=_digest(token),
        tries=0,
        created_at=moment,
        expires_at=until,
    )
    session.add(row)
    session.flush()
    last_day, path = (
        local_date(until),
        f"/resume/{token}?lang={language}",
    )  # another device knows no choice of a language
    send_mail(session, "resume_link", to=email, language=language, title=title, path=path, until=last_day)


def draft_of_link(session: Session, token: str) -> str | None:
    """Return the public id of the draft that a mailed link opens; None when it expired. It may be used more than once."""
    return session.scalar(
        select(LoginCode.draft).where(
            LoginCode.token_digest == _digest(token), LoginCode.purpose == "resume", LoginCode.expires_at > now()
        )
    )


def _use(session: Session, which: ColumnElement[bool], browser: str) -> str | None:
    moment = now()
    used = update(LoginCode).where(which, *_open_for(browser)).values(used_at=moment).returning(LoginCode.email)
    return session.execute(used).scalar()


def _open_for(browser: str) -> tuple[ColumnElement[bool], ...]:
    return (
        LoginCode.purpose == "sign_in",
        LoginCode.browser == _digest(browser),
        LoginCode.used_at.is_(None),
        LoginCode.expires_at > now(),
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _code_digest(browser: str, code: str) -> bytes:
    # Six digits are quickly tried against a plain digest; the key is not in the database.
    return hmac.digest(application_secret().encode(), f"{browser} {code}".encode(), "sha256")
