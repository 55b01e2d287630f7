"""What makes a drawing a map: the grid of the plane system at its edge, the bar of its scale, the arrow to the north."""

import math

from geo.paper.labels import Labels, Lettering
from geo.paper.sheet import UNITS_PER_MM, Sheet
from geo.paper.svg import element, number

_INK = "#1a1a1a"
_FAINT = "#6b675f"
_GRID_MM = 50.0
_BAR_MM = 48.0
_CROSS = 4.0
_PARTS = 4


def round_length(metres: float) -> float:
    """The longest round length that is not longer: 5, 20, 100, 2000 metres."""
    power = 10 ** math.floor(math.log10(metres))
    digit = metres / power
    return float((5 if digit >= 5 else 2 if digit >= 2 else 1) * power)


def grid(sheet: Sheet, labels: Labels) -> str:
    """Crosses where round coordinates meet; their numbers claim their room along the left and the lower edge in `labels`.

    X counts to the north and Y to the east, as in every plane system of Japan.
    """
    step = round_length(_GRID_MM * sheet.scale / 1000)
    west, south, east, north = sheet.extent
    factor, (width, height) = sheet.units_per_metre, sheet.size
    eastings = [step * n for n in range(math.ceil(west / step), math.floor(east / step) + 1)]
    northings = [step * n for n in range(math.ceil(south / step), math.floor(north / step) + 1)]
    columns = [(value, (value - west) * factor) for value in eastings]
    rows = [(value, (north - value) * factor) for value in northings]
    lines = "".join(
        f"M{number(x - _CROSS)} {number(y)}h{2 * _CROSS}M{number(x)} {number(y - _CROSS)}v{2 * _CROSS}"
        for _east, x in columns
        for _north, y in rows
    )
    lines += "".join(f"M{number(x)} {number(height)}v-6M{number(x)} 0v6" for _value, x in columns)
    lines += "".join(f"M0 {number(y)}h6M{number(width)} {number(y)}h-6" for _value, y in rows)
    look = Lettering(7.5, _FAINT)
    for value, y in rows:
        labels.write(f"X={value:,.0f}", 10 + look.width(f"X={value:,.0f}") / 2, y, look)
    for value, x in columns:
        labels.write(f"Y={value:,.0f}", x, height - 11, look)
    return element("path", d=lines, fill="none", stroke=_FAINT, stroke_width=0.6)


def scale_bar(scale: int) -> str:
    """The bar as an SVG of its own, as long as it says at 1:`scale`."""
    metres = round_length(_BAR_MM * scale / 1000)
    length = metres * 1000 / scale * UNITS_PER_MM
    part = length / _PARTS
    boxes = "".join(
        element(
            "rect", x=number(4 + n * part), y=14, width=number(part), height=5, fill=_INK if n % 2 == 0 else "#ffffff"
        )
        for n in range(_PARTS)
    )
    boxes += element("rect", x=4, y=14, width=number(length), height=5, fill="none", stroke=_INK, stroke_width=0.8)
    unit, divisor = ("km", 1000) if metres >= 2000 else ("m", 1)
    texts = ((0, "0"), (length / 2, f"{metres / 2 / divisor:g}"), (length, f"{metres / divisor:g} {unit}"))
    words = "".join(
        element(
            "text", text, x=number(4 + x), y=10, font_size=9, fill=_INK, text_anchor="start" if x == 0 else "middle"
        )
        for x, text in texts
    )
    width = length + 36
    size = {"width": f"{number(width / UNITS_PER_MM)}mm", "height": f"{number(22 / UNITS_PER_MM)}mm"}
    return element("svg", boxes + words, viewBox=f"0 0 {number(width)} 22", **size)


def north_arrow() -> str:
    """An arrow upwards, which is the north of the grid."""
    needle = element("path", d="M14 4L22 36L14 30Z", fill=_INK) + element(
        "path", d="M14 4L6 36L14 30Z", fill="#ffffff", stroke=_INK, stroke_width=1, stroke_linejoin="round"
    )
    letter = element("text", "N", x=14, y=48, font_size=11, text_anchor="middle", fill=_INK)
    return element("svg", needle + letter, viewBox="0 0 28 50", width="9mm", height="16mm")
