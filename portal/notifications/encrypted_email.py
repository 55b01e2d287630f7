"""An e-mail at rest: address, subject and text are encrypted together, so that neither lists nor backups show who was written what."""

import json
from dataclasses import asdict, dataclass

from portal.core.crypto import open_sealed, seal


@dataclass(frozen=True)
class Email:
    """One e-mail as it is sent."""

    to: str
    subject: str
    body: str

    def encrypt(self, city_key: str, kind: str) -> bytes:
        """Return the e-mail encrypted for a city; it can only be decrypted as the same kind of mail."""
        return seal(city_key, json.dumps(asdict(self)).encode(), encryption_context(kind))

    @classmethod
    def decrypt(cls, city_key: str, kind: str, encrypted: bytes) -> "Email":
        """Return the e-mail that was encrypted. Raises SealBroken."""
        return cls(**json.loads(open_sealed(city_key, encrypted, encryption_context(kind))))


def encryption_context(kind: str) -> bytes:
    """Return what an encrypted mail of that kind is bound to."""
    return f"mail {kind}".encode()
