"""Korean particles: which of two follows a word depends on how the word ends (신청을, 신고를), so texts write both: 을(를)."""

import re
from collections.abc import Mapping
from typing import Final

_BOTH: Final[Mapping[str, tuple[str, str]]] = {
    "을(를)": ("을", "를"),
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "과(와)": ("과", "와"),
    "와(과)": ("과", "와"),
    "(으)로": ("으로", "로"),
}
"""As texts write them: behind a consonant, and behind a vowel."""
_RIEUL: Final = 8
_ENDS_OF_DIGITS: Final = (21, 8, 0, 16, 0, 0, 1, 8, 8, 0)
"""How the names of the digits end, as the syllables of Hangul count their last consonants: 영, 일, 이, 삼, 사, 오, 육, 칠, 팔, 구."""
_CHOICE = re.compile(rf"([가-힣0-9])([’”]*)({'|'.join(map(re.escape, _BOTH))})")


def with_particles(text: str) -> str:
    """A Korean text with the particle that fits each word; both stay behind letters whose sound is not known (Latin, kanji)."""
    return _CHOICE.sub(lambda match: match[1] + match[2] + _fitting(match[1], match[3]), text) if "(" in text else text


def _fitting(letter: str, both: str) -> str:
    end = _ENDS_OF_DIGITS[int(letter)] if letter.isdigit() else (ord(letter) - ord("가")) % 28
    after_consonant, after_vowel = _BOTH[both]
    return after_consonant if end and not (both == "(으)로" and end == _RIEUL) else after_vowel
