"""Who this visit belongs to: entering and leaving on either side, the drafts started in it, and where to go afterwards."""

import re
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

from flask import Response, redirect, request, session, url_for

from portal.core.access import current_account
from portal.core.sessions import ServerSession
from portal.identity.browsers import browser_label, network_label

_MAX_DRAFTS = 20
_OUTSIDE = re.compile(r"[\x00-\x20\\]")
_OF_RESIDENTS = ("account_id", "drafts", "sign_in", "status")
_OF_STAFF = ("staff_id", "staff_attempt")


on_sign_out: list[Callable[[int], None]] = []
"""Called with the account of a resident who signs out, before the visit ends; who keeps things for a browser adds itself."""


def sign_in_resident(account_id: int) -> None:
    """This visit is now that resident's, under a new token; drafts started before stay with it, but not another resident's."""
    former = session.get("account_id")
    if former is not None and former != account_id:
        _forget("drafts", "status")
    _start_signed_in("sign_in")
    session["account_id"] = account_id
    _store_browser_label()


def sign_in_staff(staff_id: int) -> None:
    """This visit is now that member of staff's, under a new token."""
    _start_signed_in("staff_attempt")
    session["staff_id"] = staff_id
    _store_browser_label()


def sign_out_resident() -> None:
    """End the resident's part of the visit; the token that was used is dead."""
    account_id = session.get("account_id")
    if isinstance(account_id, int):
        for forget in on_sign_out:
            forget(account_id)
    _forget(*_OF_RESIDENTS)


def sign_out_staff() -> None:
    """End the staff part of the visit; the token that was used is dead."""
    _forget(*_OF_STAFF)


def rotate_token() -> None:
    """Take a new token; the old one is dead (ASVS 7.2.4)."""
    cast(ServerSession, session).renew()


def remember_draft(public_id: str) -> None:
    """Let this visit go on with a draft."""
    session["drafts"] = [public_id, *(other for other in own_drafts() if other != public_id)][:_MAX_DRAFTS]


def forget_draft(public_id: str) -> None:
    """This visit no longer goes on with a draft."""
    session["drafts"] = [other for other in own_drafts() if other != public_id]


def own_drafts() -> list[str]:
    """The public ids of the drafts this visit may go on with, newest first."""
    return list(session.get("drafts", []))


def redirect_to_sign_in(after: str) -> Response | None:
    """None when a resident is signed in; otherwise the way to the sign-in page, which comes back to the path `after`."""
    if current_account() is not None:
        return None
    return cast(Response, redirect(url_for("resident_auth.sign_in", next=after), 303))


def local_path(text: str | None) -> str | None:
    """The path (and query) when it lies on this very site, else None: a sign-in page must not send people elsewhere."""
    if not text or not text.startswith("/") or text.startswith("//") or _OUTSIDE.search(text):
        return None
    parts = urlsplit(text)
    return None if parts.scheme or parts.netloc else text


def _store_browser_label() -> None:
    """For the list of one's visits: never more of the address than tells the office from elsewhere."""
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
