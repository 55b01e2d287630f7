"""The names that expressions of a definition may use, and their values for certain answers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import JsonValue

from forms.catalogue.vocabulary import Fact, Vocabulary
from forms.definition.procedure import Definition, group_fields, questions_in
from forms.definition.unread import NOTHING_UNREAD, Unread
from forms.evaluation.city import CITY_TYPES, City, city_values
from forms.evaluation.earlier import earlier_types, earlier_values
from forms.evaluation.tables import functions_of
from forms.expressions.language import QUESTION, Names, row_scope
from forms.expressions.values import NOTHING_FOUND, to_value
from forms.fields import FieldType, GroupField
from forms.fields.group import rows_of
from forms.fields.offering import OffersOptions
from forms.fields.options import PRICE
from forms.fields.path import head_of, joined
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


def fact_types(vocabulary: Vocabulary) -> Mapping[str, str]:
    """Types of the shared facts that expressions may use."""
    return types_of_facts(vocabulary.facts)


def types_of_facts(facts: Mapping[str, Fact]) -> Mapping[str, str]:
    """The same for the facts alone; a place is only looked up on the map."""
    return {name: _FACT_TYPES[fact.type] for name, fact in facts.items() if fact.type in _FACT_TYPES}


def names_of(definition: Definition) -> Names:
    """Every name and its type: the city, the earlier case, shared facts, answers, what belongs to them (`period.months`), look-ups of places."""
    types = dict(fact_types(definition.vocabulary)) | ({} if CITY in definition.fields else dict(CITY_TYPES))
    earlier = earlier_types(definition)
    types |= earlier
    rows: dict[str, Mapping[str, str]] = {}
    look_ups: set[str] = set(earlier)
    for field in definition.fields.values():
        types |= field_types(field)
        for question in questions_in(field):
            if isinstance(question, GroupField):
                rows[question.id] = {
                    name: kind for inner in group_fields(question) for name, kind in field_types(inner).items()
                }
            if isinstance(question, PlaceField):
                look_ups |= field_types(question).keys() - {question.id}
            elif isinstance(question, OffersOptions) and question.is_partly_priced:
                look_ups.add(joined(question.id, PRICE))
    if CITY not in definition.fields:
        look_ups |= CITY_TYPES.keys()
    functions = {name: function for table in definition.tables for name, function in functions_of(table).items()}
    if definition.unread is not NOTHING_UNREAD:
        types = _with_unread(types, definition.unread)
        rows = {group: _with_unread(row, definition.unread) for group, row in rows.items()}
    return Names(types, rows, frozenset(look_ups), functions)


def _with_unread(types: Mapping[str, str], unread: Unread) -> dict[str, str]:
    """The names with those of faulty questions, which may be anything."""
    left_out = unread.stand_ins | unread.untyped
    certain = {name: kind for name, kind in types.items() if head_of(name) not in left_out}
    return dict.fromkeys(unread.names | unread.untyped, "any") | certain


def field_types(field: FieldType) -> dict[str, str]:
    """The names one question brings, with their types."""
    if isinstance(field, GroupField):
        return {field.id: "rows"}
    if not field.is_question:
        return {}
    types: dict[str, str] = {field.id: QUESTION}
    types |= {joined(field.id, part): kind for part, kind in field.cel_types().items()}
    if isinstance(field, PlaceField):
        types |= {f"{field.id}.{look_up.as_}": look_up.value_type for look_up in field.look_up}
    return types


def field_values(field: FieldType, value: JsonValue, facts: Facts, types: Mapping[str, str]) -> dict[str, object]:
    """The values one answered question brings, groups aside; the answer must have passed `field.check`.

    `types` are those of `names_of`, or of one of its rows.
    """
    field_id = field.id
    own_facts = facts.get(field_id) if field.is_place else None
    place_facts = own_facts if isinstance(own_facts, Mapping) else {}
    values: dict[str, object] = {}
    for part, item in field.cel_values(value, place_facts).items():
        name = f"{field_id}.{part}" if part else field_id
        if item is NOTHING_FOUND:  # a price that the office tells
            values[name] = NOTHING_FOUND
        elif (taken := to_value(types[name], item)) is not None:
            values[name] = taken
    if not isinstance(field, PlaceField):
        return values
    for look_up in field.look_up:
        name = f"{field.id}.{look_up.as_}"
        values[name] = to_value(types[name], place_facts.get(look_up.as_, look_up.default))
    return {
        name: NOTHING_FOUND if values.get(name) is None else values[name]
        for name in field_types(field)
        if name != field.id
    }


def row_lists(
    group: FieldType, value: JsonValue, facts: Facts, types: Mapping[str, Mapping[str, str]]
) -> list[dict[str, Any]]:
    """The rows of a group as a list of rows in expressions; the value must have passed the group's check."""
    return [
        row_scope(*row_values(group, row, facts_in_row(group, facts, number), types))
        for number, row in enumerate(rows_of(value))
    ]


def row_values(
    group: FieldType, row: Mapping[str, JsonValue], facts: Facts, types: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, object], set[str]]:
    """The values of one row by their names, and which questions it answers. Its answers must have passed the group's check.

    `facts` are those of the places in this row, by question, and `types` those of the rows of every group.
    """
    values: dict[str, object] = {}
    answered: set[str] = set()
    for field in group_fields(group):
        if not is_empty(row.get(field.id)):
            if isinstance(field, GroupField):
                values[field.id] = row_lists(field, row[field.id], {}, types)
            else:
                values |= field_values(field, row[field.id], facts, types[group.id])
            answered.add(field.id)
    return values, answered


def facts_in_row(group: FieldType, facts: Facts, number: int) -> dict[str, object]:
    """What the map says of the places in one row of a group, by question."""
    places = (question.id for question in group_fields(group) if question.is_place)
    return {name: facts[path] for name in places if (path := f"{group.id}.{number}.{name}") in facts}


def facts_after(definition: Definition, facts: Facts, before: Answers, after: Answers) -> dict[str, object]:
    """The facts by the paths of `after`, where they were known for `before`: rows may have moved, and places changed.

    Of a place in a row that is not the same any more nothing is known.
    """
    followed = {name: fact for name, fact in facts.items() if "." not in name}
    if len(followed) == len(facts):
        return followed
    known: dict[tuple[str, str], list[tuple[str, object]]] = {}
    for place in definition.places_in(before).values():
        if place.row is not None and place.path in facts:
            known.setdefault((place.slot, repr(place.value)), []).append((place.path, facts[place.path]))
    for place in definition.places_in(after).values():
        same = known.get((place.slot, repr(place.value)), []) if place.row is not None else []
        if same:
            followed[place.path] = dict(same).get(place.path, same[0][1])
    return followed


def fact_values(definition: Definition, facts: Facts) -> dict[str, Any]:
    """The shared facts among `facts` (the others belong to places) that no question of the definition overrules."""
    if not facts:
        return {}
    types = fact_types(definition.vocabulary)
    shared = {name: fact for name, fact in facts.items() if name in types and name not in definition.fields}
    return {
        name: value
        for name, fact in shared.items()
        if (value := to_value(types[name], _day(fact) if types[name] == "timestamp" else fact)) is not None
    }


def given_values(definition: Definition, facts: Facts, city: City | None) -> dict[str, Any]:
    """What expressions have before anything is answered: shared facts, the city and the earlier case."""
    of_city = {} if CITY in definition.fields else city_values(city)
    return fact_values(definition, facts) | of_city | earlier_values(definition, facts)


def is_empty(value: object) -> bool:
    """Whether an answer counts as not given: None, an empty string, list or mapping."""
    return not value and (value is None or value in ("", [], {}))


def _day(fact: object) -> object:
    """A date fact as date; it comes as `2026-04-01` from stored facts."""
    if not isinstance(fact, str):
        return fact
    try:
        return date.fromisoformat(fact)
    except ValueError:
        return None
