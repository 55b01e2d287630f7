"""Japanese addresses as people write them: town, 丁目 and house numbers, whatever the widths, dashes and numerals."""

import re
from dataclasses import dataclass

import regex

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
_DESIGNATED = (  # the cities that have wards (地方自治法第252条の19第1項の指定都市の指定に関する政令)
    "札幌|仙台|さいたま|千葉|横浜|川崎|相模原|新潟|静岡|浜松|名古屋|京都|大阪|堺|神戸|岡山|広島|北九州|福岡|熊本"
)
_TOWN = rf"(?:(?:{_ODD_TOWN})町|[^市町村0-9]{{1,6}}[町村])"
_COUNTY = rf"(?:(?:{_ODD_COUNTY})郡|[^市区町村郡0-9]{{1,5}}郡){_TOWN}"
# The towns and villages of 東京都 that belong to no county; their island may stand before them.
_ISLAND = (
    r"(?:東京都|(?=[^市区町村郡0-9]{1,3}島))(?:[^市区町村郡0-9]{1,3}島)?"
    "(?:大島町|利島村|新島村|神津島村|三宅村|御蔵島村|八丈町|青ケ島村|小笠原村)"
)
_CITY = rf"(?:{_DESIGNATED})市(?:{_WARD}(?=.))?|(?:{_ODD_CITY})市|{_COUNTY}|[^市区町村郡0-9]{{1,6}}市|{_WARD}"
# Maps of the web copy an address with the country before its postal code.
_POSTAL_CODE = re.compile(
    r"^\s*(?:日本国?\s*[、,]\s*)?(?:郵便番号\s*:?|[〒〠])?\s*(?:[0-9]{3}\s*-\s*[0-9]{4}|[0-9]{7})(?=\s*[^0-9\s-])"
)
# Behind these words and before such places a number is part of a name, often typed in digits: 北18条西, 1番町, 3軒茶屋, 西2号北.
_IN_NAME = r"条|線|軒|区|地割|番[町丁川沢江堀通]|号[東西南北]"
_AREA = re.compile(
    rf"(?:{_ISLAND}|(?:日本国?)?(?:{_PREFECTURE})(?:(?:{_ODD_TOWN})町|{_CITY}|{_TOWN})?|(?:{_CITY})?)"
    rf"(?=[^0-9-]|[0-9]+(?:{_IN_NAME}|丁目))"
)
_MUNICIPALITY = re.compile(rf"(?:日本国?)?(?:{_PREFECTURE})?(.*)$")
_DISTRICT = re.compile(r"大字(?=[^0-9])|(?<![文万])字(?=[^0-9])")
# 京都 describes where a town is by its streets: 寺町通御池上る上本能寺前町.
_STREETS = re.compile(r"^.*(?:上[るル]|下[るル]|[東西]入[るル]?)(?=.)")
# Where the numbers of an address begin. 北18条西, 3番町 and 4軒町 are names: a digit before such a word begins nothing.
_NUMBERS = re.compile(rf"(?<!第)[0-9]+(?![0-9]|{_IN_NAME}|町|丁(?!目)|[のノ][宮丸通]).*")
_NUMBER = re.compile(r"([0-9]+)(丁目|番地|番|号)?")
_BETWEEN = re.compile(r"(?<=[0-9])(?:丁目|番地|番|号)?(?:の|ノ|之)(?=[0-9])")
_MAX_CHOME = 99
# Numbers in kanji without a counter behind them: the 九 of 番地の九, 一の十二の一.
_BEHIND_COUNTER = re.compile(rf"(?<=番地の|番地ノ)[{NUMERALS}]+(?=号|$)")
_HAN = regex.compile(r"\p{Han}")
_SPOKEN_CHOME = re.compile(r"(?<=[0-9])ちょうめ")
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
    below_city = _kanji_numerals(without_district(whole[area.end() :] if area else whole))
    if area and "京都市" in area[0]:
        below_city = _STREETS.sub("", below_city)
    numbers = _NUMBERS.search(below_city)
    if numbers is None or not (numbers.start() or "丁目" in numbers[0]):
        return Address(below_city)
    parsed = [(int(digits), unit) for digits, unit in _NUMBER.findall(_leading(numbers[0])) if len(digits) < 7]
    town = below_city[: numbers.start()]
    if not parsed:
        return Address(town)
    (first, unit), rest = parsed[0], tuple(number for number, _unit in parsed[1:])
    is_chome = unit == "丁目" or (not unit and 0 < first <= _MAX_CHOME)
    return Address(town, first, rest) if is_chome and first <= _MAX_CHOME else Address(town, None, (first, *rest))


def municipality_of(text: str) -> str:
    """The city, town, village or ward that an address names, with its county: 八王子市, 横浜市鶴見区. Empty where it names none.

    A word that only ends like one (…市 of 市民会館) is taken for one too: what is behind it must be known before it says anything.
    """
    area = _AREA.match(fold_address(text))
    match = _MUNICIPALITY.match(area[0]) if area else None
    return match[1] if match else ""


def fold_address(text: str) -> str:
    """The text with one writing for widths, spaces, dashes and house numbers; kanji as they are, kana alone in hiragana.

    A postal code before the address is left out, and the country before it.
    """
    wide = dashes_at_digits(width(visible(text[:_MAX_LENGTH]).replace("\x00", "")))
    wide = no_spaces(_POSTAL_CODE.sub("", wide))
    chained = _CHAIN.sub(lambda chain: arabic(chain[0]), counted(_trailing_dash(wide)))
    digits = dashes_at_digits(_BEHIND_COUNTER.sub(lambda run: str(number_of(run[0])), chained))
    return ke(digits) if _HAN.search(digits) else _SPOKEN_CHOME.sub("丁目", hiragana(digits))


def without_district(text: str) -> str:
    """The text without 大字 and 字, which people write or leave out: 大字日野 is 日野."""
    return _DISTRICT.sub("", text)


def _trailing_dash(text: str) -> str:
    return text[:-1] if len(text) > 1 and dashes(text[-1]) == "-" and text[-2].isdecimal() else text


def _leading(numbers: str) -> str:
    """The run of house numbers that a text begins with, without the name of a building behind it."""
    joined = _BETWEEN.sub("-", numbers)
    run = re.match(r"(?:[0-9]+(?:丁目|番地|番|号)?-?)+", joined)
    return run[0] if run else ""


def _kanji_numerals(town: str) -> str:
    """北18条西 as 北十八条西, the way it is written in names."""
    return re.sub(rf"(?<![0-9])(0?[1-9][0-9]?)(?={_IN_NAME})", lambda digits: kanji_of(int(digits[1])), town)
