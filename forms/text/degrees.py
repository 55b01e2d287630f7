"""Latitude and longitude as people copy them: 35.69841, 北緯35度41分54秒, 35°41'54.3"N 139°24'49.2"E."""

import re

from writing.folding import CODE

_SIGNS = str.maketrans({"″": '"', "”": '"', "“": '"', "′": "'", "’": "'", "‘": "'", "´": "'", "º": "°", "˚": "°"})
_NAMES = r"北緯|東経|南緯|西経|緯度|経度|latitude|longitude|lat|lon|lng|[nsew]"
_ANGLE = (
    rf"(?:(?P<name>{_NAMES})\s*[:=]?\s*)?(?P<degrees>[+-]?\d+(?:\.\d+)?)"
    r"(?:\s*[°度](?:\s*(?P<minutes>\d+(?:\.\d+)?)\s*['分](?:\s*(?P<seconds>\d+(?:\.\d+)?)\s*(?:\"|''|秒))?)?)?"
    r"(?:\s*(?P<letter>[nsew])(?![a-z\d]))?"
)
_ONE = re.compile(_ANGLE)
_SEPARATOR = re.compile(r"\s*[,、;/\s]\s*")
_LONGITUDES = frozenset({"東経", "西経", "経度", "longitude", "lon", "lng", "e", "w"})
_NEGATIVE = frozenset({"南緯", "西経", "s", "w"})


def parse_degrees(text: str) -> float | None:
    """One latitude or longitude in degrees; None for what is none."""
    angle = _ONE.fullmatch(_folded(text))
    return _value(angle) if angle else None


def parse_position(text: str) -> tuple[float, float] | None:
    """Latitude and longitude on one line, in this order unless their names or letters say otherwise; None for anything else."""
    folded = _folded(text).strip("()[]「」")
    first = _ONE.match(folded)
    between = _SEPARATOR.match(folded, first.end()) if first else None
    second = _ONE.fullmatch(folded, between.end() if between else first.end()) if first else None
    if first is None or second is None or not (between or first["letter"] or first["seconds"] or second["name"]):
        return None
    latitude, longitude = _value(first), _value(second)
    if latitude is None or longitude is None:
        return None
    return (longitude, latitude) if _is_longitude(first) and not _is_longitude(second) else (latitude, longitude)


def _folded(text: str) -> str:
    return CODE(text[:200].translate(_SIGNS)).lower()


def _value(angle: re.Match[str]) -> float | None:
    minutes, seconds = float(angle["minutes"] or 0), float(angle["seconds"] or 0)
    if minutes >= 60 or seconds >= 60:
        return None
    degrees = float(angle["degrees"])
    size = abs(degrees) + minutes / 60 + seconds / 3600
    below = degrees < 0 or {angle["name"], angle["letter"]} & _NEGATIVE
    return -size if below else size


def _is_longitude(angle: re.Match[str]) -> bool:
    return bool({angle["name"], angle["letter"]} & _LONGITUDES)
