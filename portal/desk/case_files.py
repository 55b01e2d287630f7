"""Files of a case looked at beside the map: pages of PDFs and pictures, for whom the download is; every look is an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, request

from forms.fields.path import head_of
from portal.cases import Case, sight_of
from portal.cases.events import of_case
from portal.cases.queries import case_for_staff
from portal.core.access import allow, right, staff_member
from portal.core.errors import Conflict, NotFound, Unavailable
from portal.core.events import Actor, View, record_views
from portal.core.web import db
from portal.desk.case_detail import CaseDetail
from portal.files import StoredFile, file_of_case, page_count, page_picture
from portal.files.serving import picture
from portal.procedures import definition_of

ONE_LOOK: Final = timedelta(minutes=30)
"""Pages of a file turned within this time are one look."""

bp = Blueprint("desk_case_files", __name__, url_prefix="/desk/cases")


@dataclass(frozen=True)
class FileViewed:
    """A file that is looked at: one of its pages, and the files before and after it. Without pages it cannot be shown, and `why` says so."""

    file: StoredFile
    page: int
    pages: int
    why: str
    before: StoredFile | None
    after: StoredFile | None


def readable_file(case: Case, public_id: str) -> StoredFile:
    """A file of a case that this person may open. Raises NotFound."""
    stored, sight = file_of_case(db(), case.id, public_id), sight_of(staff_member(), case)
    definition = definition_of(db(), case.version_id)
    if not sight.answers and head_of(stored.field) not in sight.fields(definition) | sight.stage_files(definition):
        raise NotFound
    return stored


@bp.get("/<int:case_id>/files/<public_id>/pages/<int:page>")
@allow(right("case.see"))
def page(case_id: int, public_id: str, page: int) -> Response:
    """A page of a file as a picture, with `detail=plan` for small writing; that it was looked at is kept."""
    staff = staff_member()
    case = case_for_staff(db(), case_id, staff)
    stored = readable_file(case, public_id)
    content, media_type = page_picture(db(), stored, page, "plan" if request.args.get("detail") == "plan" else "screen")
    look = View(of_case(case.id), "case.file_viewed", {"file_id": stored.id}, {"department_id": case.department_id})
    record_views(db(), Actor("staff", staff.id, staff.name), [look], within=ONE_LOOK)
    return picture(content, media_type)


def viewed_file(detail: CaseDetail, arguments: Mapping[str, str]) -> FileViewed | None:
    """The file `file` at the page `page` that an address asks for, as far as the list of this person has it; None without one."""
    shown = [file for file in detail.files if file.scan == "clean"]
    at = next((n for n, file in enumerate(shown) if file.public_id == arguments.get("file")), None)
    if at is None:
        return None
    pages, why = 0, ""
    try:
        pages = page_count(db(), shown[at])
    except (Conflict, NotFound, Unavailable) as error:
        why = str(error)
    page = arguments.get("page", "1")
    number = int(page) if page.isdecimal() and len(page) < 5 else 1
    return FileViewed(
        file=shown[at],
        page=min(max(number, 1), max(pages, 1)),
        pages=pages,
        why=why,
        before=shown[at - 1] if at else None,
        after=shown[at + 1] if at + 1 < len(shown) else None,
    )
