"""The JSON Schema of the language, for editors that complete, explain and check a definition."""

from functools import cache
from typing import Any

from forms.catalogue.vocabulary import shipped
from forms.definition.procedure import Definition
from forms.reference.descriptions import part_of


@cache
def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a definition; every setting is described in Japanese."""
    schema = Definition.model_json_schema(by_alias=True)
    _describe("Definition", schema)
    for name, part in schema["$defs"].items():
        _describe(name, part)
    _allow_shorthands(schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Madoguchi procedure"}


def _allow_shorthands(schema: dict[str, Any]) -> None:
    """Admit what `shorthand` writes out: a text as plain Japanese, a question by its item, the course that follows from the kind."""
    parts: dict[str, dict[str, Any]] = schema["$defs"]
    text = dict(parts["Text"])
    parts["Text"] = {
        "title": text.pop("title"),
        "description": text.pop("description"),
        "anyOf": [text, {"type": "string", "minLength": 1, "maxLength": 2000}],
    }
    schema["required"] = [name for name in schema["required"] if name != "workflow"]
    of_an_item = [
        {"enum": list(shipped().items)},
        {"type": "object", "required": ["item"], "not": {"required": ["type"]}},
    ]
    for part in parts.values():
        questions = part.get("properties", {}).get("fields", {}).get("items", {})
        if "discriminator" in questions:
            part["properties"]["fields"]["items"] = {"anyOf": [questions, *of_an_item]}


def _describe(name: str, part: dict[str, Any]) -> None:
    """Put the descriptions of the reference in the place of those for developers."""
    properties: dict[str, dict[str, Any]] = part.get("properties", {})
    description = part_of(name, properties.get("type", {}).get("const"))
    part["description"] = description.meaning
    for setting, property_schema in properties.items():
        property_schema["description"] = description.settings[setting].for_schema
