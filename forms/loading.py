"""From a text to a definition that is certain to run, or to faults that name every line to fix."""

from collections.abc import Iterable

from pydantic import ValidationError

from forms.checks.stage_forms import stage_form_findings
from forms.checks.structure import structure_findings
from forms.definition.explaining import explain, is_echo
from forms.definition.faults import DefinitionError, Fault, Finding
from forms.definition.procedure import Definition
from forms.definition.source import Path, Source, dotted, read_source
from forms.evaluation.program import compile_program
from forms.workflow.findings import workflow_findings

_MOST_FAULTS = 100


def load(text: str | bytes) -> Definition:
    """Read a definition in YAML or JSON. DefinitionError with everything that keeps it from running."""
    return load_source(read_source(text))


def load_source(source: Source) -> Definition:
    """The same for a text that has been read already."""
    try:
        definition = Definition.model_validate(source.tree)
    except ValidationError as error:
        by_path: dict[Path, Finding] = {}
        for detail in error.errors(include_url=False, include_input=False):
            if not is_echo(detail, source.tree):
                finding = explain(detail, source.tree)
                by_path.setdefault(finding.path, finding)
        raise DefinitionError(placed(by_path.values(), source)) from error
    findings = [*structure_findings(definition), *stage_form_findings(definition)]
    if not findings:
        findings = [*compile_program(definition)[1], *workflow_findings(definition)]
    if findings:
        raise DefinitionError(placed(findings, source))
    return definition


def placed(findings: Iterable[Finding], source: Source) -> list[Fault]:
    """Findings with the lines they stand on, each once: errors before advice, both in the order of the text."""
    faults = {
        Fault(
            dotted(finding.path),
            source.line(finding.path),
            finding.message,
            finding.remedy,
            finding.severity,
            finding.offer,
        )
        for finding in findings
    }
    return sorted(faults, key=lambda fault: (fault.severity != "error", fault.line, fault.path))[:_MOST_FAULTS]
