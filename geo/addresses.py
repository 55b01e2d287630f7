"""Japanese addresses as people write them: town, 丁目 and house numbers, whatever the widths, dashes and numerals."""

import re
from dataclasses import dataclass

from writing.folding import counted, dashes, dashes_at_digits, hiragana, ke, no_spaces, width
from writing.invisible import visible
from writing.numerals import NUMERALS, arabic, kanji_of, number_of

_MAX_LENGTH = 100

# fmt: off
_PREFECTURE = (
    "東京都|北海道|(?:京都|大阪)府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重"
    "|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県"
)
# Cities, towns and counties whose names contain 市, 町, 村, 郡 or 県 before the end; every other ends at its first one.
_ODD_CITY = (
    "四日市|廿日市|野々市|八日市|今市|市川|市原|町田|大町|十日町|原町|村山|東村山|武蔵村山|村上|羽村|田村|大村|中村|郡山|大和郡山|郡上|蒲郡|小郡|山県"
)
# fmt: on
_ODD_TOWN = "市川三郷|余市|市貝|上市|下市|市川|大町|村田|玉村|町"
_ODD_COUNTY = "余市|高市|東村山|西村山|北村山|田村"
_WARD = r"(?:中村|[^市区町村郡0-9]{1,4})区"
_IN_CITY = rf"(?:{_WARD}(?=.))?"
_COUNTY = rf"(?:(?:{_ODD_COUNTY})郡|[^市区町村郡0-9]{{1,5}}郡)(?:(?:{_ODD_TOWN})町|[^町村0-9]{{1,6}}[町村])"
_AREA = re.compile(
    rf"(?:{_PREFECTURE})?(?:(?:{_ODD_CITY})市{_IN_CITY}|{_COUNTY}|[^市区町村郡0-9]{{1,6}}市{_IN_CITY}|{_WARD})?(?=[^0-9-])"
)
_DISTRICT = re.compile(r"^大?字(?=.)")
# Where the numbers of an address begin. 北18条西, 3番町 and 4軒町 are names: a digit before such a word begins nothing.
_NUMBERS = re.compile(r"[0-9]+(?![0-9]|条|線|区|町|軒|番[町丁]|丁(?!目)|の宮).*")
_NUMBER = re.compile(r"([0-9]+)(丁目|番地|番|号)?")
_BETWEEN = re.compile(r"(?<=[0-9])(?:丁目|番地|番|号)?(?:の|ノ|之)(?=[0-9])")
_MAX_CHOME = 99
# Numbers in kanji without a counter behind them: the 九 of 番地の九, 一の十二の一.
_BEHIND_COUNTER = re.compile(rf"(?<=番地の|番地ノ)[{NUMERALS}]+(?=号|$)")
_CHAIN = re.compile(rf"[{NUMERALS}]+(?:[のノ-][{NUMERALS}]+)+")


@dataclass(frozen=True, slots=True)
class Address:
    """The part of an address below its city: `town`, the number of its 丁目 (None without one), and further numbers."""

    town: str
    chome: int | None = None
    numbers: tuple[int, ...] = ()

    @property
    def all_numbers(self) -> tuple[int, ...]:
        """Every number from the 丁目 on: 1-12-1."""
        return self.numbers if self.chome is None else (self.chome, *self.numbers)

    @property
    def name(self) -> str:
        """Town and 丁目 as a layer names them: 曙町二丁目."""
        return self.town if self.chome is None else f"{self.town}{kanji_of(self.chome)}丁目"


def parse_address(text: str) -> Address:
    """An address in any usual writing: 泉町1156番地の9, 曙町２−１７−３, 北18条西10丁目, 神明一丁目12番地の1.

    A number of three digits or more behind a town is no 丁目 but a 番地.
    """
    whole = fold_address(text)
    area = _AREA.match(whole)
    below_city = _DISTRICT.sub("", whole[area.end() :] if area else whole)
    numbers = _NUMBERS.search(below_city)
    if numbers is None or not numbers.start():
        return Address(_kanji_numerals(below_city))
    parsed = [(int(digits), unit) for digits, unit in _NUMBER.findall(_leading(numbers[0])) if len(digits) < 7]
    town = _kanji_numerals(_DISTRICT.sub("", below_city[: numbers.start()]))
    if not parsed:
        return Address(town)
    (first, unit), rest = parsed[0], tuple(number for number, _unit in parsed[1:])
    is_chome = unit == "丁目" or (not unit and 0 < first <= _MAX_CHOME)
    return Address(town, first, rest) if is_chome and first <= _MAX_CHOME else Address(town, None, (first, *rest))


def fold_address(text: str) -> str:
    """The text with one writing for widths, spaces, dashes and house numbers, kana in hiragana; kanji as they are."""
    wide = no_spaces(width(visible(text[:_MAX_LENGTH]).replace("\x00", "")))
    chained = _CHAIN.sub(lambda chain: arabic(chain[0]), counted(_trailing_dash(wide)))
    digits = _BEHIND_COUNTER.sub(lambda run: str(number_of(run[0])), chained)
    return ke(hiragana(dashes_at_digits(digits)))


def _trailing_dash(text: str) -> str:
    return text[:-1] if len(text) > 1 and dashes(text[-1]) == "-" and text[-2].isdecimal() else text


def _leading(numbers: str) -> str:
    """The run of house numbers that a text begins with, without the name of a building behind it."""
    joined = _BETWEEN.sub("-", numbers)
    run = re.match(r"(?:[0-9]+(?:丁目|番地|番|号)?-?)+", joined)
    return run[0] if run else ""


def _kanji_numerals(town: str) -> str:
    """北18条西 as 北十八条西, the way it is written in names."""
    return re.sub(r"([0-9]{1,2})(?=条|線)", lambda digits: kanji_of(int(digits[1])), town)
