"""Districts whose law is a list of towns and numbers (投票区, 通学区域): read as the notice is written, and asked by an address.

富士見町1,2丁目の全部、富士見町3丁目1～9,17,18、柴崎町4丁目7～、砂川町7丁目25番地の10～33,35,26番地～、泉町（841,899を除く）
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from geo.addresses import Address, parse_address
from geo.tables import layer, layer_feature
from writing.folding import PLACE, no_spaces, width

_MOST = 10**7
_ENTRY = re.compile(
    r"(?P<town>[^0-9(),~]+?)(?:(?P<chome>[0-9,~]+)丁目)?(?:の?(?:全部|全域|全て|すべて|一円))?(?P<rest>(?:[0-9(].*)?)"
)
_EXCEPT = re.compile(r"\((?P<numbers>.+?)を?(?:除く|除きます)\)")
_NUMBER = re.compile(r"(?P<number>[0-9]+)(?P<unit>番地?)?(?:[の-](?P<branch>[0-9]+))?(?:号)?")
_UP_TO = re.compile(r"[~〜～]|から")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers from `first` to `last`, both included; of a number with branches (25番地の10～33) those of `block`."""

    first: int
    last: int
    block: int | None = None

    def cover(self, numbers: Sequence[int]) -> bool | None:
        """Whether the numbers of an address lie here; None when the address does not say so much."""
        if not numbers:
            return None
        if self.block is None:
            return self.first <= numbers[0] <= self.last
        if numbers[0] != self.block:
            return False
        return self.first <= numbers[1] <= self.last if len(numbers) > 1 else None


@dataclass(frozen=True, slots=True)
class AddressRange:
    """A part of a town: in these 丁目 (None: the whole town), the numbers in `only` (none: all), without those in `besides`."""

    town: str
    chome: frozenset[int] | None
    only: tuple[Numbers, ...] = ()
    besides: tuple[Numbers, ...] = ()

    def covers(self, address: Address) -> bool | None:
        """Whether an address lies in it; None when the address does not say so much."""
        if PLACE(address.town) != self.town:
            return False
        if self.chome is not None and address.chome is None:
            return None
        if self.chome is not None and address.chome not in self.chome:
            return False
        # In a town without 丁目 the first number of 緑町10-2 is that of the 番地.
        numbers = address.all_numbers if self.chome is None else address.numbers
        kept, left_out = _any(self.only, numbers), _any(self.besides, numbers)
        if self.besides:
            return None if left_out is None else not left_out
        return True if not self.only else kept


@lru_cache(maxsize=20_000)
def parse_ranges(text: str) -> tuple[tuple[AddressRange, ...], tuple[str, ...]]:
    """The ranges that a text lists, and the entries that cannot be read."""
    ranges: list[AddressRange] = []
    unread: list[str] = []
    for entry in _entries(no_spaces(width(text))):
        try:
            ranges.append(_range(entry))
        except ValueError:
            unread.append(entry)
    return tuple(ranges), tuple(unread)


def value_by_law(
    connection: Connection | Session, key: str, column: str, name: str, address: str
) -> tuple[Any, list[int]] | None:
    """The value of the property `name` of the features whose text in `column` lists an address, and their ids.

    None when no feature of the layer lists it, when several with different values do, or when the address has too few numbers to tell.
    """
    read = parse_address(address)
    if not read.town:
        return None
    properties = layer_feature.c.properties
    query = (
        select(layer_feature.c.id, properties[column].astext, properties[name])
        .join(layer, layer.c.id == layer_feature.c.layer_id)
        .where(layer.c.key == key, properties.has_key(column))
        .order_by(layer_feature.c.id)
    )
    values: list[Any] = []
    features: list[int] = []
    for feature_id, text, value in connection.execute(query):
        covered = _any_range(parse_ranges(text or "")[0], read)
        if covered is None:
            return None
        if covered and value is not None:
            values.append(value)
            features.append(feature_id)
    return (values[0], features) if values and all(value == values[0] for value in values) else None


def _any(numbers: Sequence[Numbers], given: Sequence[int]) -> bool | None:
    covered = [part.cover(given) for part in numbers]
    return True if True in covered else None if None in covered else False


def _any_range(ranges: Sequence[AddressRange], address: Address) -> bool | None:
    covered = [part.covers(address) for part in ranges]
    return True if True in covered else None if None in covered else False


def _entries(text: str) -> Iterator[str]:
    """The entries of a list, parted by 、 outside of brackets."""
    depth, begin = 0, 0
    for at, letter in enumerate(text):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter in "、;\n" and depth <= 0:
            yield from filter(None, (text[begin:at],))
            begin = at + 1
    yield from filter(None, (text[begin:],))


def _range(entry: str) -> AddressRange:
    match = _ENTRY.fullmatch(_UP_TO.sub("~", entry))
    if match is None:
        raise ValueError(entry)
    chome = match["chome"]
    listed = (
        frozenset(number for part in _numbers(chome) for number in range(part.first, min(part.last, 99) + 1))
        if chome
        else None
    )
    town, rest = PLACE(parse_address(match["town"]).town), match["rest"]
    if not town:
        raise ValueError(entry)
    if besides := _EXCEPT.fullmatch(rest):
        return AddressRange(town, listed, besides=_numbers(besides["numbers"]))
    return AddressRange(town, listed, _numbers(rest) if rest else ())


def _numbers(text: str) -> tuple[Numbers, ...]:
    listed: list[Numbers] = []
    block: int | None = None
    for part in re.split(r"[,、・]", text):
        first, _to, last = part.partition("~")
        begin, end = _NUMBER.fullmatch(first), _NUMBER.fullmatch(last) if last else None
        if begin is None or (last and end is None):
            raise ValueError(part)
        if begin["branch"]:
            block = int(begin["number"])
        elif begin["unit"]:
            block = None
        low = int(begin["branch"] or begin["number"])
        # 25番地の10～33 ends with a branch of the same number, 1番～10番 with a number.
        high = int(end["branch"] or end["number"]) if end else _MOST if _to else low
        listed.append(Numbers(low, high, block))
    return tuple(listed)
