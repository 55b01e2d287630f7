"""やさしい日本語 with its readings above the kanji: the brackets that the sentences carry become `<ruby>` as a page leaves.

Only text between tags is touched, never what somebody typed into a box. Titles and options take no markup: there the
readings are left out.
"""

import re

from flask import Flask, Response, request
from markupsafe import Markup

from forms.text.ruby import ruby, without_readings
from portal.core.text import current_language

_PIECES = re.compile(r"(<(title|option|textarea|script)\b.*?</\2>|<[^>]*>)", re.DOTALL)


def with_readings(page: str) -> str:
    """A page of HTML with every bracketed reading as `<ruby>`."""
    made: list[str] = []
    position = 0
    for piece in _PIECES.finditer(page):
        made.append(ruby(Markup(page[position : piece.start()])))  # noqa: S704 - text of a page is escaped already
        made.append(_plain(piece))
        position = piece.end()
    return "".join([*made, page[position:]])


def _plain(piece: re.Match[str]) -> str:
    return without_readings(piece[0]) if piece[2] in {"title", "option"} else piece[0]


def _on_leaving(response: Response) -> Response:
    if (
        current_language() == "ja-easy"
        and response.mimetype == "text/html"
        and not response.is_streamed
        and not request.path.startswith("/desk")
    ):
        response.set_data(with_readings(response.get_data(as_text=True)))
    return response


def install(app: Flask) -> None:
    """Let every resident page in やさしい日本語 leave with its readings."""
    app.after_request(_on_leaving)
