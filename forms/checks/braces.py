"""Braces in texts that nothing fills in: a resident would read `{died + days(14)}` as it stands."""

import re
from collections.abc import Iterator

from pydantic import BaseModel

from forms.definition.diagnostics import UnlocatedDiagnostic, shown
from forms.definition.fee import FeeRule
from forms.definition.payout import PayoutRule
from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.definition.states import OwnMove, Reminder
from forms.evaluation.scope import names_of
from forms.expressions.functions import FUNCTIONS
from forms.fields.path import head_of
from forms.text.localized import Text

_BRACES = re.compile(r"\{[^{}]*\}")
_WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_CALL = re.compile(r"([A-Za-z_]\w*)\s*\(", re.ASCII)


def brace_diagnostics(definition: Definition) -> list[UnlocatedDiagnostic]:
    """Every text with an expression in braces, but for those in which they are filled in."""
    names = {head_of(name) for name in names_of(definition).types} | {value.id for value in definition.compute}
    return list(_in(definition, (), frozenset(names)))


def _is_expression(text: str, names: frozenset[str]) -> bool:
    """Whether what stands in braces was to be worked out: it names a question, a fact or a function."""
    return not names.isdisjoint(_WORD.findall(text)) or any(name in FUNCTIONS for name in _CALL.findall(text))


def _is_filled_in(part: BaseModel, setting: str) -> bool:
    """Whether expressions in the braces of this text are worked out."""
    return (isinstance(part, FeeRule | PayoutRule) and setting == "explain") or (
        isinstance(part, OwnMove | Reminder) and setting == "message"
    )


def _in(part: object, path: Path, names: frozenset[str]) -> Iterator[UnlocatedDiagnostic]:
    if isinstance(part, Text):
        for language, text in part.root.items():
            braces = next((match[0] for match in _BRACES.finditer(text) if _is_expression(match[0], names)), None)
            if braces is not None:
                yield UnlocatedDiagnostic(
                    (*path, language),
                    f"文の中の「{shown(braces)}」は計算されず、このまま表示されます。",
                    "値を入れられるのは、料金と支払いの explain と、動き・催促の message だけです。波括弧を使わない文にしてください。"
                    "値は compute に label をつけて書くと、申請する人に見せられます。",
                )
    elif isinstance(part, BaseModel):
        for name, info in type(part).model_fields.items():
            if not _is_filled_in(part, name):
                yield from _in(getattr(part, name), (*path, info.alias or name), names)
    elif isinstance(part, tuple | list):
        for number, inner in enumerate(part):
            yield from _in(inner, (*path, number), names)
