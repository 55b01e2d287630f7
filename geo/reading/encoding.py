"""In which encoding the text of a file is, by its bytes: what a file says of itself is not always true."""

from pathlib import Path

_SAMPLE = 4_000_000
_TOLERATED = 0.01
"""The share of bytes beyond ASCII that may be wrong: names of ten bytes are cut in the middle of a character."""


def text_encoding(sample: bytes) -> str | None:
    """The encoding of a text file: a mark at its beginning, else UTF-8, else CP932; None where it is neither."""
    if sample.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return _best(sample)


def dbf_encoding(dbf: Path, cpg: Path | None) -> tuple[str, bool]:
    """The encoding of the table of a Shapefile, and whether its `.cpg` did not say so; UTF-8 for one without Japanese."""
    with dbf.open("rb") as file:
        sample = file.read(_SAMPLE)
    named = cpg.read_bytes()[:40].decode("ascii", "replace").strip().lower() if cpg is not None else ""
    stated = {"utf-8": "utf-8", "utf8": "utf-8", "65001": "utf-8"}.get(named, "cp932" if named else "")
    best = _best(sample) or "cp932"
    if stated and _wrong(sample, stated) <= _wrong(sample, best):
        return stated, False
    return best, True


def _best(sample: bytes) -> str | None:
    wrong, encoding = min(
        (_wrong(sample, encoding), order, encoding) for order, encoding in enumerate(("utf-8", "cp932"))
    )[::2]
    return encoding if wrong <= _TOLERATED else None


def _wrong(sample: bytes, encoding: str) -> float:
    """The share of bytes beyond ASCII that mean nothing in the encoding."""
    beyond = sum(byte > 127 for byte in sample)
    if not beyond:
        return 0.0
    text = sample.decode(encoding, "replace")
    if len(sample) == _SAMPLE:
        text = text[:-2]
    return text.count("\N{REPLACEMENT CHARACTER}") / beyond
