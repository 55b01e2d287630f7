"""Files that people hand in: judged by their bytes, cleaned, sealed, scanned, and opened only for those who may.

Others may use the names below and `serving.attachment`.
"""

from portal.files.actions import attach_to_case, receive, remove, scan_waiting
from portal.files.kinds import FileRules, Upload
from portal.files.names import clean_name
from portal.files.opening import open_for_applicant, open_for_staff
from portal.files.queries import file_of_case, file_of_draft, files_of_case, files_of_draft, reference

__all__ = [
    "FileRules",
    "Upload",
    "attach_to_case",
    "clean_name",
    "file_of_case",
    "file_of_draft",
    "files_of_case",
    "files_of_draft",
    "open_for_applicant",
    "open_for_staff",
    "receive",
    "reference",
    "remove",
    "scan_waiting",
]
