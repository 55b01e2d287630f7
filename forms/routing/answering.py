"""Facts as people answer them and as they are kept: read, checked against the vocabulary, never guessed."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from pydantic import JsonValue

from forms.catalogue.vocabulary import Fact
from forms.routing.facts import UNSURE, KnownFact, Source, Unsure
from forms.text.dates import UnreadableDate, iso_date, near_date, parse_date
from forms.text.numbers import parse_integer

#: What a page sends for 「わからない」.
UNSURE_ANSWER: Final = "unsure"
_MAX_NUMBER: Final = 1_000_000
_MAX_LENGTH: Final = 200


class FactRefused(ValueError):
    """An answer that the fact cannot have. `code` and `values` are those of `forms.text.messages`."""

    def __init__(self, code: str, values: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.values = dict(values or {})


def fact_from_form(fact: Fact, text: str, today: date) -> KnownFact:
    """A posted answer; a day without a year is the one nearest to `today`. Raises FactRefused with what is wrong; a place is found on the map by the caller."""
    text = text.strip()
    if text == UNSURE_ANSWER:
        return KnownFact(UNSURE)
    if not text:
        raise FactRefused("choice" if fact.type in ("bool", "choice") else "required")
    match fact.type:
        case "bool" if text in ("yes", "no"):
            return KnownFact(text == "yes")
        case "choice" if text in fact.options:
            return KnownFact(text)
        case "date":
            try:
                return KnownFact(near_date(text, today) or parse_date(text))
            except UnreadableDate as unreadable:
                raise FactRefused(
                    unreadable.code, {key: str(value) for key, value in unreadable.values.items()}
                ) from None
        case "int":
            number = parse_integer(text)
            if number is None or not 0 <= number <= _MAX_NUMBER:
                raise FactRefused("integer")
            return KnownFact(number)
        case "string" if len(text) <= _MAX_LENGTH:
            return KnownFact(text)
    raise FactRefused("choice")


def fact_from_store(fact: Fact, value: JsonValue, source: Source = "resident", detail: str = "") -> KnownFact | None:
    """A fact as it was kept; None where the vocabulary has changed since and the value is no answer any more."""
    made: object = None
    match fact.type, value:
        case _, dict() if value == {"unsure": True}:
            made = UNSURE
        case "bool", bool():
            made = value
        case "choice", str() if value in fact.options:
            made = value
        case "date", str():
            made = iso_date(value)
        case "int", int() if not isinstance(value, bool):
            made = value
        case "string", str():
            made = value
        case "place", dict() if _is_place(value):
            made = value
    if isinstance(made, bool | int | str | date | dict | Unsure):
        return KnownFact(made, source, detail)
    return None


def stored(value: object) -> JsonValue:
    """A known value as plain data, which `fact_from_store` reads."""
    match value:
        case Unsure():
            return {"unsure": True}
        case date():
            return value.isoformat()
        case Mapping():
            return dict(value)
        case bool() | int() | str():
            return value
    raise TypeError(type(value))


def _is_place(value: Mapping[str, JsonValue]) -> bool:
    return all(isinstance(value.get(key), int | float) for key in ("lon", "lat")) and isinstance(
        value.get("label"), str
    )
