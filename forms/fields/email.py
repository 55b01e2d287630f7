"""`email`: an e-mail address."""

from typing import Literal

from typing_extensions import override

from forms.fields.base import FieldError, ReadContext, Reading
from forms.fields.single import SingleInput
from forms.fields.string_value import StringValue
from forms.text.email import UnreadableEmail, normal_email


class EmailField(StringValue, SingleInput):
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


def _is_address(value: str) -> bool:
    try:
        return normal_email(value) == value.lower()
    except UnreadableEmail:
        return False
