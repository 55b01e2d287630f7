"""Parts of a Japanese address: postal codes, prefectures, house numbers."""

import re
from pathlib import Path

from forms.text.files import texts_in
from writing.folding import ANSWER, CODE, PLACE, dashes_at_digits, single_spaces
from writing.numerals import single_digits

_PREFECTURES = texts_in(Path(__file__).with_name("prefectures.yaml"))
PREFECTURES = tuple(_PREFECTURES)
_POSTAL_CODE = re.compile(r"(?:郵便番号\s*:?|[〒〠])?\s*(\d{3})\s*[-.・]?\s*(\d{4})")
_DASH_IN_NUMBER = re.compile(r"(?<=[0-9A-Za-z])－(?=[0-9A-Za-z])")


def parse_postal_code(text: str) -> str | None:
    """Seven digits of 190-8666, 〒1908666 or １９０－８６６６ (stored without hyphen); None if it is no postal code."""
    match = _POSTAL_CODE.fullmatch(single_digits(CODE(text)))
    return "".join(str(int(digit)) for digit in match[1] + match[2]) if match else None


def show_postal_code(code: str) -> str:
    """A stored postal code as it is written: 190-8666."""
    return f"{code[:3]}-{code[3:]}"


def show_prefecture(name: str, language: str) -> str:
    """A prefecture as lists for readers of `language` have it: Tokyo, 东京都, 도쿄도, 東京都（とうきょうと）."""
    return str(_PREFECTURES[name].get(language, name))


def parse_prefecture(text: str) -> str:
    """The prefecture's full name; 東京 and 東京都 are the same. What is no prefecture comes back as typed."""
    typed = single_spaces(text)
    for name in PREFECTURES:
        if typed and typed in (name, name[:-1]):
            return name
    return typed


def same_city(prefecture: str, city: str, home_prefecture: str, home_city: str) -> bool:
    """Whether the city of an address is the one with that name, however it is written: 龍ヶ崎市 is 龍ケ崎市, 西多摩郡瑞穂町 is 瑞穂町.

    A ward (横浜市西区) and anything else behind the name belong to it. The prefecture may stand before the name once more.
    """
    written, name, region = PLACE(city), PLACE(home_city), PLACE(home_prefecture)
    if not name or PLACE(prefecture) != region:
        return False
    written = written.removeprefix(region)
    return written.startswith(name) or bool(re.match(rf"[^区町村]{{1,6}}[郡島]{re.escape(name)}", written))


def house_number(text: str) -> str:
    """A block and house number with plain digits and hyphens: １－２－３ is 1-2-3; 1丁目2番3号 stays in words."""
    return _DASH_IN_NUMBER.sub("-", dashes_at_digits(single_spaces(ANSWER(text))))
