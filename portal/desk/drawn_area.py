"""An area drawn on the map, as an address spells it."""

import re
from itertools import accumulate, pairwise

from portal.cases import Ring
from portal.core.text import _

MAX_CORNERS = 64
"""The script simplifies what was drawn until so many are left."""
MAX_SIDE = 1.0
"""Degrees from one side of an area to the other, some hundred kilometres: more than any city."""
_PRECISION = 100_000  # corners are integers in hundred-thousandths of a degree, about a metre
_AREA = re.compile(r"-?\d{1,8}(_-?\d{1,8}){5,}", re.ASCII)


def read_area(text: str) -> tuple[Ring | None, str]:
    """The corners of an area, and what is wrong with its text, as a sentence; neither for an empty one.

    The text is `lon_lat`, then the offset of each next corner from the one before it (`static/js/map/ring.js` writes it), all in
    hundred-thousandths of a degree: 13941580_3570020_40_0_0_-30.
    """
    if not text:
        return None, ""
    unread = _("囲んだ場所を読み取れませんでした。地図で、もう一度囲んでください。")
    numbers = [int(part) for part in text.split("_")] if len(text) < 2000 and _AREA.fullmatch(text) else []
    if not numbers or len(numbers) % 2:
        return None, unread
    if len(numbers) > 2 * MAX_CORNERS:
        return None, _("囲んだ場所の角が多すぎます。{count}個までにして、もう一度囲んでください。", count=MAX_CORNERS)
    lons = [lon / _PRECISION for lon in accumulate(numbers[::2])]
    lats = [lat / _PRECISION for lat in accumulate(numbers[1::2])]
    if max(map(abs, lons)) > 180 or max(map(abs, lats)) > 90:
        return None, unread
    if max(lons) - min(lons) > MAX_SIDE or max(lats) - min(lats) > MAX_SIDE:
        return None, _("囲んだ場所が広すぎます。1つの市に入る広さで、もう一度囲んでください。")
    return tuple(zip(lons, lats, strict=True)), ""


def format_area(ring: Ring) -> str:
    """The text that `read_area` reads, to a metre."""
    corners = [[round(degrees * _PRECISION) for degrees in corner] for corner in ring]
    offsets = [[now - before for before, now in zip(*pair, strict=True)] for pair in pairwise([[0, 0], *corners])]
    return "_".join(str(number) for offset in offsets for number in offset)
