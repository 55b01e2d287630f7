"""Makes fields of every type and reads what a browser would post for them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import settings
from pydantic import JsonValue

from forms.fields import FIELD_TYPES, FieldType, FormReader, ReadContext, Reading, StoredFile

#: Properties without a time limit for one case: another process may hold the processor.
unhurried = settings()  # as tests/conftest.py has them

TODAY = date(2026, 11, 23)
OPTIONS: list[dict[str, Any]] = [
    {"id": "small", "label": {"ja": "小さい", "en": "Small"}, "values": {"fee": 400}},
    {"id": "large", "label": {"ja": "大きい", "en": "Large"}, "values": {"fee": 800}},
]
FILES: dict[str, StoredFile] = {
    name: {"id": name, "name": f"{name}.jpg", "size": 1000, "media_type": "image/jpeg"} for name in ("f1", "f2", "f3")
}
CONTEXT = ReadContext(TODAY, files=FILES)

#: Settings without which a type cannot be made.
NEEDED: dict[str, dict[str, Any]] = {
    "appointment": {"resource": "counter", "minutes": 30, "hours": [{"from": "09:00", "until": "12:00"}]},
    "choice": {"options": OPTIONS},
    "choices": {"options": OPTIONS},
    "ranking": {"options": OPTIONS},
    "quantities": {"options": OPTIONS},
    "matrix": {"rows": [{"id": "a", "label": {"ja": "あ"}}, {"id": "b", "label": {"ja": "い"}}], "scale": OPTIONS},
    "consent": {"text": {"ja": "同意します。"}},
    "statement": {"text": {"ja": "お読みください。"}},
    "group": {
        "fields": [
            {"id": "kind", "type": "choice", "options": OPTIONS},
            {"id": "count", "type": "integer", "required": False},
        ]
    },
}


def make(kind: str, **settings: Any) -> FieldType:
    """A field `q` of a type."""
    return FIELD_TYPES[kind].model_validate({"id": "q", "type": kind} | NEEDED.get(kind, {}) | settings)


def posted(inputs: Mapping[str, str | list[str]]) -> FormReader:
    """The reader of a posted form whose inputs of `q` are given by part."""
    form = {
        f"q.{part}" if part else "q": [text] if isinstance(text, str) else list(text) for part, text in inputs.items()
    }
    return FormReader(form, "q")


def read(field: FieldType, context: ReadContext = CONTEXT, /, **inputs: str | list[str]) -> Reading:
    """What a field reads; the part `_` is the field itself, `a__b` is `a.b`."""
    return field.read(
        posted({"" if part == "_" else part.replace("__", "."): text for part, text in inputs.items()}), context
    )


def codes(reading: Reading) -> list[tuple[str, str]]:
    """The errors of a reading as (path, code)."""
    return [(error.path, error.code) for error in reading.errors]


def value_of(field: FieldType, **inputs: str | list[str]) -> JsonValue:
    """The value a field reads, which must have no errors."""
    reading = read(field, **inputs)
    assert not reading.errors, codes(reading)
    return reading.value
