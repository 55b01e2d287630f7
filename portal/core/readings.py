"""How Japanese names of places are read, beside the names themselves: maps and signs have them in Japanese in every language."""

from portal.core.text import html_language
from writing.latin import place_in_latin


def reading_of(name: str, kana: str) -> str:
    """For this reader: in kana, in Latin letters in English and Korean, and "" in Chinese, where the name is read as it is written."""
    reader = html_language()
    if reader == "ja":
        return kana
    return "" if reader.startswith("zh") else place_in_latin(name, kana)
