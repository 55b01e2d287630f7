"""Passwords of staff: hashed with Argon2id at the library's current cost, judged by length and by how early they would be guessed.
No rule asks for signs or capitals, none makes people change them by date (OWASP ASVS 6.2, NIST SP 800-63B).
"""

import re
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.identity.common_passwords import WORDS

MIN_LENGTH = 8
MAX_LENGTH = 200
"""Long enough for any phrase; what is longer only keeps the hasher busy."""

_ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb")
_READ_AS = str.maketrans("013@$5", "oleass")
_hasher = PasswordHasher()


def weakness(password: str, *about: str) -> str | None:
    """Why a password may not be used, in words for the person choosing it; None when it may.

    `about`: their name, address and office, which others try first.
    """
    if len(password) < MIN_LENGTH:
        return f"パスワードは、{MIN_LENGTH}文字以上にしてください。"
    if len(password) > MAX_LENGTH:
        return f"パスワードは、{MAX_LENGTH}文字までにしてください。"
    plain = unicodedata.normalize("NFKC", password).lower()
    if len(set(plain)) < 4 or _is_a_row(plain):
        return "同じ文字や、ならびの文字だけのパスワードは使えません。"
    core = _core(plain)
    if not WORDS.isdisjoint((core, core.translate(_READ_AS), _bare(plain).translate(_READ_AS))):
        return "よく使われるパスワードです。ほかの言葉を組み合わせてください。"
    if any(core == _core(word.lower()) for text in about for word in _parts(text) if len(word) > 3):
        return "名前やメールアドレスと同じパスワードは使えません。"
    return None


def hash_password(password: str) -> str:
    """The password as it is stored."""
    return _hasher.hash(_spelling(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is right. Takes as long for nobody's password (None) as for somebody's."""
    try:
        _hasher.verify(stored or _nobodys(), _spelling(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made at a cost that is no longer the current one."""
    return _hasher.check_needs_rehash(stored)


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody signs in with this")


def _spelling(password: str) -> str:
    # Typed on another keyboard the same word may be composed differently.
    return unicodedata.normalize("NFKC", password[: MAX_LENGTH + 1])


def _core(text: str) -> str:
    """The text without digits and signs around it, and without signs inside."""
    return re.sub(r"\A[\W\d_]+|[\W\d_]+\Z|[\s.\-_]+", "", text)


def _bare(text: str) -> str:
    """The text without digits and signs behind it; those before it may stand for letters."""
    return re.sub(r"[\W\d_]+\Z", "", text)


def _parts(text: str) -> list[str]:
    local, _, host = text.partition("@")
    return [text, local, *re.split(r"[._\s\-]+", local), *host.split(".")]


def _is_a_row(text: str) -> bool:
    """Whether the whole text is a walk along the alphabet, the digits or a keyboard, once or repeated."""
    half = text[: (len(text) + 1) // 2]
    once = half if text in (half + half, half + half[:-1]) else text
    return any(once in row * 2 or once[::-1] in row * 2 for row in _ROWS)
