"""File names from any machine, made safe to show, to store and to offer for download."""

import re
import unicodedata
from collections.abc import Collection

from portal.files.kinds import EXTENSIONS, PDF

_MAX_LENGTH = 120
_NAMELESS = "file"
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_RESERVED = re.compile(r'[<>:"|?*]')
_EXTENSION = re.compile(r"(?P<stem>.*)[.．。｡](?P<extension>[^.．。｡]{1,10})")
"""With any full stop that a Japanese keyboard gives."""
_KIND = re.compile(r"[a-z][a-z0-9]{0,5}")
"""Extensions that name a kind of file: `pdf`, `mp4`. A date (`2026.11.28`) or a word (`図面.改訂版`) after a full stop does not."""
_NUMBERED = re.compile(r" \(\d+\)(?=\.[^.]*$)")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""Names that Windows reserves, with any extension."""
_IMAGE_EXTENSIONS = frozenset(
    extension for media_type in EXTENSIONS if media_type != PDF for extension in EXTENSIONS[media_type]
) | {
    "bmp",
    "gif",
    "tif",
    "tiff",
}
"""Extensions that mean a picture; telephones and web pages give a picture any of them."""
_NO_KIND = frozenset({"bin", "dat", "tmp", "part", "download", "crdownload"})
"""Extensions that programs give to what they have no name for, or have not finished."""


def clean_name(raw: str) -> str:
    """Return the last part of the name, without control and bidirectional characters and path separators, at most 120 characters."""
    last = re.split(r"[/\\]", raw.replace("\0", ""))[-1]
    visible = "".join(
        character
        for character in unicodedata.normalize("NFC", last)
        if unicodedata.category(character) not in _INVISIBLE
    )
    plain = " ".join(_RESERVED.sub("_", visible).split()).strip(". ")
    if _DEVICES.fullmatch(plain):
        plain = f"_{plain}"
    stem, dot, extension = plain.rpartition(".")
    if not dot:
        return plain[:_MAX_LENGTH] or _NAMELESS
    return f"{stem[: _MAX_LENGTH - len(extension[:10]) - 1] or _NAMELESS}.{extension[:10]}"


def unique_name(name: str, other_names: Collection[str]) -> str:
    """Return the name, with a number if another file has it already: telephones call every new picture `image.jpg`."""
    stem, dot, extension = name.rpartition(".")
    number = 1
    candidate = name
    while candidate in other_names:
        number += 1
        suffix = f" ({number})"
        candidate = f"{stem[: _MAX_LENGTH - len(suffix) - len(extension) - 1]}{suffix}{dot}{extension}"
    return candidate


def without_number(name: str) -> str:
    """Return the name without the number of `unique_name`."""
    return _NUMBERED.sub("", name)


def extension_of(name: str) -> str:
    """Return the extension in lower case, without its dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def extension_fits(name: str, media_type: str) -> bool:
    """Whether a file of this type may have this name: it has no extension that names a kind, or one of the same family.

    Programs often keep the name of a picture while they change its kind; a name of something else altogether
    (`見積書.pdf.exe`) is rejected.
    """
    extension = _split(name)[1]
    return not extension or extension in (EXTENSIONS[PDF] if media_type == PDF else _IMAGE_EXTENSIONS)


def with_extension(name: str, media_type: str) -> str:
    """Return the name with an extension of that type: its own if it fits, else the usual one (`図面．ｐｄｆ` is `図面.pdf`)."""
    if extension_of(name) in EXTENSIONS[media_type]:
        return name
    stem = _split(name)[0]
    if extension_of(stem) in EXTENSIONS[media_type]:
        return stem
    usual = EXTENSIONS[media_type][0]
    return f"{stem[: _MAX_LENGTH - len(usual) - 1].rstrip('. ') or _NAMELESS}.{usual}"


def _split(name: str) -> tuple[str, str]:
    """Return the name before its extension, and the extension in half-width lower case, or empty if it names no kind."""
    match = _EXTENSION.fullmatch(name)
    extension = unicodedata.normalize("NFKC", match["extension"]).strip().lower() if match else ""
    if match is None or not _KIND.fullmatch(extension):
        return name, ""
    return match["stem"], "" if extension in _NO_KIND else extension
