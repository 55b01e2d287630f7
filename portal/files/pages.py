"""Uploaded files as staff look at them without downloading: pages as pictures, which can do nothing whatever the file holds."""

from typing import Final, Literal

from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.core.text import _
from portal.files.isolated_process import IsolatedProcessFailed, run_isolated
from portal.files.kinds import PDF
from portal.files.models import StoredFile
from portal.files.opening import open_for_staff

Detail = Literal["screen", "plan"]
_SIDES: Final[dict[Detail, int]] = {"screen": 2_000, "plan": 5_000}
"""The longest side of a page's picture, in pixels: for a screen, and for the small writing of a plan."""


class NotShown(NotFound):
    """A file that cannot be drawn; it can be downloaded still."""

    def __init__(self) -> None:
        super().__init__(_("このファイルは、ここに表示できません。ダウンロードして開いてください。"))


def page_count(session: Session, file: StoredFile) -> int:
    """Return how many pages a file has that was scanned; a picture has one. Raises Conflict before the scan, NotShown, and Busy."""
    content = open_for_staff(session, file)
    if file.media_type != PDF:
        return 1
    return _drawn(content, 0, 1)[0]


def page_picture(session: Session, file: StoredFile, page: int, detail: Detail) -> tuple[bytes, str]:
    """Return a page of a file that was scanned, from 1, as a picture with its media type.

    A picture that was uploaded is given as it is stored: it was encoded anew when it came. Raises Conflict before the scan, NotFound for
    a page that there is not, NotShown, and Busy.
    """
    content = open_for_staff(session, file)
    if file.media_type != PDF:
        if page != 1:
            raise NotFound
        return content, file.media_type
    _count, picture = _drawn(content, page, _SIDES[detail])
    if not picture:
        raise NotFound
    return picture, "image/jpeg"


def _drawn(content: bytes, page: int, side: int) -> tuple[int, bytes]:
    try:
        count, _line, picture = run_isolated("pdf_drawing.py", content, str(page), str(side)).partition(b"\n")
    except IsolatedProcessFailed as error:
        raise NotShown from error
    return int(count), picture
