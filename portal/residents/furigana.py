"""やさしい日本語 with its readings above the kanji: the brackets that the sentences carry become `<ruby>` as a page leaves.

Only text between tags is touched, never what somebody typed into a box. Titles, options and labels for screen readers
take no markup: there the readings are left out.
"""

import re

from flask import Flask, Response, request
from markupsafe import Markup

from forms.text.ruby import ruby, without_readings
from portal.core.text import current_language

_PIECES = re.compile(r"(<(title|option|textarea|script)\b.*?</\2>|<[^>]*>)", re.DOTALL)
_SPOKEN = re.compile(r'\b(?:aria-label|placeholder|title|alt)="[^"]*"')


def with_readings(page: str) -> str:
    """A page of HTML with every bracketed reading as `<ruby>`."""
    made: list[str] = []
    position = 0
    for piece in _PIECES.finditer(page):
        made.append(_text(page[position : piece.start()]))
        made.append(_plain(piece))
        position = piece.end()
    return "".join([*made, page[position:]])


def _text(text: str) -> str:
    """A run of text; with readings it becomes one element, so that it stays one item where its parent lays out items."""
    with_ruby = ruby(Markup(text))  # noqa: S704 - text of a page is escaped already
    return f"<span>{with_ruby}</span>" if with_ruby != text else text


def _plain(piece: re.Match[str]) -> str:
    """A tag, or an element that takes no markup."""
    if piece[2] in {"title", "option"}:
        return without_readings(piece[0])
    if piece[2] is not None:
        return piece[0]
    return _SPOKEN.sub(lambda attribute: without_readings(attribute[0]), piece[0])


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
