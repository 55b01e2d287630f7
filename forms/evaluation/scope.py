"""The names that expressions of a definition may use, and their values for certain answers."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from pydantic import JsonValue

from forms.catalogue.vocabulary import facts as fact_vocabulary
from forms.definition.procedure import Definition, group_fields
from forms.evaluation.city import CITY_TYPES, City, city_values
from forms.fields import FieldType, GroupField
from forms.fields.group import rows_of
from forms.fields.path import joined
from forms.fields.place import PlaceField

Answers = Mapping[str, JsonValue]
Facts = Mapping[str, object]

#: Reserved words of CEL, which cannot be the id of a question.
RESERVED = frozenset(
    {"as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop"}
    | {"namespace", "null", "package", "return", "true", "var", "void", "while"}
)

#: The first part of the city's names; a question with this id is meant instead.
CITY = "city"

_FACT_TYPES = {"bool": "bool", "int": "int", "string": "string", "choice": "string", "date": "timestamp"}


@cache
def fact_types() -> Mapping[str, str]:
    """CEL types of the shared facts of `catalogue/facts.yaml`."""
    return {name: _FACT_TYPES[fact.type] for name, fact in fact_vocabulary().items()}


def variables(definition: Definition) -> dict[str, str]:
    """Every name and its type: the city, shared facts, answers, what belongs to them (`period.months`), look-ups of places."""
    names = dict(fact_types()) | ({} if CITY in definition.fields else dict(CITY_TYPES))
    for field in definition.fields.values():
        names |= field_variables(field)
    return names


def row_variables(definition: Definition, group: FieldType) -> dict[str, str]:
    """The names inside a fee line that is worked out for each row of `group`."""
    return variables(definition) | row_only_variables(group)


def row_only_variables(group: FieldType) -> dict[str, str]:
    """The names of one row only."""
    return {name: kind for field in group_fields(group) for name, kind in field_variables(field).items()}


def field_variables(field: FieldType) -> dict[str, str]:
    """The names one question brings."""
    if isinstance(field, GroupField):
        return {field.id: "rows"}
    names: dict[str, str] = {joined(field.id, part): kind for part, kind in field.cel_types().items()}
    if isinstance(field, PlaceField):
        names |= {f"{field.id}.{look_up.as_}": look_up.type for look_up in field.look_up}
    return names


def field_values(field: FieldType, value: JsonValue, facts: Facts) -> dict[str, object]:
    """The values one answered question brings; the answer must have passed `field.check`."""
    if isinstance(field, GroupField):
        return {field.id: [row_values(field, row) for row in rows_of(value)]}
    own_facts = facts.get(field.id)
    known = own_facts if isinstance(own_facts, Mapping) else {}
    values = {joined(field.id, part): found for part, found in field.cel_values(value, known).items()}
    if isinstance(field, PlaceField):
        found = {look_up.as_: known[look_up.as_] for look_up in field.look_up if look_up.as_ in known}
        values |= {joined(field.id, part): fact for part, fact in found.items()}
    return values


def row_values(group: FieldType, row: Mapping[str, JsonValue]) -> dict[str, object]:
    """The values of one row by the names of `row_only_variables`; its answers must have passed the group's check."""
    values: dict[str, object] = {}
    for field in group_fields(group):
        if not is_empty(row.get(field.id)):
            values |= field_values(field, row[field.id], {})
    return values


def fact_values(definition: Definition, facts: Facts) -> dict[str, object]:
    """The shared facts among `facts` (the others belong to places) that no question of the definition overrules."""
    shared = {name: facts[name] for name in fact_types() if name in facts and name not in definition.fields}
    return {name: _day(fact) if fact_types()[name] == "timestamp" else fact for name, fact in shared.items()}


def given_values(definition: Definition, facts: Facts, city: City | None) -> dict[str, object]:
    """What expressions see before anything is answered: shared facts and the city."""
    return fact_values(definition, facts) | ({} if CITY in definition.fields else city_values(city))


def is_empty(value: object) -> bool:
    """Whether an answer counts as not given: None, an empty string, list or mapping."""
    return value is None or value in ("", [], {})


def _day(fact: object) -> object:
    """A date fact as date; it comes as `2026-04-01` from stored facts."""
    if not isinstance(fact, str):
        return fact
    try:
        return date.fromisoformat(fact)
    except ValueError:
        return None
