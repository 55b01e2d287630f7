"""The expressions of a workflow and of what an application opens: conditions of moves, last days of states, and texts to the applicant."""

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
        self,
        path: Path,
        text: str | None,
        result_type: ResultType,
        language: Language | None = None,
        *,
        strict: bool = False,
    ) -> Compiled | None:
        """The compiled expression; None for a faulty one."""


def compile_workflow(
    definition: Definition, names: Names, compile_expression: CompileExpression
) -> tuple[Compiled | None, dict[str, Compiled], dict[str, Template]]:
    """What names the desk of a new case, then the expressions and the texts by what is written.

    These see the case and what stages found as well; when another procedure's case is opened is decided by the answers alone.
    """
    use = definition.workflow
    by = use.assign.by if use.assign else None
    assign = compile_expression(("workflow", "assign", "by"), by, "string", strict=True)
    for number, opening in enumerate(definition.opens):
        compile_expression(("opens", number, "when"), opening.when, "bool")
    kinds: list[tuple[list[tuple[Path, str]], ResultType]] = [
        (list(use.conditions()), "bool"),
        (list(use.last_days()), "date"),
    ]
    messages = list(use.messages())
    compiled: dict[str, Compiled] = {}
    texts: dict[str, Template] = {}
    if not messages and not any(expressions for expressions, _kind in kinds):
        return assign, compiled, texts
    language = Language(workflow_names(definition, names))
    for expressions, kind in kinds:
        for path, text in expressions:
            if expression := compile_expression(("workflow", *path), text, kind, language):
                compiled[text] = expression
    for path, message in messages:
        for key, text in message.root.items():
            texts[text] = Template.compile(text, partial(_part, compile_expression, ("workflow", *path, key), language))
    return assign, compiled, texts


def _part(compile_expression: CompileExpression, path: Path, language: Language, text: str) -> Compiled | None:
    return compile_expression(path, text, "any", language)
