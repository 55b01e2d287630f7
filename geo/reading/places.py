"""Where rows of a table lie that say an address in place of coordinates."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Places:
    """Where rows of a table lie by their addresses, by the number of the row from 1: longitude, latitude, and a code where that is not
    certain: address_rough (a point near it, or that of its town) or address_corrected (its town was misspelt). Of the addresses of
    `unknown` rows nothing is known.
    """

    points: Mapping[int, tuple[float, float, str | None]] = field(default_factory=dict)
    unknown: frozenset[int] = frozenset()


NO_PLACES = Places()
