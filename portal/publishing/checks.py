"""What must be corrected before publishing: the definition's own errors, and what this city does not have."""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from sqlalchemy.orm import Session

from forms import Definition, Diagnostic, check
from geo.layers import layer_keys
from portal.core import tenancy
from portal.core.clock import today
from portal.core.database import city_of
from portal.identity import list_departments
from portal.procedures import Procedure, procedure_keys
from portal.publishing.assigning import assign_errors
from portal.publishing.plain_lines import explanation_diagnostics
from portal.publishing.trial import loadable


@dataclass(frozen=True)
class Diagnostics:
    """Errors, which keep a draft from being published, and advice."""

    errors: list[Diagnostic]
    advice: list[Diagnostic]

    @property
    def all(self) -> list[Diagnostic]:
        """Errors first, each kind by line, lists of work last."""
        by_line = attrgetter("line")
        advice = [diagnostic for diagnostic in self.advice if not diagnostic.items]
        return sorted(self.errors, key=by_line) + sorted(advice, key=by_line) + self.tasks

    @property
    def tasks(self) -> list[Diagnostic]:
        """Advice that is a list of work over many places: translations."""
        return [diagnostic for diagnostic in self.advice if diagnostic.items]


def diagnose(session: Session, procedure: Procedure, source: str) -> Diagnostics:
    """Every check of a draft."""
    diagnostics = check(source, city=tenancy.city(city_of(session)), today=today())
    definition = loadable(source)
    if definition is not None:
        diagnostics += list(_of_this_city(session, procedure, definition, source))
    return Diagnostics(
        [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"],
        [diagnostic for diagnostic in diagnostics if diagnostic.severity != "error"],
    )


def _of_this_city(session: Session, procedure: Procedure, definition: Definition, source: str) -> Iterator[Diagnostic]:
    if definition.procedure != procedure.key:
        yield Diagnostic(
            "procedure",
            _line(source, "procedure:"),
            f"「{definition.procedure}」と書かれていますが、この手続きは「{procedure.key}」です。",
            f"procedure: {procedure.key} に戻してください。",
        )
    departments = {department.key for department in list_departments(session)}
    if definition.department not in departments:
        yield Diagnostic(
            "department",
            _line(source, "department:"),
            f"「{definition.department}」という課はありません。",
            f"使えるのは {'、'.join(sorted(departments))} です。",
        )
    yield from explanation_diagnostics(definition, source)
    for message, remedy in assign_errors(session, definition):
        yield Diagnostic("workflow.assign.by", _line(source, "assign:"), message, remedy)
    others = procedure_keys(session) - {definition.procedure}
    for key in definition.routing.after if definition.routing else ():
        if key not in others:
            yield Diagnostic(
                "routing.after",
                _line(source, "after:"),
                f"「{key}」という手続きは、この市にありません。",
                f"使えるのは {'、'.join(sorted(others))} です。",
            )
    layers = layer_keys(session)
    for field_id, place in definition.place_fields.items():
        ruled = {rule.inside or rule.intersects for rule in place.rules}
        named = {key for key in ruled if key is not None} | {look_up.layer for look_up in place.look_up}
        for key in sorted(named - layers):
            yield Diagnostic(
                f"fields.{field_id}",
                _line(source, f"id: {field_id}"),
                f"地図の層「{key}」は、この市にありません。",
                f"使えるのは {'、'.join(sorted(layers))} です。",
            )


def _line(source: str, text: str) -> int:
    return next((number for number, line in enumerate(source.splitlines(), 1) if text in line), 1)
