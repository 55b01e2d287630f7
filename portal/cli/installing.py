"""Publishes a definition from a file, with the checks that the editor in the browser makes."""

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from forms import Diagnostic


class InvalidDefinition(Exception):
    """The definition has errors, of its own or in this city."""

    def __init__(self, diagnostics: "list[Diagnostic]") -> None:
        super().__init__(f"{len(diagnostics)} errors")
        self.diagnostics = diagnostics


def install(session: "Session", source: str, note: str | None) -> str:
    """Publish as the next version; what was done, in words. Raises InvalidDefinition, or Conflict when a draft is being written."""
    from sqlalchemy import func, select

    from forms import DefinitionError, load
    from portal.core.errors import Conflict
    from portal.procedures import actions
    from portal.procedures.models import Procedure, ProcedureVersion
    from portal.publishing.checks import diagnose

    try:
        definition = load(source)
    except DefinitionError as error:
        raise InvalidDefinition(error.diagnostics) from error
    procedure_row = session.scalar(select(Procedure).where(Procedure.key == definition.procedure))
    if procedure_row is not None:
        live = (
            session.get(ProcedureVersion, procedure_row.current_version_id)
            if procedure_row.current_version_id
            else None
        )
        if live is not None and live.digest == hashlib.sha256(source.encode()).digest():
            return f"{procedure_row.key} version {live.number} is this text already"
        if actions.draft_of(session, procedure_row) is not None:
            raise Conflict(
                f"「{procedure_row.key}」の下書きがあります。画面で公開するか、破棄してから、もう一度お試しください。"
            )
    procedure = procedure_row or Procedure(key=definition.procedure)
    errors = diagnose(session, procedure, source).errors
    if errors:
        raise InvalidDefinition(errors)
    if procedure_row is None:
        sort = session.scalar(select(func.count()).select_from(Procedure)) or 0
        procedure_row = actions.create_procedure(session, definition.procedure, definition.department, sort)
    actions.save_draft(session, procedure_row, source, None)
    return f"{procedure_row.key} version {actions.publish(session, procedure_row, None, note).number} is published"
