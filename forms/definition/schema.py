"""The JSON Schema of the language, for editors that complete, explain and check a definition."""

from functools import cache
from typing import Any

from forms.definition.procedure import Definition
from forms.reference.descriptions import part_of


@cache
def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a definition; every setting is described in Japanese."""
    schema = Definition.model_json_schema(by_alias=True)
    _describe("Definition", schema)
    for name, part in schema["$defs"].items():
        _describe(name, part)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Madoguchi procedure"}


def _describe(name: str, part: dict[str, Any]) -> None:
    """Put the descriptions of the reference in the place of those for developers."""
    properties: dict[str, dict[str, Any]] = part.get("properties", {})
    description = part_of(name, properties.get("type", {}).get("const"))
    part["description"] = description.meaning
    for setting, property_schema in properties.items():
        property_schema["description"] = description.settings[setting].for_schema
