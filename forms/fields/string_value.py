"""Answers that are a text to expressions."""

from collections.abc import Mapping

from pydantic import JsonValue

from forms.fields.base import CelType


class StringValue:
    """What expressions see of a question whose answer is one text: the text itself. Stands before the field type it completes."""

    def cel_types(self) -> dict[str, CelType]:
        """See `FieldType.cel_types`."""
        return {"": "string"}

    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG002 - as in `FieldType`
        """See `FieldType.cel_values`."""
        return {"": value} if isinstance(value, str) else {}
