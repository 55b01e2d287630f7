"""Numbers in kanji: 二十三, 二〇二六, 千百五十六."""

import re

DIGITS = "〇一二三四五六七八九"

_VALUES = {character: value for value, character in enumerate(DIGITS)} | {
    "零": 0, "壱": 1, "壹": 1, "弐": 2, "貳": 2, "参": 3, "參": 3,
}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "億": 10**8, "兆": 10**12}
#: Kanji that stand for one digit each.
DIGIT_KANJI = "".join(_VALUES)
#: Characters of a number in kanji, for patterns.
NUMERALS = DIGIT_KANJI + "".join(_UNITS)
_SIGNS = NUMERALS + "".join(_MYRIADS)
_RUN = re.compile(f"[0-9]*[{_SIGNS}][0-9{_SIGNS}]*")
# A round mark is written for nought too: 二○二六, but only beside another digit.
_ROUND = re.compile(rf"(?<=[{DIGIT_KANJI}])[○◯]+|[○◯]+(?=[{DIGIT_KANJI}])")
_SINGLE = str.maketrans({character: str(_VALUES[character]) for character in DIGIT_KANJI})


def number_of(kanji: str) -> int:
    """The number that kanji write, by place (二〇二六) or by unit (二千二十六, 30万). ValueError for anything else."""
    if not kanji or not _RUN.fullmatch(kanji):
        raise ValueError(kanji)
    digits = kanji.translate(_SINGLE)
    if digits.isdecimal():
        return int(digits)
    total = section = 0
    digit: int | None = None
    for character in digits:
        if character.isdecimal():
            digit = (digit or 0) * 10 + int(character)
        elif character in _UNITS:
            section += (1 if digit is None else digit) * _UNITS[character]
            digit = None
        else:
            total += (section + (digit or 0) or 1) * _MYRIADS[character]
            section, digit = 0, None
    return total + section + (digit or 0)


def kanji_of(number: int) -> str:
    """A whole number in kanji, as it is read: 12 is 十二, 10300 is 一万三百, 0 is 〇. ValueError below zero and from 10¹⁶ on."""
    if not 0 <= number < 10**16:
        raise ValueError(number)
    groups: list[str] = []
    for myriad in ("", *_MYRIADS):
        number, group = divmod(number, 10_000)
        if group:
            groups.append(_thousands(group, above=bool(myriad)) + myriad)
    return "".join(reversed(groups)) or DIGITS[0]


def _thousands(group: int, *, above: bool) -> str:
    """A number below 10,000. 一 is left out before 十 and 百, and before 千 unless a myriad follows (一千万)."""
    text = ""
    for place, unit in enumerate(("千", "百", "十", "")):
        digit = group // 10 ** (3 - place) % 10
        if digit:
            is_silent = digit == 1 and unit and not (unit == "千" and above)
            text += ("" if is_silent else DIGITS[digit]) + unit
    return text


def arabic(text: str, before: str = "") -> str:
    """The text with numbers in kanji as digits: all of them, or those in kanji alone that stand `before` a pattern (`丁目|番地`)."""
    pattern = re.compile(f"(?<![0-9])[{NUMERALS}]+(?={before})") if before else _RUN
    return pattern.sub(lambda run: str(number_of(run.group())), _nought(text))


def single_digits(text: str) -> str:
    """The text with each digit in kanji as a digit, by place: 一二三四 is 1234, and 十 stays."""
    return _nought(text).translate(_SINGLE)


def _nought(text: str) -> str:
    return text if text.isascii() else _ROUND.sub(lambda run: "〇" * len(run[0]), text)
