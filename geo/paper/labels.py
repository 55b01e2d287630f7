"""Names on a sheet: each claims its room, and one that finds none is left out."""

import math
from dataclasses import dataclass, field
from html import escape

from geo.paper.svg import element, number

_HALO = 3.0
_LATIN = 0.6
"""Width of a letter that is not of full width, in its height."""


@dataclass(frozen=True, slots=True)
class Lettering:
    """How a name is written: its height in units, its colour, that of its rim, and the space between its letters."""

    size: float
    fill: str
    halo: str = "#ffffff"
    spacing: float = 0

    def width(self, text: str) -> float:
        """About how wide a text is."""
        return sum(self.size * (_LATIN if ord(letter) < 0x2000 else 1) + self.spacing for letter in text)


@dataclass(slots=True)
class Labels:
    """The names of a drawing of a size, in the order in which they claim their room."""

    width: float
    height: float
    _taken: list[tuple[float, float, float, float]] = field(default_factory=list)
    _written: list[str] = field(default_factory=list)

    def claim(self, x: float, y: float, half_width: float, half_height: float) -> bool:
        """Take the room around a point, unless it is taken or reaches over the edge."""
        room = (x - half_width, y - half_height, x + half_width, y + half_height)
        if room[0] < 0 or room[1] < 0 or room[2] > self.width or room[3] > self.height:
            return False
        if any(a[0] < room[2] and room[0] < a[2] and a[1] < room[3] and room[1] < a[3] for a in self._taken):
            return False
        self._taken.append(room)
        return True

    def write(self, text: str, x: float, y: float, look: Lettering, *, turn: float = 0) -> bool:
        """Write a name around a point, turned by so many degrees; False where there is no room."""
        long, high, angle = look.width(text) / 2, look.size * 0.65, math.radians(turn)
        half_width = abs(long * math.cos(angle)) + abs(high * math.sin(angle))
        half_height = abs(long * math.sin(angle)) + abs(high * math.cos(angle))
        if not self.claim(x, y, half_width + 1, half_height):
            return False
        turned = f"rotate({number(turn)} {number(x)} {number(y)})" if turn else None
        self._written.append(lettering(text, x - long, y + look.size * 0.36, look, transform=turned))
        return True

    def drawing(self) -> str:
        """Every name that found room."""
        return "".join(self._written)


def lettering(text: str, x: float, y: float, look: Lettering, *, transform: str | None = None) -> str:
    """A text that begins at a point of its baseline, over a rim in the colour of its ground."""
    place = {
        "x": number(x),
        "y": number(y),
        "font_size": number(look.size),
        "letter_spacing": look.spacing or None,
        "transform": transform,
    }
    words = escape(text)
    rim = element("text", words, **place, fill=look.halo, stroke=look.halo, stroke_width=_HALO, stroke_linejoin="round")
    return rim + element("text", words, **place, fill=look.fill)
