"""`statement`: a text without a question."""

import re
from collections.abc import Callable
from typing import Literal

from pydantic import JsonValue, field_validator
from typing_extensions import override

from forms.definition.strict_model import Key
from forms.fields.base import FieldError, FieldType, ReadContext, Reading
from forms.fields.reader import FormReader
from forms.text.localized import Text

#: What a note names to have people phone the city itself.
CITY = "city"

_NUMBER = re.compile(r"#?[0-9][0-9-]{1,18}[0-9]", re.ASCII)
_LONGEST_KEY = 60
_DEPARTMENT = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)


class StatementField(FieldType):
    """A note on a page; `tone` chooses how it looks. It has no answer.

    `leads_to` is another procedure that is to be done too, or instead: who takes it stands below, with telephone and place.
    `call` is whom to phone: the city itself (`city`), a department by its key, or a number (119, #9910, 03-5253-1111).
    """

    type: Literal["statement"]
    text: Text
    tone: Literal["info", "warn"] = "info"
    leads_to: Key | None = None
    call: str | None = None
    required: bool = False

    is_question = False
    takes_default = False

    @field_validator("call")
    @classmethod
    def _can_be_called(cls, call: str | None) -> str | None:
        if call is None or _NUMBER.fullmatch(call) or (len(call) <= _LONGEST_KEY and _DEPARTMENT.fullmatch(call)):
            return call
        raise ValueError(
            'call には、city(市の代表電話)、課のキー、電話番号(例：119、"#9910"、042-523-2111)のどれかを書いてください。'
        )

    @property
    def department_to_call(self) -> str | None:
        """The key of the department that is to be phoned; None where it is the city, a number, or nobody."""
        return None if self.call in (None, CITY) or _NUMBER.fullmatch(self.call) else self.call

    def telephone(self, phone_of: Callable[[str], str] | None) -> str:
        """The number to call, as people read it; `phone_of` knows that of `city` and of departments. Empty where there is none."""
        if self.call is None or _NUMBER.fullmatch(self.call):
            return self.call or ""
        return phone_of(self.call) if phone_of else ""

    @property
    def calls_an_office(self) -> bool:
        """Whether it is the city or a department that is to be phoned, which answer in office hours; not a number such as 119."""
        return self.call is not None and not _NUMBER.fullmatch(self.call)

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        return Reading()

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        return [] if value is None else [FieldError("malformed")]

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        return {}

    @override
    def show(self, value: JsonValue, language: str) -> str:
        return ""
