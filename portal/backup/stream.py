"""A stream of any length encrypted under a passphrase, in pieces: AES-256-GCM with the STREAM construction (Hoang, Reyhanitabar, Rogaway,
Vizár 2015), the key by scrypt (RFC 7914). Pieces cannot be altered, left out, moved or cut off at the end unseen.
"""

import secrets
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"madoguchi backup 1\n"
_SALT, _PREFIX = 16, 7
_CHUNK_SIZE = 1 << 20
_TAG = 16
_COST = 1 << 17
"""scrypt's N: a guess costs 128 MB and about half a second."""


class BackupBroken(ValueError):
    """Not a backup, altered, cut off, or another passphrase."""


def encrypt(plain: Iterator[bytes], into: BinaryIO, passphrase: bytes) -> None:
    """Write what comes from `plain` to `into`; one piece is in memory at a time."""
    salt, prefix = secrets.token_bytes(_SALT), secrets.token_bytes(_PREFIX)
    into.write(MAGIC + salt + prefix)
    cipher = _cipher(passphrase, salt)
    number, waiting = 0, b""
    for chunk in plain:
        waiting += chunk
        while len(waiting) > _CHUNK_SIZE:
            into.write(cipher.encrypt(_nonce(prefix, number, last=False), waiting[:_CHUNK_SIZE], MAGIC))
            number, waiting = number + 1, waiting[_CHUNK_SIZE:]
    into.write(cipher.encrypt(_nonce(prefix, number, last=True), waiting, MAGIC))


def decrypt(sealed: BinaryIO, passphrase: bytes) -> Iterator[bytes]:
    """Yield the pieces again, each checked before. Raises BackupBroken, at the end for what was cut off."""
    head = sealed.read(len(MAGIC) + _SALT + _PREFIX)
    if not head.startswith(MAGIC) or len(head) < len(MAGIC) + _SALT + _PREFIX:
        raise BackupBroken("this file is no backup of madoguchi")
    salt, prefix = head[len(MAGIC) : len(MAGIC) + _SALT], head[-_PREFIX:]
    cipher = _cipher(passphrase, salt)
    number, piece = 0, sealed.read(_CHUNK_SIZE + _TAG)
    while True:
        following = sealed.read(_CHUNK_SIZE + _TAG)
        try:
            plain = cipher.decrypt(_nonce(prefix, number, last=not following), piece, MAGIC)
        except InvalidTag as error:
            raise BackupBroken("another passphrase, or the file was altered or cut off") from error
        yield plain
        if not following:
            return
        number, piece = number + 1, following


def _cipher(passphrase: bytes, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(passphrase))


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4) + bytes([last])
