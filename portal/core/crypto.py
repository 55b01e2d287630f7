"""Encryption of personal data at rest: AES-256-GCM under a key ring (NIST SP 800-38D). The newest key seals, every key opens.

Keys are derived for each purpose (HKDF, RFC 5869): one for each city, one for each sealed column, one for each kind of fingerprint.
"""

import hmac
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
            _make_once(path, json.dumps({secrets.token_hex(_ID): b64encode(secrets.token_bytes(32)).decode()}))
        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls({key_id: b64decode(key) for key_id, key in stored.items()})

    @property
    def newest(self) -> str:
        """The id of the key that seals, in hexadecimal."""
        return self._newest

    def knows(self, key_id: str) -> bool:
        """Whether the key of that id is in the ring."""
        return key_id in self._keys

    def derived(self, purpose: str) -> bytes:
        """A key of its own for one purpose, from the newest key."""
        return _derived(self._keys[self._newest], purpose)

    def seal(self, purpose: str, plain: bytes, context: bytes) -> bytes:
        """Key id, nonce and ciphertext in one piece."""
        nonce = secrets.token_bytes(_NONCE)
        cipher = AESGCM(_derived(self._keys[self._newest], purpose)).encrypt(nonce, plain, context)
        return bytes.fromhex(self._newest) + nonce + cipher

    def open(self, purpose: str, sealed: bytes, context: bytes) -> bytes:
        """The plain bytes. Raises SealBroken."""
        key = self._keys.get(sealed[:_ID].hex())
        if key is None:
            raise SealBroken("sealed with a key that this ring does not have")
        try:
            return AESGCM(_derived(key, purpose)).decrypt(sealed[_ID : _ID + _NONCE], sealed[_ID + _NONCE :], context)
        except InvalidTag as error:
            raise SealBroken("altered, or sealed for another city or purpose") from error


def _make_once(path: Path, text: str) -> None:
    """Write a file that only the portal's user may read, whole or not at all; of two writers at the same time the first one's file stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_suffix(f".{secrets.token_hex(8)}")
    temporary.touch(mode=0o600)
    temporary.write_text(text, encoding="utf-8")
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


@cache
def _derived(master: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"madoguchi {purpose}".encode()).derive(master)


class _RingFile:
    """The data keys as their file is, read again when it changed: a process that runs seals under a new key as soon as there is one."""

    def __init__(self) -> None:
        self._read: tuple[Path, tuple[int, ...], KeyRing] | None = None

    def present(self) -> KeyRing:
        """The ring of this moment; made with one fresh key when there is none."""
        path = _data_keys()
        if not path.exists():
            KeyRing.at(path)
        status = path.stat()
        state = (status.st_ino, status.st_mtime_ns, status.st_size)
        if self._read is None or self._read[:2] != (path, state):
            self._read = (path, state, KeyRing.at(path))
        return self._read[2]

    def knowing(self, key_id: str) -> KeyRing:
        """A ring with that key, if there is one; values are opened for every line of a list, so the file is read only when it may have changed."""
        read = self._read
        return read[2] if read is not None and read[0] == _data_keys() and read[2].knows(key_id) else self.present()


_data_ring = _RingFile()


@cache
def _index_ring() -> KeyRing:
    return KeyRing.at(settings().instance_path / "keys" / "index.json")


def _data_keys() -> Path:
    return settings().instance_path / "keys" / "data.json"


def has_keys() -> bool:
    """Whether this instance has a key ring already; does not create one."""
    return _data_keys().exists()


def newest_key() -> str:
    """The id of the key under which everything is sealed now, in hexadecimal."""
    return _data_ring.present().newest


def add_key() -> str:
    """Add a key to the ring, which seals from now on; return its id. What was sealed before is still opened by the older keys."""
    path = _data_keys()
    KeyRing.at(path)
    keys = json.loads(path.read_text(encoding="utf-8"))
    key_id = next(
        new for new in iter(lambda: secrets.token_hex(_ID), "") if not any(old[:6] == new[:6] for old in keys)
    )
    keys[key_id] = b64encode(secrets.token_bytes(32)).decode()
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.touch(mode=0o600)
    temporary.write_text(json.dumps(keys), encoding="utf-8")
    temporary.replace(path)
    return key_id


def seal(city_key: str, plain: bytes, context: bytes = b"") -> bytes:
    """Encrypt for one city; `context` (for example `b"file 12"`) must be given again to open."""
    return _data_ring.present().seal(f"city {city_key}", plain, context)


def open_sealed(city_key: str, sealed: bytes, context: bytes = b"") -> bytes:
    """Decrypt what `seal` made. Raises SealBroken."""
    return _data_ring.knowing(sealed[:_ID].hex()).open(f"city {city_key}", sealed, context)


def seal_column(column: str, plain: bytes) -> bytes:
    """Encrypt a value of one column (`account.email`); it opens as a value of that column alone."""
    return _data_ring.present().seal(f"column {column}", plain, column.encode())


def open_column(column: str, sealed: bytes) -> bytes:
    """Decrypt what `seal_column` made. Raises SealBroken."""
    return _data_ring.knowing(sealed[:_ID].hex()).open(f"column {column}", sealed, column.encode())


def fingerprint(purpose: str, value: str, size: int = 16) -> bytes:
    """A keyed digest (HMAC-SHA256) by which equal values are found without being readable, of `size` bytes.

    Its key is apart from those that seal and stays when they are renewed: an index of fingerprints cannot be read under two keys.
    """
    return hmac.digest(_index_ring().derived(f"fingerprint {purpose}"), value.encode("utf-8", "replace"), "sha256")[
        :size
    ]


def application_secret() -> str:
    """The secret behind CSRF tokens, made once for each instance."""
    path = settings().instance_path / "keys" / "application"
    if not path.exists():
        _make_once(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8")
