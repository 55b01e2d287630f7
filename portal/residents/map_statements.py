"""What the map gave for the places of an application, in words for the applicant, with what they said against it."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from forms import Definition
from portal.cases import Case, MapObjection
from portal.cases.map_objections import PlaceStatement, statements_of
from portal.cases.place_reasons import finding_reason
from portal.core.text import current_language
from portal.residents.answers import place_title
from portal.residents.layer_words import in_words, is_one_of_several, label_of_column


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
                replace(finding, value=in_words(session, finding.layer, column, finding.value)),
                language,
                _label(session, statement, definition),
            ),
            statement.field,
            statement.finding.subject,
            statement.may_be_contested and case.closed_at is None,
            statement.objection,
        )
        for statement in statements
        for finding in [statement.finding]
        for column in [_column(statement, definition)]
        if _concerns(statement, definition)
    ]
    return MapSaid(lines, any(not statement.finding.public for statement in statements))


def looked_up(session: Session, case: Case, definition: Definition) -> list[str]:
    """The values that the map gave for the places of an application, in words: what its receipt tells of them."""
    lines = map_said(session, case, definition).lines
    return [line.reason for line in lines if line.subject.startswith("look_up.")]


def _column(statement: PlaceStatement, definition: Definition) -> str:
    """The property from which a value was looked up; "" for a rule."""
    place = definition.place_fields.get(statement.field)
    columns = {f"look_up.{look_up.as_}": look_up.property for look_up in place.look_up} if place else {}
    return columns.get(statement.finding.subject) or ""


def _label(session: Session, statement: PlaceStatement, definition: Definition) -> str:
    """What the layer calls that property, where its value says too little alone: a number, or one of several values of the same layer."""
    finding, place = statement.finding, definition.place_fields.get(statement.field)
    if place is None or isinstance(finding.value, bool):
        return ""
    if isinstance(finding.value, int | float) or is_one_of_several(place, finding.layer):
        return label_of_column(session, finding.layer, _column(statement, definition))
    return ""


def _concerns(statement: PlaceStatement, definition: Definition) -> bool:
    finding, assign = statement.finding, definition.workflow.assign
    if assign and assign.by == f"{statement.field}.{finding.subject.removeprefix('look_up.')}":
        return False  # the key of a department, which the office reads and nobody else
    told = finding.holds is not None or finding.value not in (None, [])
    return statement.objection is not None or (finding.public and told)
