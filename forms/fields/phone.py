"""`phone`: a telephone number."""

from typing import Literal

from pydantic import JsonValue
from typing_extensions import override

from forms.fields.base import FieldError, ReadContext, Reading
from forms.fields.single import SingleInput
from forms.fields.string_value import StringValue
from forms.text.phone import is_phone, parse_phone, show_phone


class PhoneField(StringValue, SingleInput):
    """A number stored as E.164 (+81425232111, an extension as +81425232111;ext=123), shown as in Japan (042-523-2111)."""

    type: Literal["phone"]

    @override
    def parse(self, text: str, context: ReadContext) -> Reading:
        number = parse_phone(text)
        return Reading(number) if number else Reading(None, (FieldError("phone"),))

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        return [] if is_phone(value) else [FieldError("phone")]

    @override
    def written(self, value: JsonValue) -> str:
        return show_phone(value)

    @override
    def show(self, value: JsonValue, language: str) -> str:
        return show_phone(value, language)
