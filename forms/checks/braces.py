"""Braces in texts that nothing fills in: a resident would read `{died + days(14)}` as it stands."""

from collections.abc import Iterator

from pydantic import BaseModel

from forms.definition.diagnostics import UnlocatedDiagnostic, shown
from forms.definition.fee import FeeRule
from forms.definition.payout import PayoutRule
from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.definition.states import OwnMove, Reminder
from forms.evaluation.statements import BRACES, is_expression, names_in_texts
from forms.fields.day_offer import DayOffer
from forms.fields.statement import StatementField
from forms.text.localized import Text

_LENGTH_ON_PAGE = 4  # steps.0.fields.1


def brace_diagnostics(definition: Definition) -> list[UnlocatedDiagnostic]:
    """Every text with an expression in braces, but for those in which they are filled in."""
    return list(_in(definition, (), names_in_texts(definition)))


def _is_filled_in(part: BaseModel, path: Path, setting: str) -> bool:
    """Whether expressions in the braces of this text are worked out. In rows no statement is: each row would have its own."""
    is_on_page = isinstance(part, StatementField) and len(path) == _LENGTH_ON_PAGE
    return (
        (isinstance(part, FeeRule | PayoutRule) and setting == "explain")
        or (isinstance(part, OwnMove | Reminder) and setting == "message")
        or (is_on_page and setting == "text")
        or (isinstance(part, DayOffer) and setting == "rule")
    )


def _in(part: object, path: Path, names: frozenset[str]) -> Iterator[UnlocatedDiagnostic]:
    if isinstance(part, Text):
        for language, text in part.root.items():
            braces = next((braces for braces in BRACES.findall(text) if is_expression(braces, names)), None)
            if braces is not None:
                yield UnlocatedDiagnostic(
                    (*path, language),
                    f"文の中の「{shown(braces)}」は計算されず、このまま表示されます。",
                    "値を入れられるのは、説明(statement)の text、料金と支払いの explain、動き・催促の message、選ぶ日の決まり(offer の rule)です。"
                    "波括弧を使わない文にしてください。"
                    "値は compute に label をつけて書くと、申請する人に見せられます。",
                )
    elif isinstance(part, BaseModel):
        for name, info in type(part).model_fields.items():
            if not _is_filled_in(part, path, name):
                yield from _in(getattr(part, name), (*path, info.alias or name), names)
    elif isinstance(part, tuple | list):
        for number, inner in enumerate(part):
            yield from _in(inner, (*path, number), names)
