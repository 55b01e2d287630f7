"""Parts of a Japanese address: postal codes, prefectures, house numbers."""

import re
from dataclasses import dataclass
from pathlib import Path

from forms.text.files import texts_in
from writing.folding import ANSWER, CODE, PLACE, dashes_at_digits, single_spaces
from writing.numerals import single_digits
from writing.sounds import hangul_sound_of, sound_of, without_voice

_PREFECTURES = texts_in(Path(__file__).with_name("prefectures.yaml"))
PREFECTURES = tuple(_PREFECTURES)
_POSTAL_CODE = re.compile(r"(?:郵便番号\s*:?|[〒〠])?\s*(\d{3})\s*[-.・]?\s*(\d{4})")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SPACED = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff\uac00-\ud7a3]")
_KINDS = {"市": ("si",), "区": ("ku",), "町": ("tyo", "mati"), "村": ("mura", "son")}
_AROUND_NAME = re.compile(
    r"^tokyo(?:-to)?[\s,]+|[\s,]+(?:city|ward|town|village)(?=[\s,]|$)|[\s,]+tokyo(?:[\s-]to)?$|[\s,]+japan$"
)
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


@dataclass(frozen=True)
class HomeCity:
    """The city that a procedure runs in, by its name, the name's reading in kana, and its prefecture; all empty without a city."""

    name: str = ""
    kana: str = ""
    prefecture: str = ""

    def in_japanese(self, written: str, prefecture: str) -> str:
        """A city of an address as typed, or this city's name where that is what it says: Tachikawa-shi, たちかわ, 다치카와시 are 立川市.

        Addresses are kept in Japanese, as registers and mail have them. Another prefecture has cities that sound the same.
        """
        kinds = _KINDS.get(self.name[-1:], ())
        if not self.kana or PLACE(prefecture) not in ("", PLACE(self.prefecture)):
            return written
        whole = sound_of(self.kana)
        short = next((whole.removesuffix(kind) for kind in kinds if whole.endswith(kind)), whole)
        known = {short, *(short + kind for kind in kinds)} - {""}
        plain = _AROUND_NAME.sub("", written.casefold())
        means_it = sound_of(plain) in known or hangul_sound_of(written) in {without_voice(sound) for sound in known}
        return self.name if means_it else written


def is_japanese(text: str) -> bool:
    """Whether a text has letters of Japanese, so that it can be compared with names of places."""
    return _JAPANESE.search(text) is not None


def joined_place(*parts: str) -> str:
    """Parts of an address in one line: 東京都立川市錦町3-2-26, with a space beside what is in Latin letters or Hangul."""
    place = ""
    for part in filter(None, parts):
        apart = place and (_SPACED.match(part) or _SPACED.match(place[-1]))
        place += f" {part}" if apart else part
    return place


def house_number(text: str) -> str:
    """A block and house number with plain digits and hyphens: １－２－３ is 1-2-3; 1丁目2番3号 stays in words."""
    return _DASH_IN_NUMBER.sub("-", dashes_at_digits(single_spaces(ANSWER(text))))
