"""Answers that a definition fills in until the applicant writes their own (`default`), and those that it always does (`read_only`)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from pydantic import JsonValue

from forms.definition.diagnostics import UnlocatedDiagnostic
from forms.definition.source import Path
from forms.expressions.language import Compiled, ResultType
from forms.expressions.values import ExpressionFailed, NotDecided
from forms.fields import FieldType
from forms.fields.integer import WholeNumber
from forms.fields.number import NumberField
from forms.fields.path import head_of

#: What an expression must come out as to be the answer to a question. Other types can only take the answer of another question.
_RESULTS: Mapping[str, ResultType] = {
    **dict.fromkeys(("text", "long_text", "choice", "email", "time"), "string"),
    **dict.fromkeys(("integer", "money", "number"), "number"),
    **dict.fromkeys(("date", "birthday"), "date"),
    "yes_no": "bool",
}


@dataclass(frozen=True)
class CompiledDefault:
    """The `default` of a question: an expression, or the id of another question of its type, whose answer it takes whole."""

    expression: Compiled | None
    copied: str | None = None

    @property
    def sources(self) -> frozenset[str]:
        """The first parts of the names that it speaks of."""
        if self.copied is not None:
            return frozenset({self.copied})
        return frozenset(head_of(name) for name in self.expression.names) if self.expression else frozenset()

    def answer(self, question: FieldType, answers: Mapping[str, Any], scope: dict[str, Any]) -> JsonValue:
        """The answer that it gives; None while it gives none."""
        if self.copied is not None:
            copied: JsonValue = answers.get(self.copied)
            return copied
        try:
            return _as_answer(question, self.expression.value(scope)) if self.expression else None
        except (ExpressionFailed, NotDecided):
            return None


def compile_default(
    beside: Mapping[str, FieldType],
    path: Path,
    question: FieldType,
    compile_text: Callable[[Path, str, ResultType], Compiled | None],
) -> Iterator[CompiledDefault | UnlocatedDiagnostic]:
    """The default of a question, or what is wrong with it; nothing where it has none. `beside` are the questions whose answers it may take."""
    if question.default is None:
        return
    place = (*path, "default")
    text = question.default if isinstance(question.default, str) else str(question.default).lower()
    other = beside.get(text.strip())
    if other is not None and other.id != question.id and other.type == question.type:
        yield CompiledDefault(None, other.id)
        return
    result = _RESULTS.get(question.type)
    if result is None:
        message = f"{question.type} の質問の default には、同じ種類の質問のIDだけを書けます。"
        same = [name for name, field in beside.items() if field.type == question.type and field.id != question.id]
        yield UnlocatedDiagnostic(
            place, message, f"使えるのは {'、'.join(same)} です。" if same else "default を消してください。"
        )
        return
    expression = compile_text(place, text, result)
    if expression is None:
        return
    if isinstance(question, WholeNumber) and expression.result == "double":
        message = "この質問は整数ですが、式は小数になることがあります。"
        yield UnlocatedDiagnostic(place, message, "floor(…)、ceil(…)、round(…) のどれかで整数にしてください。")
        return
    yield CompiledDefault(expression)


def _as_answer(question: FieldType, value: object) -> JsonValue:
    match value:
        case date():
            return value.isoformat()
        case Fraction():
            decimals = question.decimals if isinstance(question, NumberField) else 6
            number = round(float(value), decimals)
            return int(number) if number.is_integer() else number
        case bool() | int() | str():
            return value
    return None
