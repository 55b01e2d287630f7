"""Columns whose values are encrypted in the database and plain in the program, and lists of words that can be found but not read.

An older value that is not encrypted yet is read as it is; `madoguchi keys reseal` seals it. The program never writes one in clear.
"""

import json
from base64 import b64decode, b64encode
from typing import Any

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from portal.core.crypto import fingerprint, newest_key, open_column, seal_column

SEALED = "sealed:"
"""What a sealed text begins with."""
_TERM = "~"
_TERM_BYTES = 8


def newest_prefix() -> str:
    """Return the prefix of texts sealed under the newest key: the first three bytes of a key's id identify it."""
    return SEALED + b64encode(bytes.fromhex(newest_key())[:3]).decode()


class SealedText(TypeDecorator[str]):
    """A text, sealed for the column of that name. It cannot be compared in the database."""

    impl = Text
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else self.sealed(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else self.opened(value)

    def sealed(self, plain: str) -> str:
        """What the database keeps."""
        return SEALED + b64encode(seal_column(self.column, plain.encode("utf-8", "replace"))).decode()

    def is_newest(self, stored: str) -> bool:
        """Whether it is sealed under the newest key."""
        return stored.startswith(newest_prefix())

    def opened(self, stored: str) -> str:
        """What was sealed, or was kept in clear. Raises SealBroken."""
        if not stored.startswith(SEALED):
            return stored
        return open_column(self.column, b64decode(stored.removeprefix(SEALED))).decode()


class SealedJson(TypeDecorator[dict[str, Any]]):
    """A JSON object, sealed as a whole for the column of that name."""

    impl = JSONB
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__(none_as_null=True)  # nothing is nothing: a JSON null could be neither opened nor sealed again
        self.column = column

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> dict[str, Any] | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else self.sealed(value)

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> dict[str, Any] | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else self.opened(value)

    def sealed(self, plain: dict[str, Any]) -> dict[str, Any]:
        """What the database keeps."""
        packed = json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace")
        return {"sealed": b64encode(seal_column(self.column, packed)).decode()}

    def is_newest(self, stored: dict[str, Any]) -> bool:
        """Whether it is sealed under the newest key."""
        return stored.keys() == {"sealed"} and (SEALED + stored["sealed"]).startswith(newest_prefix())

    def opened(self, stored: dict[str, Any]) -> dict[str, Any]:
        """What was sealed, or was kept in clear. Raises SealBroken."""
        if stored.keys() != {"sealed"}:
            return stored
        opened: dict[str, Any] = json.loads(open_column(self.column, b64decode(stored["sealed"])))
        return opened


class SearchTerms(TypeDecorator[list[str]]):
    """Words of a search index as keyed fingerprints: the same words find what was indexed, and the index itself reveals none of them."""

    impl = ARRAY(Text)
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> list[str] | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else [term_of(word) for word in value]

    def coerce_compared_value(self, op: Any, value: Any) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        return self


def term_of(word: str) -> str:
    """The fingerprint of a word; a fingerprint stays as it is."""
    if word.startswith(_TERM):
        return word
    return _TERM + b64encode(fingerprint("search", word, _TERM_BYTES)).decode().rstrip("=")
