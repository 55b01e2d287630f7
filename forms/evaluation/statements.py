"""Statements on a page whose words follow from the answers: 「届出の期限は{last_day}です」."""

import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.evaluation.scope import names_of
from forms.evaluation.templates import Template
from forms.expressions.functions import FUNCTIONS
from forms.expressions.language import Compiled
from forms.fields.path import head_of
from forms.fields.statement import StatementField
from forms.text.localized import Language, Text

#: A statement in each of its languages.
CompiledStatement = Mapping[Language, Template]

BRACES = re.compile(r"(\{[^{}]*\})")
_WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_CALL = re.compile(r"([A-Za-z_]\w*)\s*\(", re.ASCII)


def names_in_texts(definition: Definition) -> frozenset[str]:
    """The names by which braces in a text are known to hold an expression."""
    return frozenset(
        {head_of(name) for name in names_of(definition).types} | {value.id for value in definition.compute}
    )


def is_expression(braces: str, names: frozenset[str]) -> bool:
    """Whether what stands in braces is to be worked out: it names a question, a fact or a function."""
    return not names.isdisjoint(_WORD.findall(braces)) or any(name in FUNCTIONS for name in _CALL.findall(braces))


def compile_statements(
    definition: Definition, compile_inside: Callable[[Path], Callable[[str], Compiled | None]]
) -> Iterator[tuple[str, CompiledStatement]]:
    """The statements with expressions in braces, by the id of the question; `compile_inside(path)` compiles what stands in them."""
    names = names_in_texts(definition)
    for number, step in enumerate(definition.steps):
        for position, question in enumerate(step.fields):
            if not isinstance(question, StatementField):
                continue
            texts = question.text.root
            if any(is_expression(braces, names) for text in texts.values() for braces in BRACES.findall(text)):
                path: Path = ("steps", number, "fields", position, "text")
                yield (
                    question.id,
                    {key: _template(text, names, compile_inside((*path, key))) for key, text in texts.items()},
                )


def _template(text: str, names: frozenset[str], compile_expression: Callable[[str], Compiled | None]) -> Template:
    """Other braces stand for themselves."""
    parts: list[str | Compiled | None] = [
        compile_expression(part[1:-1].strip()) if BRACES.fullmatch(part) and is_expression(part, names) else part
        for part in BRACES.split(text)
    ]
    return Template(tuple(part for part in parts if part))


def filled_statements(
    statements: Mapping[str, CompiledStatement], visible: AbstractSet[str], scope: dict[str, object]
) -> dict[str, Text]:
    """What the statements that show say now."""
    return {
        name: Text.model_construct(
            {language: template.fill(scope, language) for language, template in statement.items()}
        )
        for name, statement in statements.items()
        if name in visible
    }
