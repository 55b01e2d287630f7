"""Readings over kanji: the brackets of やさしい日本語 (`道(みち)`) as `<ruby>`."""

import re

from markupsafe import Markup, escape

_READING = re.compile(r"([\u3400-\u9FFF\uF900-\uFAFF々〆ヶ]+)\(([ぁ-ゖー]+)\)")


def ruby(text: str) -> Markup:
    """Text as HTML with `<ruby>` for every kanji that carries its reading in brackets."""
    return Markup(_READING.sub(r"<ruby>\1<rp>(</rp><rt>\2</rt><rp>)</rp></ruby>", str(escape(text))))  # noqa: S704 - escaped above


def without_readings(text: str) -> str:
    """The text without its readings, for places that take no markup (options of a list, titles of windows)."""
    return _READING.sub(r"\1", text)


def only_readings(text: str) -> str:
    """The text with every kanji that carries a reading replaced by it: まい for 枚(まい)."""
    return _READING.sub(r"\2", text)
