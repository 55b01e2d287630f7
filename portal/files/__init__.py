"""Files that people hand in: judged by their bytes, cleaned, sealed, scanned, and opened only for those who may.

Others may use the names below and `serving`.
"""

from portal.files.actions import attach_to_case, judge, keep, receive, remove, same_file
from portal.files.child import ChildFailed
from portal.files.inspection import Accepted
from portal.files.jobs import scan_waiting
from portal.files.kinds import FileRules, Upload
from portal.files.models import StoredFile
from portal.files.names import clean_name
from portal.files.opening import open_for_applicant, open_for_staff, thumbnail_for_applicant
from portal.files.queries import (
    file_of_case,
    file_of_draft,
    files_of_case,
    files_of_draft,
    reference,
    unsent_bytes,
    waiting_for_scanner,
)
from portal.files.slots import Busy

__all__ = [
    "Accepted",
    "Busy",
    "ChildFailed",
    "FileRules",
    "StoredFile",
    "Upload",
    "attach_to_case",
    "clean_name",
    "file_of_case",
    "file_of_draft",
    "files_of_case",
    "files_of_draft",
    "judge",
    "keep",
    "open_for_applicant",
    "open_for_staff",
    "receive",
    "reference",
    "remove",
    "same_file",
    "scan_waiting",
    "thumbnail_for_applicant",
    "unsent_bytes",
    "waiting_for_scanner",
]
