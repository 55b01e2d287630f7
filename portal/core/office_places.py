"""Where in the city hall an office is, in the reader's language: 2階, 1階 7番窓口, 第二庁舎, クリーンセンター."""

import re

from flask import Flask

from forms.text.localized import note_untranslated
from portal.core.text import _, current_language
from writing.folding import width

_PART = re.compile(r"(?P<floor>(?:地下)?\d+)階|(?P<counter>\d+)番窓口")


def place_in_words(place: str | None) -> str:
    """The place of an office as its department wrote it, part by part; "" without one. What has no usual name stays Japanese, and is noted."""
    parts = width(place or "").split()
    return " ".join(map(_part_in_words, parts)) if current_language() != "ja" else place or ""


def _part_in_words(part: str) -> str:
    if numbered := _PART.fullmatch(part):
        if numbered["counter"]:
            return _("{n}番の窓口", n=numbered["counter"])
        below = numbered["floor"].removeprefix("地下")
        return _("地下{n}階", n=below) if below != numbered["floor"] else _("{n}階", n=below)
    if (words := _buildings().get(part)) is None:
        note_untranslated(part, current_language())
    return words or part


def _buildings() -> dict[str, str]:
    """Buildings that many cities have."""
    return {
        "本庁舎": _("本庁舎"),
        "第二庁舎": _("第二庁舎"),
        "分庁舎": _("分庁舎"),
        "クリーンセンター": _("クリーンセンター"),
        "防災センター": _("防災センター"),
        "保健センター": _("保健センター"),
    }


def install(app: Flask) -> None:
    """Give the templates these words as a filter."""
    app.jinja_env.filters["place_in_words"] = place_in_words
