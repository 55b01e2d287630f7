"""The browser's session: signing in and out on either side, the drafts it may open, and where to go after signing in."""

import re
from collections.abc import Callable, Mapping
from typing import cast
from urllib.parse import urlsplit

from flask import Response, redirect, request, session, url_for

from portal.core.access import current_account
from portal.core.sessions import ServerSession
from portal.identity.browsers import browser_label, network_label

_MAX_DRAFTS = 20
_OUTSIDE = re.compile(r"[\x00-\x20\\]")
_OF_RESIDENTS = ("account_id", "drafts", "review", "sign_in", "status")
_OF_STAFF = ("staff_id", "staff_attempt", "staff_invitation")


on_sign_out: list[Callable[[int], None]] = []
"""Called with the account of a resident who signs out, before the session ends; a capability that stores things for a browser adds a function."""


def sign_in_resident(account_id: int) -> None:
    """Sign a resident in under a new token. Drafts started before stay in the session, but not those of another resident."""
    former = session.get("account_id")
    if former is not None and former != account_id:
        _forget("drafts", "review", "status")
    _start_signed_in("sign_in")
    session["account_id"] = account_id
    _store_browser_label()


def sign_in_staff(staff_id: int) -> None:
    """Sign a member of staff in under a new token."""
    _start_signed_in("staff_attempt")
    session["staff_id"] = staff_id
    _store_browser_label()


def sign_out_resident() -> None:
    """Sign the resident out; the token is replaced."""
    account_id = session.get("account_id")
    if isinstance(account_id, int):
        for forget in on_sign_out:
            forget(account_id)
    _forget(*_OF_RESIDENTS)


def sign_out_staff() -> None:
    """Sign the member of staff out; the token is replaced."""
    _forget(*_OF_STAFF)


def rotate_token() -> None:
    """Replace the session's token; the old one no longer works (ASVS 7.2.4)."""
    cast(ServerSession, session).renew()


def remember_draft(public_id: str) -> None:
    """Let this session open a draft."""
    session["drafts"] = [public_id, *(other for other in own_drafts() if other != public_id)][:_MAX_DRAFTS]


def forget_draft(public_id: str) -> None:
    """Take a draft out of the session."""
    session["drafts"] = [other for other in own_drafts() if other != public_id]


def own_drafts() -> list[str]:
    """Return the public ids of the drafts that this session may open, newest first."""
    return list(session.get("drafts", []))


def remember_review(public_id: str, choices: Mapping[str, str]) -> None:
    """Keep what was ticked and chosen on the last page of an application that could not be sent without signing in."""
    session["review"] = {"draft": public_id, "choices": dict(choices)}


def remembered_review(public_id: str) -> dict[str, str]:
    """Return what was ticked and chosen on the last page of this application; empty where nothing was kept."""
    kept = session.get("review", {})
    return dict(kept["choices"]) if kept.get("draft") == public_id else {}


def forget_review() -> None:
    """The application was sent: what was kept of its last page is of no use any more."""
    session.pop("review", None)


def redirect_to_sign_in(after: str) -> Response | None:
    """Return None when a resident is signed in, else a redirect to the sign-in page, which leads back to the path `after`."""
    if current_account() is not None:
        return None
    return cast(Response, redirect(url_for("resident_auth.sign_in", next=after), 303))


def local_path(text: str | None) -> str | None:
    """Return the path (and query) when it is on this site, else None: a sign-in page must not be an open redirect."""
    if not text or not text.startswith("/") or text.startswith("//") or _OUTSIDE.search(text):
        return None
    parts = urlsplit(text)
    return None if parts.scheme or parts.netloc else text


def _store_browser_label() -> None:
    """For the person's list of sessions: only as much of the address as tells the office from elsewhere."""
    session["browser"] = {
        "program": browser_label(request.headers.get("User-Agent", "")),
        "network": network_label(request.remote_addr or ""),
    }


def _start_signed_in(attempt: str) -> None:
    session.pop(attempt, None)
    session.pop("csrf_token", None)
    rotate_token()


def _forget(*names: str) -> None:
    remaining = {name: value for name, value in session.items() if name not in {*names, "csrf_token"}}
    session.clear()
    if remaining:
        session.update(remaining)
        rotate_token()
