"""The variables of standard texts: `{applicant}` stands for what each case has in its place."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from portal.core.errors import Invalid

VARIABLES: Final[Mapping[str, str]] = {
    "applicant": "申請した人の名前",
    "number": "受付番号",
    "procedure": "手続きの名前",
    "place": "申請の場所",
    "office": "担当の課",
    "phone": "担当の課の電話",
    "today": "送る日",
    "deadline": "回答の期限(補正の文だけ)",
}
"""Every variable with what it stands for. `deadline` is the day until which a correction is to be answered."""
_VARIABLE = re.compile(r"\{([A-Za-z_]+)\}")


def names_in(text: str) -> list[str]:
    """The names that stand in braces, known or not, in their order and each once."""
    return list(dict.fromkeys(_VARIABLE.findall(text)))


def pieces(text: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is a variable: to be shown as it was written."""
    parts = _VARIABLE.split(text)
    return [(f"{{{part}}}" if number % 2 else part, number % 2 == 1) for number, part in enumerate(parts) if part]


def unknown(name: str) -> str:
    """The sentence that refuses a name that is no variable."""
    return f"波かっこの中の「{name}」は、差し込みの名前ではありません。使えるのは {'、'.join(VARIABLES)} です。"


def fill(text: str, value_of: Callable[[str], str], *, field: str) -> str:
    """The text with the values of its variables. Raises Invalid, at that field, for a name that is none, and for one without a value."""
    for name in names_in(text):
        if name not in VARIABLES:
            _refuse(unknown(name), field)
        if not value_of(name):
            meaning = VARIABLES[name].partition("(")[0]
            _refuse(f"差し込み「{name}」に入る{meaning}が、ここにはありません。言葉で書いてください。", field)
    return _VARIABLE.sub(lambda match: value_of(match[1]), text)


def _refuse(sentence: str, field: str) -> None:
    raise Invalid(sentence, {field: sentence})
