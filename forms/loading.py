"""From a text to a definition that is certain to run, or to diagnostics that name every line to fix."""

from collections.abc import Iterable

from pydantic import ValidationError

from forms.checks.stage_forms import stage_form_diagnostics
from forms.checks.structure import structure_diagnostics
from forms.definition.diagnostics import DefinitionError, Diagnostic, UnlocatedDiagnostic
from forms.definition.explaining import explain, is_echo
from forms.definition.procedure import Definition
from forms.definition.source import Path, Source, dotted, read_source
from forms.evaluation.program import compile_program
from forms.workflow.diagnostics import workflow_diagnostics

_MAX_DIAGNOSTICS = 100


def load(text: str | bytes) -> Definition:
    """Read a definition in YAML or JSON. DefinitionError with everything that keeps it from running."""
    return load_source(read_source(text))


def load_source(source: Source) -> Definition:
    """Load a definition from a parsed text. Raises DefinitionError."""
    try:
        definition = Definition.model_validate(source.tree)
    except ValidationError as error:
        by_path: dict[Path, UnlocatedDiagnostic] = {}
        for detail in error.errors(include_url=False, include_input=False):
            if not is_echo(detail, source.tree):
                diagnostic = explain(detail, source.tree)
                by_path.setdefault(diagnostic.path, diagnostic)
        raise DefinitionError(located(by_path.values(), source)) from error
    diagnostics = [*structure_diagnostics(definition), *stage_form_diagnostics(definition)]
    if not diagnostics:
        diagnostics = [*compile_program(definition)[1], *workflow_diagnostics(definition)]
    if diagnostics:
        raise DefinitionError(located(diagnostics, source))
    return definition


def located(unlocated: Iterable[UnlocatedDiagnostic], source: Source) -> list[Diagnostic]:
    """The diagnostics with their lines, each once: errors before advice, both in the order of the text; at most 100."""
    diagnostics = {
        Diagnostic(
            dotted(diagnostic.path),
            source.line(diagnostic.path),
            diagnostic.message,
            diagnostic.remedy,
            diagnostic.severity,
            diagnostic.offer,
        )
        for diagnostic in unlocated
    }
    in_order = sorted(
        diagnostics, key=lambda diagnostic: (diagnostic.severity != "error", diagnostic.line, diagnostic.path)
    )
    return in_order[:_MAX_DIAGNOSTICS]
