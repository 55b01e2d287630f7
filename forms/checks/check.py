"""All checks of a definition before it is published."""

from forms.checks.advice import advice
from forms.checks.examples import example_diagnostics
from forms.checks.implementers import unimplemented_diagnostics
from forms.checks.stage_forms import named_form_diagnostics
from forms.definition.diagnostics import DefinitionError, Diagnostic
from forms.definition.source import read_source
from forms.evaluation.city import City
from forms.loading import load_source, located


def check(text: str | bytes, city: City | None = None) -> list[Diagnostic]:
    """Errors, which keep a definition from being published, and advice. An empty list means that nothing is left to improve.

    Reads the text, compiles every expression, walks the workflow and runs the examples, as `city` where they name none;
    never raises for bad text.
    """
    try:
        source = read_source(text)
        definition = load_source(source)
    except DefinitionError as error:
        return error.diagnostics
    diagnostics = [
        *unimplemented_diagnostics(definition),
        *named_form_diagnostics(definition),
        *example_diagnostics(definition, city),
        *advice(definition),
    ]
    return located(diagnostics, source)
