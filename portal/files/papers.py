"""PDFs are kept as they came, since a signature may rest on their bytes; so those that could do anything when opened are refused."""

import subprocess
import sys
from pathlib import Path

from portal.core.text import _
from portal.files.kinds import NotAccepted

_CHECK = Path(__file__).with_name("paper_check.py")
_PATIENCE = 20


def check_paper(content: bytes) -> None:
    """Raise NotAccepted for a PDF that is broken, locked, active, carries files, or is another kind of file as well.

    The PDF is read by `paper_check` in a process that may use little; one that does not end well counts as broken.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and the file goes to its standard input
            [sys.executable, "-I", str(_CHECK)], input=content, capture_output=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NotAccepted(_words("")) from error
    word = done.stdout.decode("ascii", "replace")
    if done.returncode != 0 or word != "fine":
        raise NotAccepted(_words(word))


def _words(verdict: str) -> str:
    """What to say of a PDF that is not fine."""
    words = {
        "locked": _("パスワードのついたPDFは受け取れません。パスワードをはずしてから、選んでください。"),
        "active": _("プログラムやファイルが入ったPDFは受け取れません。「PDFとして印刷」などで作り直してください。"),
        "long": _("PDFのページが多すぎます。500ページまでにしてください。"),
    }
    return words.get(verdict, _("PDFを開けませんでした。もう一度PDFにしてから、選んでください。"))
