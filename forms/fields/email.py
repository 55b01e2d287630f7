"""`email`: an e-mail address."""

from collections.abc import Mapping
from typing import Literal

from pydantic import JsonValue
from typing_extensions import override

from forms.fields.base import CelType, FieldError, ReadContext, Reading
from forms.fields.single import SingleInput
from forms.text.email import UnreadableEmail, normal_email


class EmailField(SingleInput):
    """One address, asked once; a link sent to it confirms it. Its domain is not looked up here."""

    type: Literal["email"]

    @override
    def parse(self, text: str, context: ReadContext) -> Reading:
        try:
            return Reading(normal_email(text))
        except UnreadableEmail as unreadable:
            return Reading(None, (FieldError(unreadable.code),))

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        return [] if isinstance(value, str) and _is_address(value) else [FieldError("email")]

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"": "string"}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        return {"": value} if isinstance(value, str) else {}


def _is_address(value: str) -> bool:
    try:
        return normal_email(value) == value.lower()
    except UnreadableEmail:
        return False
