"""What is inside a group, compiled: conditions, defaults and options of its questions, and the groups in its rows."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from forms.definition.diagnostics import UnlocatedDiagnostic
from forms.definition.procedure import Definition, group_fields
from forms.definition.source import Path
from forms.evaluation.compiled import CompiledRows
from forms.evaluation.defaults import CompiledDefault, compile_default
from forms.evaluation.option_rules import CompiledOffers
from forms.expressions.language import Compiled, Language, Names, ResultType
from forms.fields import FieldType, GroupField
from forms.fields.path import head_of

Needs = Mapping[str, Collection[str]]


class Expression(Protocol):
    """Compiles a text at a place; None, and a diagnostic, where it cannot be."""

    def __call__(
        self, path: Path, text: str | None, result_type: ResultType, language: Language | None, *, strict: bool = False
    ) -> Compiled | None:
        """Compile it in a language, or in that of the whole form."""


@dataclass(frozen=True)
class RowCompiler:
    """Compiles the groups of a definition.

    `around` are the names at the place of a group and `language` the language there. `row_language` gives the one inside its rows, made
    when something speaks it; `offers` compiles a question's options, `in_order` brings names into the order of what they need.
    """

    definition: Definition
    around: Names
    language: Language
    expression: Expression
    row_language: Callable[[str, Language], Language]
    offers: Callable[[Path, FieldType, Language | None], CompiledOffers | None]
    in_order: Callable[[Needs, Callable[[str], Path]], tuple[str, ...]]
    report: Callable[[UnlocatedDiagnostic], None]

    def compile(self, path: Path, group: GroupField) -> CompiledRows:
        """A group with everything in it."""
        inner = group_fields(group)
        places: dict[str, Path] = {question.id: (*path, "fields", n) for n, question in enumerate(inner)}
        conditions = self._conditions(group, places, "show_when")
        required = self._conditions(group, places, "required_when")
        defaults = dict(self._defaults(group, places))
        offers = self._offers(group, places)
        groups = {
            question.id: self._inside(group).compile(places[question.id], question)
            for question in inner
            if isinstance(question, GroupField)
        }
        own = places.keys()
        limits = [self._limit(path, group, name) for name in ("min", "max")]
        needs = {
            name: _heads(conditions.get(name))
            | (defaults[name].sources if name in defaults else frozenset())
            | (offers[name].sources if name in offers else frozenset())
            | (_around(groups[name]) if name in groups else frozenset())
            for name in own
        }
        order = self.in_order(
            {name: (needed & own) - {name} for name, needed in needs.items()},
            lambda name: (*places[name], "show_when"),
        )
        sources = frozenset().union(*needs.values(), *(_heads(condition) for condition in required.values()))
        return CompiledRows(
            order,
            conditions,
            required,
            frozenset(name for name in self.around.types if head_of(name) in own),
            looks_outside=bool(sources - own - {group.id}),
            looks_at_rows=group.id in sources,
            least=limits[0],
            most=limits[1],
            defaults=defaults,
            inner=groups,
            sources=sources - own,
            offers=any(compiled.is_conditional for compiled in offers.values()),
            begins_with=self._begins_with(path, group),
        )

    def _begins_with(self, path: Path, group: GroupField) -> Compiled | None:
        """The condition of rows that are filled in from elsewhere, over their own questions: nobody has seen the rest yet."""
        if group.rows_from is None or group.rows_from.where is None:
            return None
        language = Language(self.around.of_row(group.id))
        return self.expression((*path, "rows_from", "where"), group.rows_from.where, "bool", language)

    def _inside(self, group: GroupField) -> "RowCompiler":
        language = self.row_language(group.id, self.language)
        return replace(self, around=language.names, language=language)

    def _limit(self, path: Path, group: GroupField, name: str) -> Compiled | None:
        limit = getattr(group, name)
        text = limit if isinstance(limit, str) else None
        return self.expression((*path, name), text, "number", self.language, strict=True)

    def _conditions(self, group: GroupField, places: Mapping[str, Path], setting: str) -> dict[str, Compiled]:
        compiled: dict[str, Compiled] = {}
        for question in group_fields(group):
            text = getattr(question, setting)
            language = self.row_language(group.id, self.language) if text is not None else None
            if condition := self.expression((*places[question.id], setting), text, "bool", language):
                compiled[question.id] = condition
        return compiled

    def _defaults(self, group: GroupField, places: Mapping[str, Path]) -> Iterator[tuple[str, CompiledDefault]]:
        beside = {**self.definition.fields, **{question.id: question for question in group_fields(group)}}

        def compile_text(path: Path, text: str, result: ResultType) -> Compiled | None:
            return self.expression(path, text, result, self.row_language(group.id, self.language), strict=True)

        for question in group_fields(group):
            for part in compile_default(beside, places[question.id], question, compile_text):
                if isinstance(part, CompiledDefault):
                    yield question.id, part
                else:
                    self.report(part)

    def _offers(self, group: GroupField, places: Mapping[str, Path]) -> dict[str, CompiledOffers]:
        compiled = {}
        for question in group_fields(group):
            language = self.row_language(group.id, self.language) if _has_conditions(question) else None
            if (offers := self.offers(places[question.id], question, language)) is not None:
                compiled[question.id] = offers
        return compiled


def _heads(compiled: Compiled | None) -> frozenset[str]:
    return frozenset(head_of(name) for name in compiled.names) if compiled else frozenset()


def _around(rows: CompiledRows) -> frozenset[str]:
    """What a group in a row speaks of around it, its limits too."""
    return rows.sources | _heads(rows.least) | _heads(rows.most)


def _has_conditions(question: FieldType) -> bool:
    """Whether what a question offers may speak of the answers beside it."""
    if getattr(question, "offer", None) is not None:
        return True
    options = getattr(question, "options", None)
    written = options if isinstance(options, list) else [options] if options is not None else []
    return any(getattr(part, "show_when", None) or getattr(part, "where", None) for part in written)
