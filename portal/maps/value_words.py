"""What the data of a layer says in the reader's language: a column beside a column, words for a value that many features share, or a reading.

The municipal open data standard has 名称_カナ and 名称_英字 beside 名称 (自治体標準オープンデータセット); the other languages follow its pattern.
What is there in Japanese alone is given in Japanese and noted, so that pages mark it (`portal.core.marked_japanese`).
"""

import re
from collections.abc import Container, Mapping
from typing import Any, Final

from forms.text.localized import Language, note_untranslated
from portal.core.text import _, current_language, html_language
from writing.folding import hiragana

_ENDS: Final[Mapping[Language, tuple[str, ...]]] = {
    "ja-easy": ("_やさしい日本語", "_easy"),
    "en": ("_英字", "_英語", "_en"),
    "zh": ("_中国語", "_zh"),
    "ko": ("_韓国語", "_ko"),
}
"""What the name of a column ends with that holds another one's values in a language."""
_INSTEAD: Final[Mapping[str, tuple[str, ...]]] = {"ko": ("ko", "en")}
"""Readers of Korean are better served by Latin letters than by kanji; for readers of Chinese it is the other way round."""
_READINGS: Final = ("_カナ", "_kana")
_ALL_ENDS: Final = (*_READINGS, *(end for ends in _ENDS.values() for end in ends))
_KANJI = re.compile(r"[\u3400-\u9fff々]")
_RUNS = re.compile(r"([\u3400-\u9fff々]+)")
_FLAGS: Final = frozenset({"指定避難所との重複", "小児対応設備の有無", "一時預かりの有無", "病児保育の有無"})
"""Columns of the standard that say yes by 1 or 有, and no by 0 or 無."""
_YES: Final = frozenset({"1", "1.0", "有", "○", "〇", "true", "True"})
_NO: Final = frozenset({"0", "0.0", "無", "×", "false", "False"})

Words = Mapping[str, Mapping[str, str]]
"""Values in Japanese, and each of them by language."""


def is_for_readers(columns: Container[str], column: str) -> bool:
    """Whether a column holds the values of another one in a language or as they are read, and is no value of its own."""
    return any(column.endswith(end) and column.removesuffix(end) in columns for end in _ALL_ENDS)


def is_beside(column: str, name: str) -> bool:
    """Whether a column holds the values of the column `name` in a language or as they are read."""
    return any(column == name + end for end in _ALL_ENDS)


def value_in_words(properties: Mapping[str, Any], column: str, words: Words) -> str:
    """The value of a column in the reader's language; "" where there is none."""
    value = properties.get(column)
    if value is None or value == "":
        return ""
    if column in _FLAGS and str(value).strip() in _YES | _NO:
        return _("はい") if str(value).strip() in _YES else _("いいえ")
    reader = current_language()
    beside = _in_language(properties, column, reader)
    return beside or in_words(_plain(value), words, _reading(properties, column))


def translations(properties: Mapping[str, Any], column: str) -> dict[Language, str]:
    """The value of a column in every language for which a column beside it has it; in やさしい日本語 at least with its reading."""
    told = {language: _in_language(properties, column, language) for language in _ENDS}
    value, reading = properties.get(column), _reading(properties, column)
    if not told["ja-easy"] and isinstance(value, str) and reading:
        told["ja-easy"] = _with_reading(value, reading)
    return {language: text for language, text in told.items() if text}


def in_words(text: str, words: Words, reading: str = "") -> str:
    """A text of a layer by its words in the reader's language; else as it is, in やさしい日本語 with its reading where that is known."""
    reader = current_language()
    translated = words.get(text, {}).get(reader)
    if translated or reader == "ja":
        return translated or text
    if html_language(reader) == "ja":
        return _with_reading(text, reading)
    if re.search(r"[^\W\d_a-zA-Z]", text):
        note_untranslated(text, reader)
    return text


def _with_reading(text: str, reading: str) -> str:
    """井の頭図書館 read いのかしらとしょかん: 井(い)の頭図書館(かしらとしょかん). As it is where text and reading do not agree."""
    runs = [run for run in _RUNS.split(text) if run]
    pattern = "".join("(.+?)" if _KANJI.match(run) else re.escape(hiragana(run)) for run in runs)
    if (read := re.fullmatch(pattern, hiragana(reading))) is None:
        return text
    readings = iter(read.groups())
    return "".join(f"{run}({next(readings)})" if _KANJI.match(run) else run for run in runs)


def _in_language(properties: Mapping[str, Any], column: str, language: str) -> str:
    beside = (_beside(properties, column, each) for each in _INSTEAD.get(language, (language,)))
    return next(filter(None, beside), "")


def _beside(properties: Mapping[str, Any], column: str, language: str) -> str:
    ends = next((ends for known, ends in _ENDS.items() if known == language), ())
    return next((str(text) for end in ends if (text := properties.get(column + end))), "")


def _reading(properties: Mapping[str, Any], column: str) -> str:
    return next((str(text) for end in _READINGS if (text := properties.get(column + end))), "")


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
