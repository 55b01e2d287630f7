"""A letter at rest: address, subject and text sealed together, so that neither lists nor backups show who was told what."""

import json
from dataclasses import asdict, dataclass

from portal.core.crypto import open_sealed, seal


@dataclass(frozen=True)
class Letter:
    """One mail as it goes out."""

    to: str
    subject: str
    body: str

    def sealed(self, city_key: str, kind: str) -> bytes:
        """The letter encrypted for a city; it opens only as the same kind of mail."""
        return seal(city_key, json.dumps(asdict(self)).encode(), letter_context(kind))

    @classmethod
    def opened(cls, city_key: str, kind: str, sealed: bytes) -> "Letter":
        """The letter again. Raises SealBroken."""
        return cls(**json.loads(open_sealed(city_key, sealed, letter_context(kind))))


def letter_context(kind: str) -> bytes:
    """What a sealed letter is bound to."""
    return f"mail {kind}".encode()
