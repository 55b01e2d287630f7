"""What the map gave for the places of an application, in words for the applicant, with what they said against it."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from forms import Definition
from geo.catalogue import entry_of
from portal.cases import Case, MapObjection
from portal.cases.map_objections import PlaceStatement, statements_of
from portal.cases.place_reasons import finding_reason
from portal.core.text import current_language
from portal.maps import column_labels
from portal.residents.answers import place_title
from portal.residents.layer_words import in_words


@dataclass(frozen=True)
class MapLine:
    """One line: of which place, what the map says in words, and what was said against it. `contestable`: that may still be said."""

    place: str
    reason: str
    field: str
    subject: str
    contestable: bool
    objection: MapObjection | None


@dataclass(frozen=True)
class MapSaid:
    """What residents read of what the map gave. `is_withheld`: layers for staff gave something too, which is neither shown nor contested here."""

    lines: list[MapLine]
    is_withheld: bool


def map_said(session: Session, case: Case, definition: Definition) -> MapSaid:
    """What residents read of what the map gave: of layers that they may see, and whatever keeps an application from being as they want."""
    language = current_language()
    statements = statements_of(session, case.id)
    lines = [
        MapLine(
            place_title(definition, statement.field),
            finding_reason(
                replace(finding, value=in_words(session, finding.layer, finding.value)),
                language,
                _column(session, statement, definition),
            ),
            statement.field,
            statement.finding.subject,
            statement.may_be_contested and case.closed_at is None,
            statement.objection,
        )
        for statement in statements
        for finding in [statement.finding]
        if _concerns(statement, definition)
    ]
    return MapSaid(lines, any(not statement.finding.public for statement in statements))


def _column(session: Session, statement: PlaceStatement, definition: Definition) -> str:
    """What the layer calls the property from which a number was looked up; a text says itself what it is."""
    finding, place = statement.finding, definition.place_fields.get(statement.field)
    if place is None or isinstance(finding.value, bool) or not isinstance(finding.value, int | float):
        return ""
    columns = {f"look_up.{look_up.as_}": look_up.property for look_up in place.look_up}
    entry = entry_of(session, finding.layer)
    return column_labels(entry).get(columns.get(finding.subject) or "", "") if entry else ""


def _concerns(statement: PlaceStatement, definition: Definition) -> bool:
    finding, assign = statement.finding, definition.workflow.assign
    if assign and assign.by == f"{statement.field}.{finding.subject.removeprefix('look_up.')}":
        return False  # the key of a department, which the office reads and nobody else
    told = finding.holds is not None or finding.value not in (None, [])
    return statement.objection is not None or (finding.public and told)
