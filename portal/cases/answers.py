"""Answers as stored: what says who somebody is, or is written freely, is sealed one by one; what rules and maps ask for stays open."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from forms import Definition
from forms.definition.procedure import group_fields
from forms.fields import FieldType
from forms.fields.offering import OffersOptions
from portal.core.crypto import newest_key, open_sealed, seal

_SEALED = "sealed"


def _context(field_id: str) -> bytes:
    return f"answer {field_id}".encode()


OPEN_TYPES = frozenset(
    {
        *("choice", "choices", "ranking", "quantities", "matrix", "yes_no", "consent"),
        *("integer", "number", "money", "date", "date_range", "time", "appointment"),
        *("point", "line", "polygon"),
        "statement",
    }
)
"""Types whose answers stay open: choices, numbers, days and places. Whatever is not listed here is sealed, so a new type is."""

_PEOPLE = ("person.", "child.", "household.")
"""Shared questions of these are about a person, whatever their type."""


def sealed_fields(definition: Definition) -> frozenset[str]:
    """Fields whose answers are sealed, and groups in which any question is such a one."""
    return frozenset(field_id for field_id, field in definition.fields.items() if is_sealed_type(field))


def is_sealed_type(field: FieldType) -> bool:
    """Whether answers to it are sealed wherever they are kept: they say who somebody is, or are written freely."""
    if field.type == "group":
        return any(is_sealed_type(inner) for inner in group_fields(field))
    if isinstance(field, OffersOptions) and field.source is not None and field.source.answers is not None:
        return True
    return field.sensitive or field.type not in OPEN_TYPES or (field.item or "").startswith(_PEOPLE)


def seal_answers(city_key: str, definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Canonical answers → what the database keeps."""
    hidden = sealed_fields(definition)
    stored: dict[str, Any] = {}
    for field_id, value in answers.items():
        if field_id in hidden:
            plain = json.dumps(value, ensure_ascii=False).encode()
            stored[field_id] = {_SEALED: b64encode(seal(city_key, plain, _context(field_id))).decode()}
        else:
            stored[field_id] = value
    return stored


def reseal_answers(city_key: str, definition: Definition, stored: Mapping[str, Any]) -> dict[str, Any] | None:
    """The same answers sealed as `seal_answers` would now, under the newest key; None when they are so already."""
    hidden = sealed_fields(definition)
    renewed = dict(stored)
    for field_id, value in stored.items():
        is_sealed = isinstance(value, dict) and value.keys() == {_SEALED}
        newest = is_sealed and b64decode(value[_SEALED])[:4].hex() == newest_key()
        if newest or not (is_sealed or field_id in hidden):
            continue
        plain = json.dumps(_open(city_key, field_id, value), ensure_ascii=False).encode()
        renewed[field_id] = {_SEALED: b64encode(seal(city_key, plain, _context(field_id))).decode()}
    return renewed if renewed != stored else None


def open_answers(city_key: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    """What the database keeps → canonical answers."""
    return {field_id: _open(city_key, field_id, value) for field_id, value in stored.items()}


def _open(city_key: str, field_id: str, value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {_SEALED}:
        return json.loads(open_sealed(city_key, b64decode(value[_SEALED]), _context(field_id)))
    return value


def visible_answers(answers: Mapping[str, Any], visible: frozenset[str]) -> dict[str, Any]:
    """The answers of questions that show; what was typed into a question that is hidden now is not handed in."""
    return {field_id: value for field_id, value in answers.items() if field_id in visible}
