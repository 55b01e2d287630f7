"""Which kinds of file are taken, by which endings people know them, and how large they may be."""

from dataclasses import dataclass
from typing import BinaryIO

PDF, JPEG, PNG, HEIC, HEIF = "application/pdf", "image/jpeg", "image/png", "image/heic", "image/heif"

ENDINGS: dict[str, frozenset[str]] = {
    PDF: frozenset({"pdf"}),
    JPEG: frozenset({"jpg", "jpeg", "jpe", "jfif"}),
    PNG: frozenset({"png"}),
    HEIC: frozenset({"heic", "heif", "hif"}),
    HEIF: frozenset({"heic", "heif", "hif"}),
}
"""Media type → endings under which such a file may come."""

NAMES = {PDF: "PDF", JPEG: "JPEG", PNG: "PNG", HEIC: "HEIC", HEIF: "HEIC"}


@dataclass(frozen=True)
class Upload:
    """What came from the browser; neither its name nor its type is believed."""

    name: str
    stream: BinaryIO


@dataclass(frozen=True)
class FileRules:
    """What one question takes. How many files is the question's own rule."""

    media_types: frozenset[str] = frozenset(ENDINGS)
    max_bytes: int = 10_000_000

    @property
    def kinds(self) -> list[str]:
        """The kinds taken, for people: PDF, JPEG, PNG."""
        return list(dict.fromkeys(name for media_type, name in NAMES.items() if media_type in self.media_types))


class NotAccepted(Exception):
    """A file that is not taken, in words for the person who chose it; the name is put before them."""
