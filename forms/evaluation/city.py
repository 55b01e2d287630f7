"""The city in whose name a procedure runs, as expressions see it: `city.key`, `city.name`, `city.code`, `city.prefecture`."""

from collections.abc import Mapping
from typing import Protocol

from common.plane import Plane
from forms.expressions.values import NOTHING_FOUND
from forms.text.addresses import PREFECTURES, HomeCity

CITY_TYPES: Mapping[str, str] = {
    "city.key": "string",
    "city.name": "string",
    "city.code": "string",
    "city.prefecture": "string",
}
"""CEL types of the city's names. A question with the id `city` stands before them."""


class City(Protocol):
    """What the engine knows of a city. `code` is the 全国地方公共団体コード of six digits; its first two are the prefecture's (JIS X 0401)."""

    @property
    def key(self) -> str:
        """The city's key in this installation, for example `tachikawa`."""

    @property
    def name(self) -> str:
        """Its name as in an address, for example 立川市."""

    @property
    def name_kana(self) -> str:
        """How its name is read, in kana; empty where nobody said."""

    @property
    def code(self) -> str:
        """Its code of six digits, for example 132021."""

    @property
    def plane(self) -> Plane | None:
        """The plane system in which it measures; None: the one made for where a place lies."""


def city_values(city: City | None) -> dict[str, object]:
    """The values of `CITY_TYPES`. Without a city there is nothing to find, and what needs them is not decided."""
    values: dict[str, object] = dict.fromkeys(CITY_TYPES, NOTHING_FOUND)
    if city is None:
        return values
    values |= {"city.key": city.key, "city.name": city.name, "city.code": city.code}
    if prefecture := _prefecture_of(city):
        values["city.prefecture"] = prefecture
    return values


def home_of(city: City) -> HomeCity:
    """The city as addresses name it."""
    return HomeCity(city.name, city.name_kana, _prefecture_of(city))


def _prefecture_of(city: City) -> str:
    number = int(city.code[:2]) if city.code[:2].isdecimal() else 0
    return PREFECTURES[number - 1] if 1 <= number <= len(PREFECTURES) else ""
