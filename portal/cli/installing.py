"""Publishes a definition from a file, with the checks that the editor in the browser makes."""

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from forms import Diagnostic


class InvalidDefinition(Exception):
    """The definition has errors, of its own or in this city."""

    def __init__(self, diagnostics: "list[Diagnostic]") -> None:
        super().__init__(f"{len(diagnostics)} errors")
        self.diagnostics = diagnostics


def install(session: "Session", source: str, note: str | None, pictures: "Mapping[str, bytes] | None" = None) -> str:
    """Publish as the next version, with the `pictures` that are beside it, by their names; what was done, in words.

    Raises InvalidDefinition, Invalid for a picture that cannot be shown, or Conflict when a draft is being written.
    """
    from forms import DefinitionError, load
    from forms.definition.pictures import pictures_in
    from portal import procedures
    from portal.core.errors import Conflict
    from portal.procedures import Procedure
    from portal.publishing.checks import diagnose
    from portal.publishing.pictures import checked_pictures

    try:
        definition = load(source)
    except DefinitionError as error:
        raise InvalidDefinition(error.diagnostics) from error
    procedure_row = procedures.find_procedure(session, definition.procedure)
    if procedure_row is not None:
        live = procedures.current_version(session, procedure_row)
        if live is not None and live.digest == hashlib.sha256(source.encode()).digest():
            return f"{procedure_row.key} version {live.number} is this text already"
        if procedures.draft_of(session, procedure_row) is not None:
            raise Conflict(
                f"「{procedure_row.key}」の下書きがあります。画面で公開するか、破棄してから、もう一度お試しください。"
            )
    procedure = procedure_row or Procedure(key=definition.procedure)
    shown = {picture.file for _path, picture in pictures_in(definition)}
    beside = {name: content for name, content in (pictures or {}).items() if name in shown}
    errors = diagnose(session, procedure, source, beside).errors
    if errors:
        raise InvalidDefinition(errors)
    if procedure_row is None:
        sort = len(procedures.procedure_keys(session))
        procedure_row = procedures.create_procedure(session, definition.procedure, definition.department, sort)
    for picture in checked_pictures(beside):
        procedures.pictures.add_picture(session, procedure_row, picture, None)
    procedures.save_draft(session, procedure_row, source, None)
    return f"{procedure_row.key} version {procedures.publish(session, procedure_row, None, note).number} is published"
