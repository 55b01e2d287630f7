"""PDFs are stored unchanged, since a signature may depend on their bytes; so those that could do anything when opened are rejected."""

from portal.core.text import _
from portal.files.isolated_process import IsolatedProcessFailed, run_isolated
from portal.files.kinds import FileRejected


def check_pdf(content: bytes) -> None:
    """Raise FileRejected for a PDF that is broken, locked, has actions or attachments, or is another kind of file as well.

    The PDF is read by `pdf_inspection` in a process with limited resources; one that fails counts as broken. Raises Busy.
    """
    try:
        result = run_isolated("pdf_inspection.py", content).decode("ascii", "replace")
    except IsolatedProcessFailed as error:
        raise FileRejected(_message("")) from error
    if result != "fine":
        raise FileRejected(_message(result))


def _message(verdict: str) -> str:
    """Return what to say about a PDF that is not fine."""
    messages = {
        "locked": _("パスワードのついたPDFは受け取れません。パスワードをはずしてから、選んでください。"),
        "active": _("プログラムやファイルが入ったPDFは受け取れません。「PDFとして印刷」などで作り直してください。"),
        "long": _("PDFのページが多すぎます。500ページまでにしてください。"),
    }
    return messages.get(verdict, _("PDFを開けませんでした。もう一度PDFにしてから、選んでください。"))
