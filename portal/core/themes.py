"""The colour of a city's pages: one that comes with the style sheets, or its own, which must be readable (WCAG 2.2, 1.4.3)."""

import colorsys
import re
from collections.abc import Mapping
from typing import Final

THEMES: Final[Mapping[str, str]] = {"blue": "藍", "green": "緑", "cyan": "青緑"}
"""What comes with the style sheets (`tokens.css`), by key."""
NEEDED: Final = 4.5
_OWN = re.compile(r"#[0-9a-f]{6}")
_WHITE, _PAPER = (255.0, 255.0, 255.0), (245.0, 242.0, 234.0)
_TINT = 0.15
"""How much of the colour is in the lightest ground that carries text in it."""
_STEPS = 200

Rgb = tuple[float, float, float]


def is_own(theme: str) -> bool:
    """Whether a theme is a colour of the city's own, `#rrggbb`."""
    return _OWN.fullmatch(theme) is not None


def contrast(colour: str) -> float:
    """Return the least contrast that text has with this colour: in it on paper or on its own tint, or in white on it."""
    own = _rgb(colour)
    return min(_ratio(own, ground) for ground in (_WHITE, _PAPER, _mixed(own, _TINT)))


def is_readable(colour: str) -> bool:
    """Whether text may be set in this colour, and in white on it."""
    return contrast(colour) >= NEEDED


def nearest_readable(colour: str) -> str:
    """Return the colour of the same hue that is only as much darker as it must be."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in _rgb(colour)))
    for step in range(_STEPS + 1):
        red, green, blue = colorsys.hls_to_rgb(hue, lightness * (1 - step / _STEPS), saturation)
        darker = f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
        if is_readable(darker):
            return darker
    return "#000000"


def style_of(colour: str) -> str:
    """Return the rule that gives what bears the theme this colour, with its shades."""
    shades = {"hover": (85, "#000"), "press": (70, "#000"), "mid": (85, "#fff"), "line": (30, "#fff")}
    shades |= {"tint": (round(_TINT * 100), "#fff"), "soft": (8, "#fff")}
    mixed = "".join(
        f"--key-{name}:color-mix(in srgb,{colour} {part}%,{into});" for name, (part, into) in shades.items()
    )
    return f'[data-city="{colour}"]{{--key:{colour};{mixed}}}'


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mixed(colour: Rgb, part: float) -> Rgb:
    red, green, blue = (value * part + 255 * (1 - part) for value in colour)
    return red, green, blue


def _ratio(colour: Rgb, background: Rgb) -> float:
    lighter, darker = sorted((_luminance(colour), _luminance(background)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Rgb) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
