"""`phone`: a telephone number."""

from collections.abc import Mapping
from typing import Literal

import phonenumbers
from pydantic import JsonValue
from typing_extensions import override

from forms.fields.base import CelType, Problem, ReadContext, Reading
from forms.fields.single import SingleInput
from forms.text.width import fold_code


class PhoneField(SingleInput):
    """A number stored as E.164 (+81425232111) and shown as in Japan (042-523-2111); hyphens and width are free."""

    type: Literal["phone"]

    @override
    def parse(self, text: str, context: ReadContext) -> Reading:
        number = _parse(fold_code(text))
        if number is None or number.extension:
            return Reading(None, (Problem("phone"),))
        return Reading(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    @override
    def check(self, value: object, context: ReadContext) -> list[Problem]:
        if value is None:
            return self.missing()
        return [] if _stored(value) else [Problem("phone")]

    @override
    def written(self, value: JsonValue) -> str:
        number = _stored(value)
        if number is None:
            return ""
        form = phonenumbers.PhoneNumberFormat
        return phonenumbers.format_number(number, form.NATIONAL if number.country_code == 81 else form.INTERNATIONAL)

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"": "string"}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        return {"": value} if isinstance(value, str) else {}


def _parse(text: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, "JP")
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _stored(value: object) -> phonenumbers.PhoneNumber | None:
    """The number of a canonical value: exactly what `parse` would have made."""
    if not isinstance(value, str) or len(value) > 20:
        return None
    number = _parse(value)
    same = number and phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == value
    return number if same else None
