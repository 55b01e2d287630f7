"""What a file is, by its bytes alone."""

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
"""What may stand before it: byte order marks, empty room, the lines that printer drivers write (PJL), and the header lines under
which it came by mail or HTTP. Nothing that could make the file something else as well, no tag above all."""
_PICTURES = {
    "image/heic-sequence": HEIC,
    "image/heif-sequence": HEIF,
    "image/avif-sequence": AVIF,
}
"""Series of pictures of the telephone's burst mode, of which the first is taken."""


def media_type_of(content: bytes) -> str:
    """The media type, for example `application/pdf`; what is not recognised is `application/octet-stream` or plain text."""
    if pdf_header(content) is not None:
        return PDF
    seen = str(magic.from_buffer(content[:_HEAD], mime=True))
    if seen == PDF:  # by a header after something that may not stand there
        return "application/octet-stream"
    return _PICTURES.get(seen, seen)


def pdf_header(content: bytes) -> int | None:
    """Where the header of a PDF stands; None for what is no PDF."""
    place = content.find(b"%PDF-", 0, _PDF_HEADER_LIMIT + len(b"%PDF-") - 1)
    return place if place >= 0 and _BEFORE_PDF.fullmatch(content, 0, place) else None
