"""Procedures as stored: what the city offers, the definition a case is pinned to, and how a version is saved and published.

Row types are for annotations and for reading attributes. `owning_department_id` is an SQL expression for the statements of others.
"""

from portal.procedures import city_words, lists, pictures, planned, republications, rights, windows
from portal.procedures.actions import (
    close_procedure,
    create_procedure,
    discard_draft,
    publish,
    reopen_procedure,
    save_draft,
)
from portal.procedures.definitions import definition_in, definition_of, definitions_of, upgraded
from portal.procedures.list_csv import ListContent, decoded, read_csv, write_csv
from portal.procedures.list_models import SharedList, SharedListVersion
from portal.procedures.models import PlannedPublication, Procedure, ProcedureVersion
from portal.procedures.picture_models import ProcedurePicture
from portal.procedures.pictures import NewPicture
from portal.procedures.queries import (
    Offer,
    ProcedureSummary,
    PublishedVersion,
    current_version,
    draft_of,
    find_procedure,
    offer,
    offers,
    owning_department_id,
    procedure,
    procedure_keys,
    procedure_summaries,
    procedure_titles,
    published_procedures,
    published_versions,
    version_numbers,
    versions,
    versions_by_retention,
    versions_naming_role,
)
from portal.procedures.shared_rows import lists_for
from portal.procedures.vocabulary import newest_words, vocabulary_in_force
from portal.procedures.window_models import WindowsState
from portal.procedures.windows import window_of, windows_in_force
from portal.procedures.word_models import CityWord, WordKind

__all__ = [
    "CityWord",
    "ListContent",
    "NewPicture",
    "Offer",
    "PlannedPublication",
    "Procedure",
    "ProcedurePicture",
    "ProcedureSummary",
    "ProcedureVersion",
    "PublishedVersion",
    "SharedList",
    "SharedListVersion",
    "WindowsState",
    "WordKind",
    "city_words",
    "close_procedure",
    "create_procedure",
    "current_version",
    "decoded",
    "definition_in",
    "definition_of",
    "definitions_of",
    "discard_draft",
    "draft_of",
    "find_procedure",
    "lists",
    "lists_for",
    "newest_words",
    "offer",
    "offers",
    "owning_department_id",
    "pictures",
    "planned",
    "procedure",
    "procedure_keys",
    "procedure_summaries",
    "procedure_titles",
    "publish",
    "published_procedures",
    "published_versions",
    "read_csv",
    "reopen_procedure",
    "republications",
    "rights",
    "save_draft",
    "upgraded",
    "version_numbers",
    "versions",
    "versions_by_retention",
    "versions_naming_role",
    "vocabulary_in_force",
    "window_of",
    "windows",
    "windows_in_force",
    "write_csv",
]
