"""The key with which a browser opens its drafts. It outlasts sessions, which end after hours, and is valid as long as drafts are.

The cookie holds a random token; only its digest is stored. It opens drafts that nobody has signed in for, and nothing else.
"""

import re
import secrets
from datetime import timedelta

from flask import Response, after_this_request, request

from portal.core.config import settings
from portal.core.sessions import digest

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}\Z")


def cookie_name() -> str:
    """`__Host-` where the browser can hold to it, that is over https."""
    return "__Host-madoguchi-drafts" if settings().public_scheme == "https" else "madoguchi-drafts"


def browser_key() -> bytes | None:
    """Return the digest of this browser's key; None when it has none yet."""
    token = request.cookies.get(cookie_name(), "")
    return digest(token) if _TOKEN.match(token) else None


def ensure_browser_key() -> bytes:
    """Return the digest of this browser's key, creating the key when there is none. The cookie is renewed for as long as drafts are kept."""
    token = request.cookies.get(cookie_name(), "")
    key = token if _TOKEN.match(token) else secrets.token_urlsafe(32)

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            cookie_name(),
            key,
            max_age=int(timedelta(days=settings().draft_days).total_seconds()),
            secure=settings().public_scheme == "https",
            httponly=True,
            samesite="Lax",
            path="/",
        )
        return response

    return digest(key)
