"""Search of place names for people who do not use the map: towns, 丁目, stations, facilities, and addresses as they are written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import TextClause

from geo.place import NAMES
from writing.folding import PLACE, counted, dashes, dashes_at_digits, hiragana, ke, no_spaces, width
from writing.invisible import visible
from writing.numerals import NUMERALS, arabic, kanji_of, number_of

LIMIT = 10
_LONGEST = 100

# fmt: off
_PREFECTURE = (
    "東京都|北海道|(?:京都|大阪)府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重"
    "|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県"
)
# Cities, towns and counties in whose names 市, 町, 村, 郡 or 県 stands before the end; every other ends at its first one.
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
_LARGEST_CHOME = 99
# Numbers in kanji without a counter behind them: the 九 of 番地の九, 一の十二の一.
_BEHIND_COUNTER = re.compile(rf"(?<=番地の|番地ノ)[{NUMERALS}]+(?=号|$)")
_CHAIN = re.compile(rf"[{NUMERALS}]+(?:[のノ-][{NUMERALS}]+)+")


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A named point. kind: town | chome | station | facility. `nearby`: the house number is not known, this is its town."""

    name: str
    kana: str
    kind: str
    lon: float
    lat: float
    nearby: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """What an address names below its city: `town`, the number of its 丁目 (None without one), and further numbers."""

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


@dataclass(frozen=True, slots=True)
class _Known:
    """A place of the layer, folded for comparing."""

    place: PlaceName
    name: str
    kana: str
    address: Address | None


def search_places(connection: Connection | Session, query: str, limit: int = LIMIT) -> list[PlaceName]:
    """Places whose name or reading holds the query, those that begin with it first, at most ten.

    An address finds the place that has it (`address` among its properties), else its 丁目, else its town, which then is
    `nearby`. "曙町2-17", "ｱｹﾎﾞﾉﾁｮｳ" and "東京都立川市曙町二丁目17番地" find 曙町二丁目 and 曙町: every writing is folded.
    """
    whole = _folded_whole(query)
    if not whole:
        return []
    known = [_known(**row) for row in connection.execute(_statement(), {"layer": NAMES}).mappings()]
    found = _holding(known, PLACE(whole))
    if not found:
        address = read_address(query)
        found = _at(known, address) or _named(known, address) or _near(known, address, whole)
    return found[: min(limit, LIMIT)]


def normalise(query: str) -> str:
    """Town and 丁目 of a query as place names are written: no prefecture or city, 丁目 in kanji, house numbers left out."""
    return read_address(query).name


def read_address(query: str) -> Address:
    """An address in any usual writing: 泉町1156番地の9, 曙町２−１７−３, 北18条西10丁目, 神明一丁目12番地の1.

    A number of three digits or more behind a town is no 丁目 but a 番地.
    """
    whole = _folded_whole(query)
    area = _AREA.match(whole)
    below = _DISTRICT.sub("", whole[area.end() :] if area else whole)
    numbers = _NUMBERS.search(below)
    if numbers is None or not numbers.start():
        return Address(_in_kanji(below))
    read = [(int(digits), unit) for digits, unit in _NUMBER.findall(_leading(numbers[0])) if len(digits) < 7]
    town = _in_kanji(_DISTRICT.sub("", below[: numbers.start()]))
    if not read:
        return Address(town)
    (first, unit), rest = read[0], tuple(number for number, _unit in read[1:])
    is_chome = unit == "丁目" or (not unit and 0 < first <= _LARGEST_CHOME)
    return Address(town, first, rest) if is_chome and first <= _LARGEST_CHOME else Address(town, None, (first, *rest))


def _folded_whole(query: str) -> str:
    """The query with one writing for widths, spaces, dashes and house numbers, readings in hiragana; kanji as they are."""
    wide = no_spaces(width(visible(query[:_LONGEST]).replace("\x00", "")))
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


def _in_kanji(town: str) -> str:
    """北18条西 as 北十八条西, the way it is written in names."""
    return re.sub(r"([0-9]{1,2})(?=条|線)", lambda digits: kanji_of(int(digits[1])), town)


def _known(*, address: str | None, **named: Any) -> _Known:
    place = PlaceName(**named)
    return _Known(place, PLACE(place.name), PLACE(place.kana), read_address(address) if address else None)


def _holding(known: Iterable[_Known], key: str) -> list[PlaceName]:
    """Places whose name or reading holds the key: the very one, those that begin with it, the others, short names first."""
    found = [one for one in known if key and (key in one.name or key in one.kana)]
    found.sort(key=lambda one: (one.name != key, not _begins(one, key), len(one.place.name), one.place.name))
    return [one.place for one in found]


def _begins(one: _Known, key: str) -> bool:
    return one.name.startswith(key) or one.kana.startswith(key)


def _at(known: Iterable[_Known], address: Address) -> list[PlaceName]:
    """Places at exactly that address, then the 丁目 around them."""
    if not address.numbers:
        return []
    town = PLACE(address.town)
    here = [
        one.place
        for one in known
        if one.address and PLACE(one.address.town) == town and one.address.all_numbers == address.all_numbers
    ]
    return here + _holding(known, PLACE(address.name)) if here else []


def _named(known: list[_Known], address: Address) -> list[PlaceName]:
    """Places of the address's name; only nearby where it goes on with a number that no 丁目 stands before."""
    found = _holding(known, PLACE(address.name))
    return [replace(place, nearby=True) for place in found] if address.numbers and address.chome is None else found


def _near(known: list[_Known], address: Address, whole: str) -> list[PlaceName]:
    """The town of an address whose number is not known, else the longest name that the query begins with."""
    town = PLACE(address.town)
    around = [one for one in known if one.name == town] or [one for one in known if town and one.name.startswith(town)]
    if not around:
        starts = sorted((one for one in known if _opens(one, town, PLACE(whole))), key=lambda one: -len(one.name))
        around = starts[:1]
    return [replace(one.place, nearby=True) for one in around]


def _opens(one: _Known, *texts: str) -> bool:
    return len(one.name) > 1 and any(text.startswith(one.name) for text in texts)


@cache
def _statement() -> TextClause:
    return text(files("geo").joinpath("sql", "place_names.sql").read_text(encoding="utf-8"))
