"""The JSON Schema of the language, for editors that complete and check a definition."""

from functools import cache
from typing import Any

from forms.definition.procedure import Definition


@cache
def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a definition."""
    schema = Definition.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Madoguchi procedure"}
