"""Encryption of personal data at rest: AES-256-GCM under a key ring for each city (NIST SP 800-38D). The newest key seals, every key opens."""

import json
import os
import secrets
from base64 import b64decode, b64encode
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.core.config import settings

_NONCE = 12
_ID = 4


class SealBroken(ValueError):
    """The sealed bytes were altered, moved to another context, or sealed with a key that is gone."""


class KeyRing:
    """Keys by id, newest last, kept in one file that only the portal's user may read."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._keys = keys
        self._newest = next(reversed(keys))

    @classmethod
    def at(cls, path: Path) -> "KeyRing":
        """The ring in that file; made with one fresh key when there is none."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = {secrets.token_hex(_ID): b64encode(secrets.token_bytes(32)).decode()}
            temporary = path.with_suffix(f".{os.getpid()}")
            temporary.touch(mode=0o600)
            temporary.write_text(json.dumps(fresh), encoding="utf-8")
            try:
                os.link(temporary, path)  # the first process wins; a second one reads what the first wrote
            except FileExistsError:
                pass
            finally:
                temporary.unlink()
        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls({key_id: b64decode(key) for key_id, key in stored.items()})

    def seal(self, city_key: str, plain: bytes, context: bytes) -> bytes:
        """Key id, nonce and ciphertext in one piece."""
        nonce = secrets.token_bytes(_NONCE)
        cipher = AESGCM(_city_key(self._keys[self._newest], city_key)).encrypt(nonce, plain, context)
        return bytes.fromhex(self._newest) + nonce + cipher

    def open(self, city_key: str, sealed: bytes, context: bytes) -> bytes:
        """The plain bytes. Raises SealBroken."""
        key = self._keys.get(sealed[:_ID].hex())
        if key is None:
            raise SealBroken("sealed with a key that this ring does not have")
        try:
            return AESGCM(_city_key(key, city_key)).decrypt(sealed[_ID : _ID + _NONCE], sealed[_ID + _NONCE :], context)
        except InvalidTag as error:
            raise SealBroken("altered, or sealed for another city or purpose") from error


@cache
def _city_key(master: bytes, city_key: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"madoguchi city {city_key}".encode()).derive(master)


@cache
def _ring() -> KeyRing:
    return KeyRing.at(settings().instance_path / "keys" / "data.json")


def seal(city_key: str, plain: bytes, context: bytes = b"") -> bytes:
    """Encrypt for one city; `context` (for example `b"file 12"`) must be given again to open."""
    return _ring().seal(city_key, plain, context)


def open_sealed(city_key: str, sealed: bytes, context: bytes = b"") -> bytes:
    """Decrypt what `seal` made. Raises SealBroken."""
    return _ring().open(city_key, sealed, context)


def application_secret() -> str:
    """The secret behind CSRF tokens, made once for each instance."""
    path = settings().instance_path / "keys" / "application"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    return path.read_text(encoding="utf-8")
