"""Field types: one class each, with its settings, reading, checks and what CEL sees of its answer."""

from typing import Annotated, get_args

from pydantic import Field

from forms.fields.base import (
    CelType,
    FieldError,
    FieldId,
    FieldType,
    ReadContext,
    Reading,
    StoredFile,
)
from forms.fields.group import GroupField
from forms.fields.nesting import InnerGroup, OuterGroup
from forms.fields.reader import FormReader
from forms.fields.simple import SimpleField

#: A field of any type, discriminated by its `type`.
AnyField = Annotated[SimpleField | OuterGroup, Field(discriminator="type")]


def _all_types() -> dict[str, type[FieldType]]:
    union, _discriminator = get_args(SimpleField)
    classes: list[type[FieldType]] = [*get_args(union), OuterGroup]
    return {get_args(cls.model_fields["type"].annotation)[0]: cls for cls in classes}


#: The class of every type name.
FIELD_TYPES = _all_types()

__all__ = [
    "FIELD_TYPES",
    "AnyField",
    "CelType",
    "FieldError",
    "FieldId",
    "FieldType",
    "FormReader",
    "GroupField",
    "InnerGroup",
    "OuterGroup",
    "ReadContext",
    "Reading",
    "SimpleField",
    "StoredFile",
]
