"""Every city's key colour, and every status colour, can be read on white."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
VALUES = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{3,6}|var\(--[\w-]+\));", TOKENS))
CITIES = re.findall(r'\[data-city="(\w+)"\] \{(.*?)\}', TOKENS, re.S)


def colour(value: str) -> str:
    """The hexadecimal value behind a token."""
    while value.startswith("var("):
        value = VALUES[value[4:-1]]
    return value if len(value) == 7 else "#" + "".join(digit * 2 for digit in value[1:])


def luminance(hexadecimal: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(hexadecimal[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str = "#ffffff") -> float:
    """Contrast ratio of two colours."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_agrees_with_the_standard() -> None:
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("city", "rules"), CITIES, ids=[city for city, _ in CITIES])
def test_a_citys_key_colour_reaches_seven_to_one(city: str, rules: str) -> None:
    key = re.search(r"--key: ([^;]+);", rules)
    assert key, city
    assert contrast(colour(key[1])) >= 7


@pytest.mark.parametrize(
    "name",
    [
        "--key",
        "--ink-3",
        "--ok",
        "--warning",
        "--error",
        "--status-new",
        "--status-review",
        "--status-fix",
        "--status-ok",
        "--status-no",
        "--status-late",
    ],
)
def test_text_and_status_colours_reach_four_and_a_half_to_one(name: str) -> None:
    assert contrast(colour(VALUES[name])) >= 4.5
