"""All checks of a definition before it is published."""

from collections.abc import Callable, Iterable
from datetime import date
from types import MappingProxyType

from forms.catalogue.vocabulary import Vocabulary
from forms.checks.advice import advice
from forms.checks.braces import brace_diagnostics
from forms.checks.example_answers import example_answer_diagnostics
from forms.checks.examples import example_diagnostics
from forms.checks.implementers import unimplemented_diagnostics
from forms.checks.money import money_diagnostics
from forms.checks.offers import offer_diagnostics
from forms.checks.reach import reach_diagnostics
from forms.checks.stage_forms import named_form_diagnostics
from forms.checks.translations import translation_faults
from forms.checks.type_names import type_name_diagnostics
from forms.definition.diagnostics import Diagnostic, UnlocatedDiagnostic
from forms.definition.lists import Lists
from forms.definition.procedure import Definition
from forms.definition.source import read
from forms.evaluation.city import City
from forms.loading import by_line, examine, located
from forms.routing.checks import routing_diagnostics
from forms.workflow.own_diagnostics import role_diagnostics

#: Checks of names that only somebody outside knows: layers, departments.
Further = Callable[[Definition], Iterable[UnlocatedDiagnostic]]


def check(
    text: str | bytes,
    city: City | None = None,
    today: date | None = None,
    further: Further | None = None,
    lists: Lists = MappingProxyType({}),
    vocabulary: Vocabulary | None = None,
) -> list[Diagnostic]:
    """Errors, which keep a definition from being published, and advice. An empty list means that nothing is left to improve.

    Reads the text, compiles every expression, walks the workflow, runs the examples, as `city` where they name none, and sends
    made-up residents through the form, on `today` where no example names a day; never raises for bad text.
    `further` gets the definition, or the sound parts of a faulty one, so that all faults come at once. `lists` are the
    tables that the city shares, `vocabulary` its words.
    """
    reading = read(text)
    if reading.source is None:
        return list(reading.diagnostics)
    source = reading.source
    examined = examine(source, lists, vocabulary)
    definition = examined.definition
    diagnostics = list(examined.diagnostics)
    if definition is not None:
        without_running = [
            *unimplemented_diagnostics(definition),
            *named_form_diagnostics(definition),
            *brace_diagnostics(definition),
            *type_name_diagnostics(definition),
            *offer_diagnostics(definition, today or date.today()),  # noqa: DTZ011 - a library has no time zone of a city
            *money_diagnostics(definition),
            *role_diagnostics(definition),
            *translation_faults(definition, examined.is_written),
            *routing_diagnostics(definition, definition.vocabulary.facts),
            *example_answer_diagnostics(definition, today or date.today()),  # noqa: DTZ011 - a library has no time zone of a city
        ]
        diagnostics += examined.of_its_own([*without_running, *(further(definition) if further else ())])
    if definition is None or examined.diagnostics or reading.diagnostics:
        return by_line([*reading.diagnostics, *located(diagnostics, source)])
    if not definition.has_form:
        return located([*diagnostics, *advice(definition)], source)
    diagnostics += [
        *example_diagnostics(definition, city),
        *reach_diagnostics(_with_shared(text, lists, vocabulary), definition, city, today or date.today()),  # noqa: DTZ011 - a library has no time zone of a city
        *advice(definition),
    ]
    return located(diagnostics, source)


def _with_shared(text: str | bytes, lists: Lists, vocabulary: Vocabulary | None) -> str | bytes:
    """What tells a walk from others: the text, and what the city's tables and words say."""
    own = vocabulary.own(vocabulary.own_items | vocabulary.own_facts | vocabulary.own_roles) if vocabulary else {}
    return f"{text!r}{sorted(lists.items())!r}{own!r}" if lists or own else text
