"""Names of places by their sound: タチカワ, Tachikawa and 다치카와 are one name in three scripts.

Sounds are in 訓令式 letters without long vowels and without doubled ones, because Hepburn is written with and without them: Chofu, Chōfu
and Choufu are `tyohu`. Hangul has one letter for か and が at the start of a word (외래어 표기법 제2장 표4), so it is compared by sounds that
do not tell voiced consonants apart.
"""

import unicodedata

import regex

from writing.folding import accents, case, katakana, width

_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "g": "ガギグゲゴ", "s": "サシスセソ", "z": "ザジズゼゾ", "t": "タチツテト", "d": "ダヂヅデド",
    "n": "ナニヌネノ", "h": "ハヒフヘホ", "b": "バビブベボ", "p": "パピプペポ", "m": "マミムメモ", "r": "ラリルレロ",
}  # fmt: skip
_SYLLABLES = {
    kana: consonant + vowel for consonant, row in _ROWS.items() for kana, vowel in zip(row, "aiueo", strict=True)
} | {"ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヲ": "o", "ン": "n", "ヂ": "zi", "ヅ": "zu", "ッ": "", "ー": ""}
_SMALL = {"ャ": "ya", "ュ": "yu", "ョ": "yo"}
_HEPBURN = (
    ("sh", "sy"), ("ch", "ty"), ("ts", "t"), ("j", "zy"), ("fu", "hu"), ("syi", "si"), ("tyi", "ti"), ("zyi", "zi"),
)  # fmt: skip
_INITIALS = ("k", "k", "n", "t", "t", "r", "m", "p", "p", "s", "s", "", "c", "c", "c", "k", "t", "p", "h")
_VOWELS = (
    "a", "e", "ya", "e", "o", "e", "yo", "e", "o", "wa", "e", "e", "yo", "u", "wo", "e", "i", "yu", "u", "i", "i",
)  # fmt: skip
_NASAL_FINALS = frozenset("ᆫᆷᆼ")
_VOICED = str.maketrans("gdbz", "ktpc")
_REPEATED = regex.compile(r"([a-z])\1+")
_LABIAL_N = regex.compile(r"m(?=[bpm])")


def sound_of(text: str) -> str:
    """How a name in kana or Latin letters sounds; empty where it has any other letter."""
    folded = katakana(accents(case(width(text))))
    letters = regex.sub(r"[\s'’.,\-‐-―]", "", folded)
    if regex.fullmatch(r"[a-z]+", letters):
        for hepburn, usual in _HEPBURN:
            letters = letters.replace(hepburn, usual)
        return _short(_LABIAL_N.sub("n", letters))
    return _short(_of_kana(letters))


def hangul_sound_of(text: str) -> str:
    """How a name in Hangul sounds, as `without_voice` has it; empty where it has any other letter."""
    letters = regex.sub(r"\s", "", unicodedata.normalize("NFC", text))
    if not regex.fullmatch(r"[가-힣]+", letters):
        return ""
    return without_voice("".join(_of_syllable(ord(letter) - 0xAC00) for letter in letters))


def without_voice(sound: str) -> str:
    """A sound as Hangul can tell it: か and が, た and だ, つ and す, ち and じ are the same."""
    plain = sound.replace("tu", "su").replace("ti", "ci").replace("ty", "c").translate(_VOICED)
    return _short(plain.replace("cy", "c").replace("cu", "su"))


def _of_kana(letters: str) -> str:
    sound = ""
    for kana in letters:
        if kana in _SMALL and sound.endswith("i"):
            sound = sound[:-1] + _SMALL[kana]
        elif kana in _SYLLABLES:
            sound += _SYLLABLES[kana]
        else:
            return ""
    return sound


def _of_syllable(number: int) -> str:
    final = chr(0x11A7 + number % 28)
    return _INITIALS[number // 588] + _VOWELS[number // 28 % 21] + ("n" if final in _NASAL_FINALS else "")


def _short(sound: str) -> str:
    return _REPEATED.sub(r"\1", sound.replace("ou", "o"))
