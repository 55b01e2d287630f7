"""Braces in texts that nothing fills in: a resident would read `{died + days(14)}` as it stands."""

import re
from collections.abc import Iterator

from pydantic import BaseModel

from forms.definition.diagnostics import UnlocatedDiagnostic, shown
from forms.definition.fee import FeeRule
from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.text.localized import Text

_BRACES = re.compile(r"\{[^{}]*\}")


def brace_diagnostics(definition: Definition) -> list[UnlocatedDiagnostic]:
    """Every text with braces, but for the explanation of a fee, in which they are filled in."""
    return list(_in(definition, ()))


def _in(part: object, path: Path) -> Iterator[UnlocatedDiagnostic]:
    if isinstance(part, Text):
        for language, text in part.root.items():
            if braces := _BRACES.search(text):
                yield UnlocatedDiagnostic(
                    (*path, language),
                    f"文の中の「{shown(braces[0])}」は計算されず、このまま表示されます。",
                    "値を入れられるのは、料金の explain だけです。波括弧を使わない文にしてください。"
                    "値は compute に label をつけて書くと、申請する人に見せられます。",
                )
    elif isinstance(part, BaseModel):
        for name, info in type(part).model_fields.items():
            if not (isinstance(part, FeeRule) and name == "explain"):
                yield from _in(getattr(part, name), (*path, info.alias or name))
    elif isinstance(part, tuple | list):
        for number, inner in enumerate(part):
            yield from _in(inner, (*path, number))
