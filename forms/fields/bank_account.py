"""`bank_account`: where money is paid to."""

import re
from collections.abc import Mapping
from typing import Literal

from pydantic import JsonValue
from typing_extensions import override

from forms.fields.base import FieldError
from forms.fields.parts import PartsField
from forms.text.kana import is_holder, to_holder
from forms.text.messages import message
from writing.folding import ANSWER, CODE, single_spaces

KINDS = ("ordinary", "checking", "savings")
_DIGITS = {"bank_code": 4, "branch_code": 3, "number": 7}
_NOT_DIGITS = {"bank_code": "bank_code", "branch_code": "branch_code", "number": "account_number"}


class BankAccountField(PartsField):
    """Bank, branch, kind, number of seven digits, and the holder's name in katakana as the bank writes it."""

    type: Literal["bank_account"]
    sensitive: bool = True

    parts = ("bank_name", "bank_code", "branch_name", "branch_code", "kind", "number", "holder")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of account to choose from."""
        return KINDS

    @override
    def tidy(self, part: str, text: str) -> str:
        if part in _DIGITS:
            return CODE(text).replace(" ", "").replace("-", "")
        if part == "holder":
            return to_holder(text)
        return single_spaces(ANSWER(text))

    @override
    def part_errors(self, part: str, text: str) -> list[FieldError]:
        if part in _DIGITS and not re.fullmatch(rf"[0-9]{{{_DIGITS[part]}}}", text):
            return [FieldError(_NOT_DIGITS[part])]
        if part == "kind" and text not in KINDS:
            return [FieldError("choice")]
        if part == "holder" and not is_holder(text):
            return [FieldError("holder")]
        return []

    @override
    def show(self, value: JsonValue, language: str) -> str:
        texts = self.texts(value)
        if not texts:
            return ""
        kind = texts.get("kind", "")
        shown = [
            _place(texts, "bank", language),
            _place(texts, "branch", language),
            message(f"account_{kind}", language) if kind in KINDS else "",
            *(
                message(f"account_{part}_shown", language, **{part: texts[part]})
                for part in ("number", "holder")
                if part in texts
            ),
        ]
        return " ".join(word for word in shown if word)


def _place(texts: Mapping[str, str], which: str, language: str) -> str:
    """A bank or branch with its code behind it, which says which it is however it was named."""
    name, code = texts.get(f"{which}_name", ""), texts.get(f"{which}_code", "")
    return message("account_place", language, name=name, digits=code) if name and code else name or code
