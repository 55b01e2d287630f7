"""Input that is not (yet) a valid answer, as stored: encrypted as a whole, because its contents are unknown."""

import json
from collections.abc import Mapping
from typing import Any

from forms import Definition, Evaluation
from forms.fields.path import head_of
from portal.core.crypto import open_sealed, seal

Typed = Mapping[str, str | list[str]]


def seal_typed(city_key: str, whose: str, typed: Mapping[str, Any]) -> bytes | None:
    """Texts by the full name of their input → what the database keeps: nothing for nothing.

    `whose` binds it to one draft or case (its public id), so that it opens nowhere else.
    """
    return seal(city_key, json.dumps(typed, ensure_ascii=False).encode(), typed_context(whose)) if typed else None


def open_typed(city_key: str, whose: str, sealed: bytes | None) -> dict[str, Any]:
    """What the database keeps → texts by the full name of their input. Raises SealBroken."""
    opened: dict[str, Any] = json.loads(open_sealed(city_key, sealed, typed_context(whose))) if sealed else {}
    return opened


def unfinished_fields(definition: Definition, typed: Typed, outcome: Evaluation) -> list[str]:
    """Return the visible questions with input but no answer: the input is invalid, or its page was not sent yet."""
    begun = {head_of(name) for name in typed}
    return [
        field_id
        for field_id in definition.fields
        if field_id in begun and outcome.is_visible(field_id) and field_id not in outcome.answers
    ]


def typed_context(whose: str) -> bytes:
    """What it is bound to: the draft, or the correction of a case."""
    return f"typed {whose}".encode()
