"""Kanji that are written in several ways: 高 and 髙, 辺 and 邊 and 邉. For comparing only; a name is kept as its owner writes it."""

from functools import cache
from importlib.resources import files


@cache
def variants() -> dict[int, str]:
    """What each variant is compared as, for `str.translate`. Sources stand in `variants.txt`."""
    lines = files("writing").joinpath("variants.txt").read_text(encoding="utf-8").splitlines()
    groups = [group for line in lines if not line.startswith("#") for group in line.split()]
    return {ord(variant): group[0] for group in groups for variant in group[1:]}
