"""What is wrong with a shared item as a question, before any procedure asks it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from forms.catalogue.vocabulary import Item
from forms.fields import FIELD_TYPES, ReadContext

#: What a procedure adds to an item that leaves it open.
_LEFT_OPEN: dict[str, Any] = {
    "fields": [{"id": "inner", "type": "text", "label": {"ja": "…"}}],
    "options": [{"id": "one", "label": {"ja": "…"}}, {"id": "other", "label": {"ja": "…"}}],
}


def item_faults(item: Item) -> list[ErrorDetails | str]:
    """The settings of its `question` that its type does not have or does not take, and a `sample` that is no answer to it.

    An item of rows or of a choice may leave to each procedure what they hold. Raises KeyError for a type that there is not.
    """
    model = FIELD_TYPES[item.type]
    open_settings = {name: stub for name, stub in _LEFT_OPEN.items() if name in model.model_fields}
    try:
        question = model.model_validate({"id": "asked", "type": item.type, **open_settings, **item.question})
    except ValidationError as error:
        return list(_of_its_own(error, item))
    if item.sample is not None and question.check(item.sample, ReadContext(date(2026, 4, 1))):
        return ["sample が、この質問の答えになりません。"]
    return []


def _of_its_own(error: ValidationError, item: Item) -> Iterator[ErrorDetails | str]:
    """What the item says wrong; what it does not say, each procedure does."""
    for fault in error.errors(include_url=False):
        if fault["loc"] and fault["loc"][0] in item.question:
            yield fault
        elif fault["type"] == "value_error":
            yield str(fault["ctx"]["error"])
