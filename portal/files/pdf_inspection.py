"""Looks through one PDF, in a process of its own with little memory and time: a few kilobytes may unfold to gigabytes, and a parser
may fall over. Reads the PDF from standard input and writes one word: fine, unreadable, locked, active or long.
"""

import io
import resource
import sys
import zipfile

import pikepdf

_MEMORY = 700_000_000
_SECONDS = 10
_MAX_PAGES = 500
_MAX_OBJECTS = 200_000
_MAX_DEPTH = 20
_ACTIONS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/RichMediaExecute", "/Movie"})
_CARRIERS = frozenset({"/RichMedia", "/FileAttachment"})
_HEADER_LIMIT = 1024
_BROKEN = (pikepdf.PdfError, ValueError, TypeError, LookupError, RuntimeError, OverflowError, MemoryError)


def verdict(content: bytes) -> str:
    """One word for a PDF that is broken, locked, too long, active (acts, carries files, is an archive as well), or fine.

    As readers do, it passes over what a printer driver or a mail program put before the header and after the end.
    """
    start = content.find(b"%PDF-", 0, _HEADER_LIMIT + len(b"%PDF-") - 1)
    if start < 0:
        return "unreadable"
    if zipfile.is_zipfile(io.BytesIO(content)):
        return "active"
    paper = content[start:].rstrip(b"\0\t\n\f\r ")
    word = _word(paper)
    if (
        word == "unreadable" and start
    ):  # its table counts from the first byte of the file and is of no use; readers make one
        word = _word(paper, without_table=True)
    return word


def _word(paper: bytes, *, without_table: bool = False) -> str:
    try:
        with pikepdf.open(io.BytesIO(paper), attempt_recovery=without_table, suppress_warnings=True) as opened:
            if opened.is_encrypted:
                return "locked"
            if len(opened.objects) > _MAX_OBJECTS or len(opened.pages) > _MAX_PAGES:
                return "long"
            return "active" if any(_is_active(item) for item in opened.objects) else "fine"
    except pikepdf.PasswordError:
        return "locked"
    except _BROKEN:
        return "unreadable"


def _is_active(thing: pikepdf.Object, depth: int = 0) -> bool:
    """Whether an object, or a value written directly inside it, acts on opening or carries a file."""
    if depth > _MAX_DEPTH:
        return True
    if isinstance(thing, pikepdf.Array):
        return any(_is_active(one, depth + 1) for one in thing if not _is_elsewhere(one))
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return False
    if str(thing.get("/S", "")) in _ACTIONS or "/JS" in thing or "/EF" in thing or "/XFA" in thing:
        return True
    if str(thing.get("/Type", "")) == "/EmbeddedFile" or str(thing.get("/Subtype", "")) in _CARRIERS:
        return True
    values = [thing[key] for key in thing.keys()]  # noqa: SIM118 - a stream is no mapping
    return any(_is_active(value, depth + 1) for value in values if not _is_elsewhere(value))


def _is_elsewhere(value: object) -> bool:
    """Whether a value is an indirect object, which is looked at by itself."""
    return isinstance(value, pikepdf.Object) and value.is_indirect


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(verdict(sys.stdin.buffer.read()))
