"""Uploaded files: inspected by their bytes, cleaned, encrypted, scanned for viruses, and opened only for those who are allowed to.

This package's `__all__` is what others may use; its tables are read and written here alone. Row types are for annotations and for
reading attributes. `serving` makes the responses that hand a file out.
"""

from portal.files import serving
from portal.files.captures import Capture, capture_of, capture_read
from portal.files.inspection import Accepted
from portal.files.isolated_process import IsolatedProcessFailed
from portal.files.jobs import RetryUntilAnswered, scan_waiting
from portal.files.kinds import ACCEPT, FileRules, Upload
from portal.files.models import StoredFile
from portal.files.names import clean_name
from portal.files.opening import open_for_applicant, open_for_staff, open_from_office, thumbnail_for_applicant
from portal.files.pages import NotShown, page_count, page_picture
from portal.files.purging import delete_files_of_cases, delete_unsent_files, purge_orphaned_files
from portal.files.queries import (
    count_files_by_case,
    file_count,
    file_of_case,
    file_of_draft,
    files_of_case,
    files_of_draft,
    files_of_drafts,
    in_order,
    reference,
    unsent_bytes,
    waiting_for_scanner,
)
from portal.files.scanner import ScannerUnavailable, scan_stream
from portal.files.sealed_columns import SEALED_COLUMNS
from portal.files.slots import Busy
from portal.files.storage import (
    attach_to_case,
    copy_to_draft,
    inspect_upload,
    put_in_order,
    receive,
    remove,
    same_file,
    store,
    store_with_case,
)
from portal.files.verdicts import note, refusal

__all__ = [
    "ACCEPT",
    "SEALED_COLUMNS",
    "Accepted",
    "Busy",
    "Capture",
    "FileRules",
    "IsolatedProcessFailed",
    "NotShown",
    "RetryUntilAnswered",
    "ScannerUnavailable",
    "StoredFile",
    "Upload",
    "attach_to_case",
    "capture_of",
    "capture_read",
    "clean_name",
    "copy_to_draft",
    "count_files_by_case",
    "delete_files_of_cases",
    "delete_unsent_files",
    "file_count",
    "file_of_case",
    "file_of_draft",
    "files_of_case",
    "files_of_draft",
    "files_of_drafts",
    "in_order",
    "inspect_upload",
    "note",
    "open_for_applicant",
    "open_for_staff",
    "open_from_office",
    "page_count",
    "page_picture",
    "purge_orphaned_files",
    "put_in_order",
    "receive",
    "reference",
    "refusal",
    "remove",
    "same_file",
    "scan_stream",
    "scan_waiting",
    "serving",
    "store",
    "store_with_case",
    "thumbnail_for_applicant",
    "unsent_bytes",
    "waiting_for_scanner",
]
