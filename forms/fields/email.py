"""`email`: an e-mail address."""

from collections.abc import Mapping
from typing import Literal

from email_validator import EmailNotValidError, validate_email
from pydantic import JsonValue
from typing_extensions import override

from forms.fields.base import CelType, Problem, ReadContext, Reading
from forms.fields.single import SingleInput
from forms.text.width import fold


class EmailField(SingleInput):
    """One address, asked once; a link sent to it confirms it. Its domain is not looked up here."""

    type: Literal["email"]

    @override
    def parse(self, text: str, context: ReadContext) -> Reading:
        address = _normal(fold(text).replace(" ", ""))
        return Reading(address) if address else Reading(None, (Problem("email"),))

    @override
    def check(self, value: object, context: ReadContext) -> list[Problem]:
        if value is None:
            return self.missing()
        return [] if isinstance(value, str) and _normal(value) == value else [Problem("email")]

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"": "string"}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        return {"": value} if isinstance(value, str) else {}


def _normal(text: str) -> str | None:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except (EmailNotValidError, UnicodeError):
        return None
