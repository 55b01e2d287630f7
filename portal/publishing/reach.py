"""The procedures within this person's reach, and the text that stands in their editor."""

from portal import procedures
from portal.core.access import staff_member
from portal.core.errors import NotFound
from portal.core.web import db
from portal.procedures import Procedure, ProcedureVersion


def procedure_of(key: str) -> Procedure:
    """A procedure of a department in which this person edits. Raises NotFound for any other."""
    procedure = procedures.procedure(db(), key)
    if not staff_member().may("procedure.edit", procedure.department_id):
        raise NotFound
    return procedure


def version_of(procedure: Procedure, number: int) -> ProcedureVersion:
    """One version. Raises NotFound."""
    versions = procedures.versions(db(), procedure.id)
    version = next((version for version in versions if version.number == number), None)
    if version is None:
        raise NotFound
    return version


def saved_text(procedure: Procedure) -> str:
    """The draft, or the published text as the beginning of one."""
    version = procedures.draft_of(db(), procedure) or procedures.current_version(db(), procedure)
    return procedures.upgraded(version).text if version else ""


def clean(source: str | None) -> str:
    """A posted text with the line ends of a file; what a database text cannot hold becomes a visible mark."""
    text = (source or "").replace("\r\n", "\n").replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return text.encode("utf-8", "replace").decode("utf-8")


def seen(digest: str | None) -> bytes:
    """The digest of the draft that the editor had open; of none, when there was none or it cannot be read."""
    try:
        return bytes.fromhex(digest or "")
    except ValueError:
        return b""
