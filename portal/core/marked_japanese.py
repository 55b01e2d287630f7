"""Texts that stay Japanese on a page in another language carry `lang="ja"`: screen readers then read them in Japanese, browsers take a Japanese font.

`forms.text.localized` notes every text that was given in Japanese for want of a translation, whichever way it took to the page;
as the page leaves, those texts are marked where they stand. Boxes that hold what somebody typed stay as they are, and so do
attributes, which cannot carry a language of their own.
"""

import re
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager

from flask import Flask, Response, g
from markupsafe import escape

from forms.text.localized import noting_untranslated
from portal.core.text import current_language

_PIECES = re.compile(r"(<(?:title|textarea|script|style)\b.*?</(?:title|textarea|script|style)>|<[^>]*>)", re.DOTALL)
_LETTER = re.compile(r"\w")
_KANA = re.compile(r"[\u3041-\u30FA]")
_IN_A_WORD = r"[^\W\uac00-\ud7a3]"  # Korean particles follow a name without a space
_MARKED = '<span lang="ja">{}</span>'


def with_marks(page: str, japanese: Set[str]) -> str:
    """A page of HTML in which each of these texts is marked as Japanese."""
    lines = {str(escape(line.strip())) for text in japanese for line in text.splitlines()}
    pattern = _pattern({line for line in lines if _LETTER.search(line)})
    if pattern is None:
        return page
    made: list[str] = []
    pieces = _PIECES.split(page)
    for number, piece in enumerate(pieces):
        if number % 2 or not piece.strip():
            made.append(piece)
        elif made and made[-1].startswith("<option"):
            made[-1] = _option(made[-1]) if pattern.search(piece) else made[-1]
            made.append(piece)
        else:
            made.append(pattern.sub(lambda text: _MARKED.format(text[0]), piece))
    return "".join(made)


@contextmanager
def marking() -> Iterator[Callable[[str], str]]:
    """For a part of a page that is drawn in a language of its own: what marks it when it is drawn."""
    japanese = noting_untranslated()
    yield lambda part: part if current_language().startswith("ja") else with_marks(part, japanese)


def _option(tag: str) -> str:
    return tag if " lang=" in tag else tag.replace("<option", '<option lang="ja"', 1)


def _pattern(lines: Set[str]) -> re.Pattern[str] | None:
    """Finds the texts, the longest first. One without kana may be part of a Chinese word, so it must stand by itself."""
    ordered = sorted(lines, key=lambda line: (-len(line), line))
    alternatives = [
        re.escape(line) if _KANA.search(line) else rf"(?<!{_IN_A_WORD}){re.escape(line)}(?!{_IN_A_WORD})"
        for line in ordered
    ]
    return re.compile("|".join(alternatives)) if alternatives else None


def _begin() -> None:
    g.untranslated = noting_untranslated()


def _on_leaving(response: Response) -> Response:
    japanese: set[str] = g.get("untranslated", set())
    if (
        japanese
        and response.mimetype == "text/html"
        and not response.is_streamed
        and not current_language().startswith("ja")
    ):
        response.set_data(with_marks(response.get_data(as_text=True), japanese))
    return response


def install(app: Flask) -> None:
    """Let every resident page leave with its Japanese parts marked."""
    app.before_request(_begin)
    app.after_request(_on_leaving)
