"""Search of place names for people who do not use the map: towns, 丁目, stations and facilities of the city."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import TextClause

from geo.place import NAMES

LIMIT = 10
KANJI_DIGITS = "〇一二三四五六七八九"

_PREFIX = re.compile(r"^(?:東京都|北海道|(?:京都|大阪)府|.{2,3}県)?(?:[^市]{1,5}市(?=.))?(?:大字)?")
_CHOME = re.compile(r"([1-9])(?:丁目|-\d.*|-?$)")
_REST = re.compile(r"([一二三四五六七八九]丁目).*")


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A named point. kind: town | chome | station | facility."""

    name: str
    kana: str
    kind: str
    lon: float
    lat: float


def search_places(connection: Connection | Session, query: str, limit: int = LIMIT) -> list[PlaceName]:
    """Places whose name or reading holds the query, those that begin with it first, at most ten.

    "曙町2-17" and "ｱｹﾎﾞﾉﾁｮｳ" find 曙町二丁目 and 曙町: widths and kana are unified, what follows a 丁目 is left out.
    """
    wanted = normalise(query)
    if not wanted:
        return []
    values = {"layer": NAMES, "wanted": wanted, "limit": min(limit, LIMIT)}
    return [PlaceName(**row) for row in connection.execute(_statement(), values).mappings()]


def normalise(query: str) -> str:
    """The query as place names are written: NFKC, hiragana for katakana, no spaces or city name, 丁目 in kanji."""
    wide = unicodedata.normalize("NFKC", query[:100])
    kana = "".join(chr(ord(letter) - 0x60) if "ァ" <= letter <= "ヶ" else letter for letter in wide)
    plain = _PREFIX.sub("", re.sub(r"[\s\x00]", "", kana))
    hyphens = re.sub(r"[‐‑–—−ー](?=\d|$)", "-", plain)
    chome = _CHOME.sub(lambda found: f"{KANJI_DIGITS[int(found[1])]}丁目", hyphens, count=1)
    return _REST.sub(r"\1", chome)


@cache
def _statement() -> TextClause:
    return text(files("geo").joinpath("sql", "place_names.sql").read_text(encoding="utf-8"))
