"""Lines of a fee are kept in clear and go to the payment provider, so their explanations must not say who somebody is."""

from collections.abc import Iterator

from forms import Definition, Diagnostic
from forms.definition.procedure import group_fields
from forms.definition.source import dotted, read_source
from forms.evaluation.compiled import CompiledFee
from forms.evaluation.program import program_of
from forms.expressions.language import Compiled
from forms.fields.path import head_of
from portal.cases import is_sealed_type

_SAYS_NO_NAME = {"int", "double", "bool"}
"""What an expression may come out as, whatever it speaks of: an age or a number of people explains an amount and names nobody."""


def explanation_diagnostics(definition: Definition, source: str) -> Iterator[Diagnostic]:
    """The explanations that show an answer which is sealed wherever it is kept."""
    hidden = {field.id: False for field in definition.fields.values() if is_sealed_type(field)}
    hidden |= {
        inner.id: True for field in definition.fields.values() for inner in group_fields(field) if is_sealed_type(inner)
    }
    lines = read_source(source)
    for number, fee in enumerate(program_of(definition).fees):
        shown = sorted({name for part in _expressions(fee) for name in _named(part, hidden)})
        if shown:
            path = ("fee", number, "explain")
            names = "、".join(f"「{name}」" for name in shown)
            yield Diagnostic(
                dotted(path),
                lines.line(path),
                f"料金の説明に、{names}の答えが出ます。説明は暗号にせずに保管し、決済会社にも送ります。",
                "人を表す答えは説明から外し、数や日数などで説明してください。",
            )


def _expressions(fee: CompiledFee) -> Iterator[Compiled]:
    for template in fee.explain.values():
        yield from (part for part in template.parts if isinstance(part, Compiled) and part.result not in _SAYS_NO_NAME)


def _named(expression: Compiled, hidden: dict[str, bool]) -> Iterator[str]:
    """The hidden questions that it speaks of, those of rows too."""
    outside = {head_of(name) for name in expression.names}
    in_rows = {name for _, name in expression.row_names}
    for question, in_row in hidden.items():
        if question in outside or (in_row and question in in_rows):
            yield question
