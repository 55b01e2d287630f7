"""Which kinds of file are accepted, the extensions of each, and how large files may be."""

from dataclasses import dataclass
from typing import BinaryIO

PDF, JPEG, PNG, HEIC, HEIF = "application/pdf", "image/jpeg", "image/png", "image/heic", "image/heif"
WEBP, AVIF = "image/webp", "image/avif"

EXTENSIONS: dict[str, tuple[str, ...]] = {
    PDF: ("pdf",),
    JPEG: ("jpg", "jpeg", "jpe", "jfif"),
    PNG: ("png",),
    HEIC: ("heic", "heif", "hif"),
    HEIF: ("heif", "heic", "hif"),
    WEBP: ("webp",),
    AVIF: ("avif",),
}
"""Media type → its extensions, the usual one first."""

ACCEPT = ",".join(f".{extension}" for extensions in EXTENSIONS.values() for extension in extensions)
"""What a page tells the browser to offer where any accepted kind may be chosen."""

BECOME_JPEG = frozenset({HEIC, HEIF, WEBP, AVIF})
"""Pictures that are stored as JPEG. A question that accepts JPEG accepts them as well."""

NAMES = {PDF: "PDF", JPEG: "JPEG", PNG: "PNG", HEIC: "HEIC", HEIF: "HEIC"}
"""Media type → what people call it, for the kinds that a question can name."""


@dataclass(frozen=True)
class Upload:
    """What came from the browser; neither its name nor its type is trusted."""

    name: str
    stream: BinaryIO


@dataclass(frozen=True)
class FileRules:
    """Which files one question accepts. How many is the question's own rule."""

    media_types: frozenset[str] = frozenset(NAMES)
    max_bytes: int = 10_000_000

    def accepts(self, media_type: str) -> bool:
        """Whether files of this media type are accepted."""
        return media_type in self.media_types or (media_type in BECOME_JPEG and JPEG in self.media_types)

    @property
    def kinds(self) -> list[str]:
        """The accepted kinds, for people: PDF, JPEG, PNG."""
        return list(dict.fromkeys(name for media_type, name in NAMES.items() if media_type in self.media_types))


class FileRejected(Exception):
    """A file that is not accepted, with a message for the person who chose it; the caller puts the name before it."""
