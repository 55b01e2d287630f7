"""The procedures within this person's reach, and the text that stands in their editor."""

from portal.core.access import staff_member
from portal.core.errors import NotFound
from portal.core.web import db
from portal.procedures import actions, queries
from portal.procedures.models import Procedure, ProcedureVersion


def procedure_of(key: str) -> Procedure:
    """A procedure of a department in which this person edits. Raises NotFound for any other."""
    found = queries.procedure(db(), key)
    if not staff_member().may("procedure.edit", found.department_id):
        raise NotFound
    return found


def live_version(procedure: Procedure) -> ProcedureVersion | None:
    """What residents apply with now."""
    return db().get(ProcedureVersion, procedure.current_version_id) if procedure.current_version_id else None


def version_of(procedure: Procedure, number: int) -> ProcedureVersion:
    """One version. Raises NotFound."""
    found = next((one for one in queries.versions(db(), procedure.id) if one.number == number), None)
    if found is None:
        raise NotFound
    return found


def saved_text(procedure: Procedure) -> str:
    """The draft, or the published text as the beginning of one."""
    version = actions.draft_of(db(), procedure) or live_version(procedure)
    return version.source if version else ""


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
