"""From a text to a definition that is certain to run, or to diagnostics that name every line to fix."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from forms.catalogue.vocabulary import Vocabulary, shipped, vocabulary_of
from forms.checks.stage_forms import stage_form_diagnostics
from forms.checks.structure import ambiguous_ids, structure_diagnostics
from forms.definition.diagnostics import DefinitionError, Diagnostic, Item, UnlocatedDiagnostic
from forms.definition.lists import Lists, with_lists
from forms.definition.procedure import Definition
from forms.definition.salvage import Salvaged, salvage
from forms.definition.shorthand import written_out
from forms.definition.source import Path, Source, dotted, read
from forms.evaluation.program import compile_program
from forms.evaluation.vocabulary_use import words_used
from forms.workflow.diagnostics import workflow_diagnostics

_MAX_DIAGNOSTICS = 100
_VOCABULARY = "vocabulary"


def load(text: str | bytes, lists: Lists = MappingProxyType({}), vocabulary: Vocabulary | None = None) -> Definition:
    """Read a definition in YAML or JSON. DefinitionError with everything that keeps it from running.

    `lists` are the tables that the city shares; without one of them the rows of the definition stand in for it. `vocabulary` are
    the words that the city shares, those that come with Madoguchi without one.
    """
    reading = read(text)
    if reading.source is None:
        raise DefinitionError(reading.diagnostics)
    examined = examine(reading.source, lists, vocabulary)
    if reading.diagnostics or examined.diagnostics or examined.definition is None:
        raise DefinitionError(by_line([*reading.diagnostics, *located(examined.diagnostics, reading.source)]))
    return examined.definition


def document_of(definition: Definition) -> dict[str, Any]:
    """The definition as plain data, in its order; `load_document` makes it again. The city's own words that it uses go with it."""
    document = definition.model_dump(mode="json", by_alias=True, exclude_none=True)
    own = definition.vocabulary.own(words_used(definition))
    return {**document, _VOCABULARY: own} if own else document


def load_document(document: Mapping[str, Any]) -> Definition:
    """Make a definition of what `document_of` gave, some fifty times as fast as from its text.

    Nothing but the grammar is checked again. Raises ValueError where the grammar has changed since.
    """
    definition = Definition.model_validate({key: part for key, part in document.items() if key != _VOCABULARY})
    if _VOCABULARY in document:
        definition.use_vocabulary(vocabulary_in(document))
    return definition


def vocabulary_in(document: Mapping[str, Any]) -> Vocabulary:
    """The shared words with which a definition was published. Raises ValueError where their grammar has changed since."""
    return vocabulary_of(document.get(_VOCABULARY, {}))


def load_source(source: Source) -> Definition:
    """Load a definition from a parsed text. Raises DefinitionError."""
    examined = examine(source)
    if examined.diagnostics or examined.definition is None:
        raise DefinitionError(located(examined.diagnostics, source))
    return examined.definition


@dataclass(frozen=True)
class Examined:
    """What a text says as far as it is sound, and every fault that can be seen without running it.

    `definition` is only fit for more checks while there are diagnostics: stand-ins take the places of the faulty parts.
    """

    definition: Definition | None
    diagnostics: list[UnlocatedDiagnostic]
    salvaged: Salvaged

    def of_its_own(self, diagnostics: Iterable[UnlocatedDiagnostic]) -> list[UnlocatedDiagnostic]:
        """Those of further diagnostics that speak of what is written, not of a stand-in."""
        return [
            replace(
                diagnostic,
                path=self.salvaged.as_written(diagnostic.path),
                items=tuple(replace(item, path=self.salvaged.as_written(item.path)) for item in diagnostic.items),
            )
            for diagnostic in diagnostics
            if self.is_written(diagnostic.path)
        ]

    def is_written(self, path: Path) -> bool:
        """Whether what the definition has at a place stands in the text, and is no stand-in."""
        return not self.salvaged.is_follow_on(path)


def examine(source: Source, lists: Lists = MappingProxyType({}), vocabulary: Vocabulary | None = None) -> Examined:
    """All faults of a parsed text in one pass: grammar, names, expressions, workflow."""
    words = vocabulary or shipped()
    salvaged = salvage(written_out(with_lists(source.tree, lists), words), source.unread)
    definition = salvaged.definition
    examined = Examined(definition, list(salvaged.diagnostics), salvaged)
    if definition is None:
        return examined
    definition.use_vocabulary(words)
    if ambiguous := ambiguous_ids(definition):
        definition.set_unread(replace(definition.unread, untyped=definition.unread.untyped | ambiguous))
    examined.diagnostics.extend(
        examined.of_its_own(
            [
                *structure_diagnostics(definition),
                *stage_form_diagnostics(definition),
                *compile_program(definition)[1],
                *workflow_diagnostics(definition),
            ]
        )
    )
    return examined


def located(unlocated: Iterable[UnlocatedDiagnostic], source: Source) -> list[Diagnostic]:
    """The diagnostics with their lines, each once; at most 100.

    Errors come before advice, both in the order of the text; lists of work come last.
    """
    diagnostics = {
        Diagnostic(
            dotted(diagnostic.path),
            source.line(diagnostic.path),
            diagnostic.message,
            diagnostic.remedy,
            diagnostic.severity,
            diagnostic.offer,
            tuple(Item(dotted(item.path), source.line(item.path), item.text) for item in diagnostic.items),
        )
        for diagnostic in unlocated
    }
    return by_line(diagnostics)


def by_line(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Errors before advice, both in the order of the text, lists of work last; at most 100."""
    in_order = sorted(
        diagnostics,
        key=lambda diagnostic: (
            diagnostic.severity != "error",
            bool(diagnostic.items),
            diagnostic.line,
            diagnostic.path,
            diagnostic.message,
        ),
    )
    return in_order[:_MAX_DIAGNOSTICS]
