"""What the scanner said of files, told to those who chose them."""

from collections.abc import Iterable

from forms.text.messages import message
from portal.core.errors import Invalid
from portal.core.text import current_language
from portal.files.models import StoredFile
from portal.files.scanner import is_configured

_REFUSED = {"infected": "file_infected", "failed": "file_unscannable"}


def refusal(file: StoredFile) -> str | None:
    """Why a file cannot be sent on, in the reader's language; None for one that the scanner did not refuse (yet)."""
    code = _REFUSED.get(file.scan)
    return message(code, current_language(), name=file.name) if code else None


def note(file: StoredFile) -> str | None:
    """What to say of the scan beside a file in a list; nothing of one that is clean, nor where there is no scanner."""
    if file.scan == "waiting":
        return message("file_waiting", current_language()) if is_configured() else None
    return refusal(file)


def refuse_harmful(files: Iterable[StoredFile]) -> None:
    """Raises Invalid, with a sentence under the question of each file that the scanner refused."""
    refused = {file.field: sentence for file in files for sentence in [refusal(file)] if sentence}
    if refused:
        raise Invalid(next(iter(refused.values())), refused)
