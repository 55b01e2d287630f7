"""Names of places in Latin letters, from how they are read: Akebonocho 2-chome."""

import re

import jaconv

from writing.numerals import number_of

_CHOME = re.compile("([一二三四五六七八九十]+)丁目$")
_CHOME_READ = re.compile("(いっ|に|さん|よん|ご|ろく|なな|はっ|きゅう|じゅう)ちょうめ$")


def latin(kana: str) -> str:
    """A reading in Latin letters as signs write it, without marks on long vowels: Akebonocho."""
    letters = jaconv.kana2alphabet(jaconv.kata2hira(kana))
    for long, short in (("ou", "o"), ("oo", "o"), ("uu", "u")):
        letters = letters.replace(long, short)
    return letters.capitalize()


def place_in_latin(name: str, kana: str) -> str:
    """A town, 丁目 or other place by its name and its reading: 曙町一丁目 is Akebonocho 1-chome. "" without a reading."""
    chome = _CHOME.search(name)
    town = latin(_CHOME_READ.sub("", jaconv.kata2hira(kana)) if chome else kana)
    return f"{town} {number_of(chome[1])}-chome" if chome and town else town
