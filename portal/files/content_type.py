"""The media type of a file, by its bytes alone."""

import re

import magic

from portal.files.kinds import AVIF, HEIC, HEIF, PDF

_HEAD = 8192
_PDF_HEADER_LIMIT = 1024
"""Readers of PDF look for its header in the first 1024 bytes (ISO 32000-1, annex H, note 13)."""
_BEFORE_PDF = re.compile(
    rb"(?:\xef\xbb\xbf|\xfe\xff|\xff\xfe|[\0\t\n\f\r ]|\x1b%-12345X|@PJL[^\r\n]*\r?\n"
    rb"|--[!-;=?-~]+\r?\n|HTTP/[0-9.]+ [ -;=?-~]*\r?\n|[A-Za-z][A-Za-z-]*: ?[ -;=?-~]*\r?\n)*"
)
"""What may precede it: byte order marks, white space, the lines that printer drivers write (PJL), and the header lines under
with which it came by mail or HTTP. Nothing that could make the file something else as well, above all no tag."""
_PICTURES = {
    "image/heic-sequence": HEIC,
    "image/heif-sequence": HEIF,
    "image/avif-sequence": AVIF,
}
"""Picture series of a telephone's burst mode, of which the first picture is used."""


def media_type_of(content: bytes) -> str:
    """Return the media type, for example `application/pdf`; what is not recognised is `application/octet-stream` or plain text."""
    if pdf_header(content) is not None:
        return PDF
    detected = str(magic.from_buffer(content[:_HEAD], mime=True))
    if detected == PDF:  # its header comes after something that may not precede it
        return "application/octet-stream"
    return _PICTURES.get(detected, detected)


def pdf_header(content: bytes) -> int | None:
    """Return the position of a PDF's header; None for what is not a PDF."""
    position = content.find(b"%PDF-", 0, _PDF_HEADER_LIMIT + len(b"%PDF-") - 1)
    return position if position >= 0 and _BEFORE_PDF.fullmatch(content, 0, position) else None
