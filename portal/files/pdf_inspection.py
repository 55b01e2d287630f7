"""Inspects one PDF, in a process of its own with little memory and time: a few kilobytes may decompress to gigabytes, and a parser
may crash. Reads the PDF from standard input and writes one word: fine, unreadable, locked, active or long.
"""

import io
import resource
import sys
import zipfile

import pikepdf

_MEMORY = 700_000_000  # bytes
_SECONDS = 10  # of the processor
_MAX_PAGES = 500
_MAX_OBJECTS = 200_000
_MAX_DEPTH = 20
_ACTIONS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/RichMediaExecute", "/Movie"})
_ATTACHMENTS = frozenset({"/RichMedia", "/FileAttachment"})
_HEADER_LIMIT = 1024
_BROKEN = (pikepdf.PdfError, ValueError, TypeError, LookupError, RuntimeError, OverflowError, MemoryError)


def verdict(content: bytes) -> str:
    """Return one word: `unreadable`, `locked`, `long`, `active` (has actions, attachments, or is an archive as well), or `fine`.

    As PDF readers do, it skips what a printer driver or a mail program put before the header and after the end.
    """
    start = content.find(b"%PDF-", 0, _HEADER_LIMIT + len(b"%PDF-") - 1)
    if start < 0:
        return "unreadable"
    if zipfile.is_zipfile(io.BytesIO(content)):
        return "active"
    pdf = content[start:].rstrip(b"\0\t\n\f\r ")
    result = _verdict(pdf)
    if result == "unreadable" and start:
        # Its cross-reference table counts from the first byte of the file and is useless; readers rebuild it.
        result = _verdict(pdf, rebuild_table=True)
    return result


def _verdict(pdf: bytes, *, rebuild_table: bool = False) -> str:
    try:
        with pikepdf.open(io.BytesIO(pdf), attempt_recovery=rebuild_table, suppress_warnings=True) as document:
            if document.is_encrypted:
                return "locked"
            if len(document.objects) > _MAX_OBJECTS or len(document.pages) > _MAX_PAGES:
                return "long"
            return "active" if any(_is_active(item) for item in document.objects) else "fine"
    except pikepdf.PasswordError:
        return "locked"
    except _BROKEN:
        return "unreadable"


def _is_active(value: pikepdf.Object, depth: int = 0) -> bool:
    """Whether an object, or a value written directly inside it, has an action or an attachment."""
    if depth > _MAX_DEPTH:
        return True
    if isinstance(value, pikepdf.Array):
        return any(_is_active(item, depth + 1) for item in value if not _is_indirect(item))
    if not isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        return False
    if str(value.get("/S", "")) in _ACTIONS or "/JS" in value or "/EF" in value or "/XFA" in value:
        return True
    if str(value.get("/Type", "")) == "/EmbeddedFile" or str(value.get("/Subtype", "")) in _ATTACHMENTS:
        return True
    items = [value[key] for key in value.keys()]  # noqa: SIM118 - a stream is no mapping
    return any(_is_active(item, depth + 1) for item in items if not _is_indirect(item))


def _is_indirect(value: object) -> bool:
    """Whether a value is an indirect object, which is checked on its own."""
    return isinstance(value, pikepdf.Object) and value.is_indirect


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(verdict(sys.stdin.buffer.read()))
