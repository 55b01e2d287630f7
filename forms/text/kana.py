"""Readings of names (フリガナ): hiragana and half-width kana become full-width katakana."""

import re

from writing.folding import ANSWER, katakana, single_spaces

_KATAKANA = re.compile(r"[ァ-ヺヽヾー・ ]+")
_BETWEEN_NAMES = re.compile(r"(?<=[ぁ-ゖァ-ヺー])[=＝゠·•](?=[ぁ-ゖァ-ヺ])")  # ジャン゠ポール
_DASH_AFTER_KANA = re.compile(r"(?<=[ァ-ヺー])[-‐-―−－ｰ─]")
_LATIN_NAME = re.compile(r"[A-Za-zÀ-ÖØ-öø-ſẀ-ỹ][A-Za-zÀ-ÖØ-öø-ſẀ-ỹ'’. -]*")
_LETTER = re.compile(r"[ァ-ヺA-Z]")
# What 全銀 allows in an account holder's name besides katakana.
_HOLDER = re.compile(r"[ァ-ヺーA-Z0-9()\-./,&「」 ]+")


def to_katakana(text: str) -> str:
    """A reading in full-width katakana. What is not kana stays, so that the check can name it."""
    kana = katakana(single_spaces(_BETWEEN_NAMES.sub("・", ANSWER(text))))
    return _DASH_AFTER_KANA.sub("ー", kana)


def is_katakana(text: str) -> bool:
    """Whether a text is full-width katakana, with long marks, middle dots and spaces."""
    return _KATAKANA.fullmatch(text) is not None and any("ァ" <= character <= "ヺ" for character in text)


def is_latin_name(text: str) -> bool:
    """Whether a text is a name in Latin letters, as residence cards have those of people without a reading in kana."""
    return _LATIN_NAME.fullmatch(text) is not None


def to_holder(text: str) -> str:
    """The name of a bank account's holder as banks write it: katakana, capital letters, ASCII brackets."""
    return to_katakana(text.translate(str.maketrans("（）．，／＆－", "().,/&-"))).upper()


def is_holder(text: str) -> bool:
    """Whether a text can be the name of an account's holder: what banks allow in one, with a letter."""
    return _HOLDER.fullmatch(text) is not None and _LETTER.search(text) is not None
