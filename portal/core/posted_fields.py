"""The fields of a request that could not be accepted, to repeat them on a page that sends them again, so that nothing typed is lost."""

import re
from collections.abc import Iterable

from flask import request
from werkzeug.exceptions import HTTPException

_SECRET_NAMES = ("password", "current", "again", "code")
"""Fields of the sign-in and password screens: typed again rather than written into a page."""
_CODE = re.compile(r"[a-z][a-z0-9_.-]*|[0-9a-f]{16,}|[\[{].*|", re.DOTALL)
"""What forms send for a choice that was made, for a version or a place that was seen, and for nothing."""
_MARKS = ("shown-questions", "without-script", "row-page", "to-review", "seen", "case-seen")
TOKEN = "csrf_token"  # noqa: S105 - the name of a field


def written_texts(fields: Iterable[tuple[str, str]]) -> list[str]:
    """What somebody wrote themselves among posted fields: no token, no name of a choice, nothing that only programs read."""
    texts = (text for name, text in fields if name not in (TOKEN, *_MARKS))
    return [text for text in texts if not _CODE.fullmatch(text.strip())]


def posted_fields() -> tuple[list[tuple[str, str]], bool]:
    """What was posted, by name, without secrets and files; and whether there were files, which a page cannot give back."""
    if request.method != "POST":
        return [], False
    try:
        fields = list(request.form.items(multi=True))
        files = any(file.filename for file in request.files.values())
    except (HTTPException, OSError):
        return [], False  # it was not sent to its end, so there is nothing whole to send again
    return [(name, text) for name, text in fields if name not in _SECRET_NAMES], files
