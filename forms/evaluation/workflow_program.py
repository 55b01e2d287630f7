"""The expressions of a workflow: conditions of moves, last days of states, and texts to the applicant."""

from functools import partial
from typing import Protocol

from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.evaluation.templates import Template
from forms.evaluation.workflow_scope import workflow_names
from forms.expressions.language import Compiled, Language, Names, ResultType


class CompileExpression(Protocol):
    """Compiles one expression, and keeps its fault."""

    def __call__(
        self, path: Path, text: str | None, result_type: ResultType, language: Language | None = None
    ) -> Compiled | None:
        """The compiled expression; None for a faulty one."""


def compile_workflow(
    definition: Definition, names: Names, compile_expression: CompileExpression
) -> tuple[dict[str, Compiled], dict[str, Template]]:
    """The expressions and the texts by what is written. They see the case and what stages found as well."""
    use = definition.workflow
    kinds: list[tuple[list[tuple[Path, str]], ResultType]] = [
        (list(use.conditions()), "bool"),
        (list(use.last_days()), "date"),
    ]
    messages = list(use.messages())
    compiled: dict[str, Compiled] = {}
    texts: dict[str, Template] = {}
    if not messages and not any(expressions for expressions, _kind in kinds):
        return compiled, texts
    language = Language(workflow_names(definition, names))
    for expressions, kind in kinds:
        for path, text in expressions:
            if expression := compile_expression(("workflow", *path), text, kind, language):
                compiled[text] = expression
    for path, message in messages:
        for key, text in message.root.items():
            texts[text] = Template.compile(text, partial(_part, compile_expression, ("workflow", *path, key), language))
    return compiled, texts


def _part(compile_expression: CompileExpression, path: Path, language: Language, text: str) -> Compiled | None:
    return compile_expression(path, text, "any", language)
