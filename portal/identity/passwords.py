"""Passwords of staff: hashed with Argon2id at the library's current cost, judged by length and by how early they would be guessed.
No rule asks for signs or capitals, none makes people change them by date (OWASP ASVS 6.2, NIST SP 800-63B).
"""

import re
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 8
MAX_LENGTH = 200
"""Long enough for any phrase; what is longer only keeps the hasher busy."""
MIN_GUESSES = 10**6
_MAX_ESTIMATED_LENGTH = 72
"""As many letters as the estimate reads; it takes longer the longer the text is, and so many are enough for any number of guesses."""

_OFFICE_WORDS = frozenset({
    "madoguchi", "shiyakusho", "yakusho", "kuyakusho", "cityhall", "kaigishitsu", "pasuwado", "himitsu",
    "窓口", "まどぐち", "マドグチ", "市役所", "しやくしょ", "シヤクショ", "役所", "やくしょ", "パスワード", "ぱすわーど",
})  # fmt: skip
"""What is tried first at a city hall in Japan, beside what is tried everywhere (ASVS 6.2.11)."""
_COMMON = "よく使われるパスワードです。ほかの言葉を組み合わせてください。"
_LOOK_ALIKES = str.maketrans("013@$5", "oleass")
_hasher = PasswordHasher()


def weakness(password: str, *about: str) -> str | None:
    """Return the reason why a password is refused, for the person choosing it; None when it is accepted.

    `about`: their name, address, office and city, which others try first.
    """
    if len(password) < MIN_LENGTH:
        return f"パスワードは、{MIN_LENGTH}文字以上にしてください。"
    if len(password) > MAX_LENGTH:
        return f"パスワードは、{MAX_LENGTH}文字までにしてください。"
    plain = unicodedata.normalize("NFKC", password).lower()
    core = _core(plain)
    if any(core == _core(word.lower()) for text in about for word in _parts(text) if _identifies_owner(word)):
        return "自分の名前、メールアドレス、市の名前に、数字や記号をつけただけのパスワードは使えません。"
    if any(_is_common(word) for word in (plain, core, _without_suffix(plain))):
        return _COMMON
    patterns, guesses = _estimate(plain)
    if guesses >= MIN_GUESSES:
        return None
    in_a_row = patterns <= {"repeat", "sequence", "spatial"}
    return "同じ文字や、ならびの文字だけのパスワードは使えません。" if in_a_row else _COMMON


def hash_password(password: str) -> str:
    """The password as it is stored."""
    return _hasher.hash(_normalise(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is right. Takes as long for nobody's password (None) as for somebody's."""
    try:
        _hasher.verify(stored or _dummy_hash(), _normalise(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made at a cost that is no longer the current one."""
    return _hasher.check_needs_rehash(stored)


@cache
def _dummy_hash() -> str:
    return _hasher.hash("nobody signs in with this")


def _normalise(password: str) -> str:
    # Typed on another keyboard the same word may be composed differently.
    return unicodedata.normalize("NFKC", password[: MAX_LENGTH + 1])


def _estimate(plain: str) -> tuple[set[str], int]:
    """What a text is made of, and after how many guesses somebody has it who knows how people choose."""
    # Read at first use, as few processes ever ask. Names are not given to it: it would keep them for the next caller.
    from zxcvbn import zxcvbn

    estimate = zxcvbn(plain[:_MAX_ESTIMATED_LENGTH])
    return {part["pattern"] for part in estimate["sequence"]}, int(estimate["guesses"])


def _is_common(word: str) -> bool:
    """Whether a word is one of the 30,000 passwords used most, or of the office, also with signs written for letters."""
    spellings = {word, word.translate(_LOOK_ALIKES)}
    return not spellings.isdisjoint(_OFFICE_WORDS) or not spellings.isdisjoint(_common_passwords())


@cache
def _common_passwords() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])


def _identifies_owner(word: str) -> bool:
    """Whether a word says whose password it is; three Latin letters may be anybody's."""
    return len(word) > (3 if word.isascii() else 1)


def _core(text: str) -> str:
    """The text without digits and signs around it, and without signs inside."""
    return re.sub(r"\A[\W\d_]+|[\W\d_]+\Z|[\s.\-_]+", "", text)


def _without_suffix(text: str) -> str:
    """The text without digits and signs behind it; those before it may stand for letters."""
    return re.sub(r"[\W\d_]+\Z", "", text)


def _parts(text: str) -> list[str]:
    local, _, host = text.partition("@")
    return [text, local, *re.split(r"[._\s\-]+", local), *host.split(".")]
