"""Place names in Latin letters: Tachikawa Station, Akebono-cho 2-17, as road signs and English maps write them, found by their readings."""

import re
import unicodedata
from collections.abc import Iterable

from geo.place_names import Entry
from writing.folding import width
from writing.words import reading_of_latin, short_sounds

_MAX_LENGTH = 100
_LATIN = re.compile(r"[A-Za-z0-9 ,.'’-]*[A-Za-z][A-Za-z0-9 ,.'’-]*")
_CHOME = re.compile(r"([0-9]+)[- ]?chou?me\b[- ,]*")
_AROUND = re.compile(
    r"^\s*(?P<before>[0-9][0-9 -]*?)?[ ,-]*(?P<name>[a-z][a-z ,-]*?)[ ,-]*(?P<behind>[0-9][0-9 -]*)?\s*$"
)
_WIDER = re.compile(r"[ ,]+(?:[a-z]+[- ]?(?:shi|ku|to)|[a-z]+ city|tokyo|japan)(?=,|$)")
_WORDS = {
    "city hall": "shiyakusho",
    "elementary school": "shougakkou",
    "junior high school": "chuugakkou",
    "high school": "koukou",
    "station": "eki",
    "sta": "eki",
    "library": "toshokan",
    "hospital": "byouin",
    "park": "kouen",
}
"""What English maps translate of a name, in the sounds of its reading."""


def written_in_japanese(entries: Iterable[Entry], text: str) -> list[str]:
    """The names that a text in Latin letters may mean, as the layer writes them, the most like first, each with the numbers of the text.

    With numbers it is one name alone. None for a text in other letters.
    """
    plain = "".join(
        each for each in unicodedata.normalize("NFD", width(text[:_MAX_LENGTH])) if not unicodedata.combining(each)
    )
    if not _LATIN.fullmatch(plain):
        return []
    parts = _AROUND.match(_WIDER.sub("", _CHOME.sub(r"\1-", re.sub(r"[.'’]", "", plain.lower()))))
    key = _sound(parts["name"]) if parts else ""
    if not parts or len(key) < 2:
        return []
    like = [entry for entry in entries if key in entry.latin]
    like.sort(
        key=lambda entry: (entry.latin != key, not entry.latin.startswith(key), len(entry.latin), entry.place.name)
    )
    numbers = re.sub(r"[ -]+", "-", (parts["behind"] or parts["before"] or "").strip(" -"))
    return [entry.place.name + numbers for entry in (like[:1] if numbers else like)]


def _sound(name: str) -> str:
    for word, reading in _WORDS.items():
        name = re.sub(rf"\b{word}\b", reading, name)
    return short_sounds(reading_of_latin(re.sub(r"[ ,-]+", "", name)))
