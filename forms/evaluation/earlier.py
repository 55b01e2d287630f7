"""The earlier case that an application follows (`based_on`), as expressions see it: `earlier.number`, `earlier.until`."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from forms.definition.procedure import Definition
from forms.expressions.language import ResultType
from forms.expressions.values import NOTHING_FOUND, to_value

#: The first part of the names of the earlier case, and the key under which facts have its values; a question with this id is meant instead.
EARLIER: Final = "earlier"
#: What every case has: its receipt number, the days on which it came in and came to its end, its fee and what was decided to be paid (yen).
OF_EVERY_CASE: Final[Mapping[str, str]] = {
    "number": "string",
    "submitted_on": "timestamp",
    "decided_on": "timestamp",
    "fee": "int",
    "payout": "int",
}
#: Of these, what a case has from its submission on. A value that a definition declares is not there where the earlier case did not answer.
ALWAYS_THERE: Final = OF_EVERY_CASE.keys() - {"decided_on"}
#: The CEL type of a value that a definition declares.
CEL_TYPES: Final[Mapping[str, str]] = {
    "bool": "bool",
    "int": "int",
    "double": "double",
    "string": "string",
    "date": "timestamp",
}
#: What its expression over the earlier case must come out as.
RESULT_TYPES: Final[Mapping[str, ResultType]] = {
    "bool": "bool",
    "int": "number",
    "double": "number",
    "string": "string",
    "date": "date",
}


def earlier_types(definition: Definition) -> dict[str, str]:
    """The names of the earlier case with their types; none for a definition that follows no case."""
    if definition.based_on is None or EARLIER in definition.fields:
        return {}
    declared = {value.id: CEL_TYPES[value.type] for value in definition.based_on.values}
    return {f"{EARLIER}.{name}": kind for name, kind in {**OF_EVERY_CASE, **declared}.items()}


def earlier_values(definition: Definition, facts: Mapping[str, object]) -> dict[str, object]:
    """Their values among the facts of an application. What is not there was not found, as a look-up that finds nothing."""
    types = earlier_types(definition)
    known = facts.get(EARLIER)
    given = known if isinstance(known, Mapping) else {}
    values: dict[str, object] = {}
    for name, kind in types.items():
        raw = given.get(name.partition(".")[2])
        value = to_value(kind, _day(raw) if kind == "timestamp" else raw)
        values[name] = NOTHING_FOUND if value is None else value
    return values


def _day(raw: object) -> object:
    if not isinstance(raw, str):
        return raw
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return None
