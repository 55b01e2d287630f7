"""PDFs are kept as they came, since a signature may rest on their bytes; so those that could do anything when opened are refused."""

import io
import zipfile

import pikepdf

from portal.files.kinds import NotAccepted

_MOST_PAGES = 500
_MOST_OBJECTS = 200_000
_ACTIONS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/RichMediaExecute", "/Movie"})

UNREADABLE = "PDFを開けませんでした。もう一度PDFにしてから、選んでください。"
LOCKED = "パスワードのついたPDFは受け取れません。パスワードをはずしてから、選んでください。"
ACTIVE = "プログラムやファイルが入ったPDFは受け取れません。「PDFとして印刷」などで作り直してください。"
TOO_LONG = "PDFのページが多すぎます。500ページまでにしてください。"


def check_paper(content: bytes) -> None:
    """Raise NotAccepted for a PDF that is broken, locked, active, carries files, or is another kind of file as well."""
    if not content.startswith(b"%PDF-"):
        raise NotAccepted(UNREADABLE)
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise NotAccepted(ACTIVE)
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True) as paper:
            if paper.is_encrypted:
                raise NotAccepted(LOCKED)
            if len(paper.objects) > _MOST_OBJECTS or len(paper.pages) > _MOST_PAGES:
                raise NotAccepted(TOO_LONG)
            if any(_is_active(one) for one in paper.objects):
                raise NotAccepted(ACTIVE)
    except pikepdf.PasswordError as error:
        raise NotAccepted(LOCKED) from error
    except (pikepdf.PdfError, ValueError, RuntimeError, KeyError) as error:
        raise NotAccepted(UNREADABLE) from error


def _is_active(thing: pikepdf.Object, depth: int = 0) -> bool:
    """Whether an object, or a value written directly inside it, acts on opening or carries a file."""
    if depth > 20:
        return True
    if isinstance(thing, pikepdf.Array):
        return any(_is_active(one, depth + 1) for one in thing if not _is_elsewhere(one))
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return False
    kind = str(thing.get("/Type", ""))
    if str(thing.get("/S", "")) in _ACTIONS or "/JS" in thing or "/EF" in thing or "/XFA" in thing:
        return True
    if kind == "/EmbeddedFile" or str(thing.get("/Subtype", "")) in {"/RichMedia", "/FileAttachment"}:
        return True
    values = [thing[key] for key in thing.keys()]  # noqa: SIM118 - a stream is no mapping
    return any(_is_active(value, depth + 1) for value in values if not _is_elsewhere(value))


def _is_elsewhere(value: object) -> bool:
    """Whether a value is an indirect object, which is looked at by itself."""
    return isinstance(value, pikepdf.Object) and value.is_indirect
