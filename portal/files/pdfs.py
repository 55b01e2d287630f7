"""PDFs are kept as they came, since a signature may rest on their bytes; so those that could do anything when opened are refused."""

from portal.core.text import _
from portal.files.child import ChildFailed, run_isolated
from portal.files.kinds import NotAccepted


def check_pdf(content: bytes) -> None:
    """Raise NotAccepted for a PDF that is broken, locked, active, carries files, or is another kind of file as well.

    The PDF is read by `pdf_inspection` in a process that may use little; one that does not end well counts as broken. Raises Busy.
    """
    try:
        word = run_isolated("pdf_inspection.py", content).decode("ascii", "replace")
    except ChildFailed as error:
        raise NotAccepted(_message("")) from error
    if word != "fine":
        raise NotAccepted(_message(word))


def _message(verdict: str) -> str:
    """What to say of a PDF that is not fine."""
    words = {
        "locked": _("パスワードのついたPDFは受け取れません。パスワードをはずしてから、選んでください。"),
        "active": _("プログラムやファイルが入ったPDFは受け取れません。「PDFとして印刷」などで作り直してください。"),
        "long": _("PDFのページが多すぎます。500ページまでにしてください。"),
    }
    return words.get(verdict, _("PDFを開けませんでした。もう一度PDFにしてから、選んでください。"))
