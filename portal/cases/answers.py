"""Answers as stored: those of fields marked `sensitive` are sealed one by one, so that a list or an export never shows them."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from forms import Definition
from portal.core.crypto import open_sealed, seal

_SEALED = "sealed"


def _context(field_id: str) -> bytes:
    return f"answer {field_id}".encode()


def sensitive_fields(definition: Definition) -> frozenset[str]:
    """Fields whose answers are sealed: those marked, and groups in which any question is."""
    return frozenset(
        field_id
        for field_id, field in definition.fields.items()
        if field.sensitive or any(inner.sensitive for inner in getattr(field, "fields", ()))
    )


def seal_answers(city_key: str, definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Canonical answers → what the database keeps."""
    hidden = sensitive_fields(definition)
    stored: dict[str, Any] = {}
    for field_id, value in answers.items():
        if field_id in hidden:
            plain = json.dumps(value, ensure_ascii=False).encode()
            stored[field_id] = {_SEALED: b64encode(seal(city_key, plain, _context(field_id))).decode()}
        else:
            stored[field_id] = value
    return stored


def open_answers(city_key: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    """What the database keeps → canonical answers."""
    return {field_id: _open(city_key, field_id, value) for field_id, value in stored.items()}


def _open(city_key: str, field_id: str, value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {_SEALED}:
        return json.loads(open_sealed(city_key, b64decode(value[_SEALED]), _context(field_id)))
    return value


def present(answers: Mapping[str, Any], visible: frozenset[str]) -> dict[str, Any]:
    """The answers of questions that show; what was typed into a question that is hidden now is not handed in."""
    return {field_id: value for field_id, value in answers.items() if field_id in visible}
