"""The text of a file as spreadsheets and banks in Japan save it."""

_ENCODINGS = ("utf-8-sig", "cp932")


def decode_file(content: bytes) -> str | None:
    """The text in UTF-8 (with or without a byte order mark) or CP932 (what Excel calls Shift_JIS); None for anything else."""
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
