"""What a question offers: options with their conditions, options that are answers to other questions, and days."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import Any

from pydantic import JsonValue

from forms.definition.diagnostics import UnlocatedDiagnostic, nearest
from forms.definition.procedure import Definition, group_fields
from forms.definition.source import Path
from forms.evaluation.templates import Template
from forms.expressions.language import Compiled, Language, Names, ResultType
from forms.expressions.values import ExpressionFailed, NotDecided
from forms.fields import FieldType
from forms.fields.date import DateField
from forms.fields.day_offer import DayRule, named_weekdays, weekday_names
from forms.fields.offering import OffersOptions
from forms.fields.options import Option
from forms.fields.path import head_of
from forms.fields.place import PlaceField
from forms.fields.table_options import option_of
from forms.text.localized import Text

_WEEKDAYS = "\ue000"
"""Stands in a compiled rule for the names of the weekdays, which are words of the reader's language and not an expression."""

Compile = Callable[[Path, str, Language | None, ResultType], Compiled | None]


@dataclass(frozen=True)
class CompiledOffers:
    """The conditions of a question's options: of each that the definition writes, and of every row that options are taken from.

    `columns` are those of the table that `where` may speak of, `key` that in which an option has its id, a number where `is_number`.
    Of a question that offers days `weekday` names the weekdays, and `rule` says in each language which days those are.
    """

    of_options: Mapping[str, Compiled] = field(default_factory=dict)
    where: Compiled | None = None
    columns: frozenset[str] = frozenset()
    key: str = ""
    is_number: bool = False
    also_needs: frozenset[str] = frozenset()
    weekday: Compiled | None = None
    rule: Mapping[str, Template] = field(default_factory=dict)

    @property
    def sources(self) -> frozenset[str]:
        """The first parts of the names that the conditions speak of, and the questions whose answers are offered."""
        conditions = [*self.of_options.values(), *([self.where] if self.where else []), *self.of_days]
        names = {head_of(name) for condition in conditions for name in condition.names}
        return (frozenset(names) - self.columns) | self.also_needs

    @property
    def is_conditional(self) -> bool:
        """Whether what is offered can differ."""
        return bool(self.of_options or self.where or self.of_days)

    @property
    def of_days(self) -> list[Compiled]:
        """The expressions that decide which days are offered, and those in the words about it."""
        parts = [part for template in self.rule.values() for part in template.parts if not isinstance(part, str)]
        return [*parts, *([self.weekday] if self.weekday else [])]

    def day_rule(self, question: DateField, scope: Mapping[str, Any], unanswered: bool, language: str) -> DayRule:
        """Which days the answers leave to a question that offers days; `unanswered` when one is missing that it depends on.

        A weekday that cannot be worked out, or names none, leaves none: nobody is promised a day on which nobody comes.
        """
        if unanswered:
            return DayRule(None, "")
        values = dict(scope)
        weekdays = question.offer.fixed_weekdays if question.offer else None
        if self.weekday is not None:
            try:
                weekdays = named_weekdays(str(self.weekday.value(values)))
            except (ExpressionFailed, NotDecided):
                weekdays = frozenset()
        template = self.rule.get(language) or self.rule.get("ja")
        words = template.fill(values, language) if template else ""
        return DayRule(weekdays, words.replace(_WEEKDAYS, weekday_names(weekdays or frozenset(), language)))

    def withholds(self, option: Option, scope: Mapping[str, Any]) -> bool:
        """Whether a condition keeps an option from being offered. One that cannot be worked out does not."""
        if self.where is not None and self.columns:
            key = Fraction(option.id) if self.is_number else option.id
            return self.where.holds({**scope, self.key: key, **option.all_values}) is False
        condition = self.of_options.get(option.id)
        return condition is not None and condition.holds(dict(scope)) is False


def compile_offers(
    definition: Definition, path: Path, question: FieldType, names: Names, compile_text: Compile
) -> Iterator[CompiledOffers | UnlocatedDiagnostic]:
    """What decides what a question offers, and what is wrong with where that stands; nothing for a question that offers nothing."""
    if isinstance(question, DateField) and question.offer is not None:
        yield _compile_days(question, (*path, "offer"), compile_text)
    if not isinstance(question, OffersOptions):
        return
    place = (*path, "options")
    source = question.source
    if source is None:
        conditions = {
            option.id: compiled
            for number, option in enumerate(question.written_options)
            if option.show_when is not None
            and (compiled := compile_text((*place, number, "show_when"), option.show_when, None, "bool"))
        }
        yield CompiledOffers(conditions)
        return
    yield from _faults(definition, place, question)
    needs = {source.group} if source.group in definition.fields else set()
    language: Language | None = None
    columns: dict[str, str] = {}
    key, kind = "", "string"
    if source.table is not None:
        table = next((table for table in definition.tables if table.id == source.table), None)
        key, kind = (table.key[0], table.type_of(table.key[0]) or "string") if table else ("", "string")
        columns = dict(question.option_types())
        columns.pop("label", None)
        columns[key] = kind
        if source.where is not None:
            others = {name: kind for name, kind in names.types.items() if head_of(name) not in columns}
            language = Language(replace(names, types=others | columns, look_ups=names.look_ups - columns.keys()))
    elif source.group in names.rows:
        language = Language(names.with_row(source.group))
    where = (
        compile_text((*place, "where"), source.where, language, "bool")
        if source.where is not None and language
        else None
    )
    also_needs = frozenset(needs | ({source.near} if source.near else set()))
    yield CompiledOffers({}, where, frozenset(columns), key, kind in ("int", "double"), also_needs)


def _compile_days(question: DateField, place: Path, compile_text: Compile) -> CompiledOffers:
    offer = question.offer
    assert offer is not None  # noqa: S101 - only such a question is compiled
    weekday = compile_text((*place, "weekday"), offer.weekday, None, "string") if offer.weekday is not None else None
    rule: dict[str, Template] = {}
    for language, text in offer.rule.root.items() if offer.rule else ():
        compile_part = partial(_compile_part, compile_text, (*place, "rule", language))
        rule[language] = Template.compile(text.replace("{weekdays}", _WEEKDAYS), compile_part)
    return CompiledOffers(weekday=weekday, rule=rule)


def _compile_part(compile_text: Compile, place: Path, text: str) -> Compiled | None:
    return compile_text(place, text, None, "any")


def row_options(
    definition: Definition,
    question: OffersOptions,
    offers: CompiledOffers,
    rows: Sequence[Mapping[str, JsonValue]],
    scopes: Sequence[dict[str, Any]],
) -> list[Option]:
    """The answers of rows as options, each text once; `scopes` are those of the rows, in the same order."""
    assert question.source is not None and question.source.answers is not None  # noqa: S101 - of such a question
    group, _, name = question.source.answers.partition(".")
    inner = next((field for field in group_fields(definition.fields[group]) if field.id == name), None)
    options: dict[str, Option] = {}
    for row, scope in zip(rows, scopes, strict=False):
        text = inner.show(row.get(name), "ja").strip() if inner and row.get(name) is not None else ""
        if text and (offers.where is None or offers.where.holds(scope) is not False):
            options.setdefault(text, option_of(text, Text.read_by_all(text)))
    return list(options.values())


def _faults(definition: Definition, place: Path, question: OffersOptions) -> Iterator[UnlocatedDiagnostic]:
    source = question.source
    assert source is not None  # noqa: S101 - only such a question is asked about
    if source.table is not None:
        yield from _table_faults(definition, place, source)
    if source.answers is not None:
        group, _, name = source.answers.partition(".")
        groups = {field.id: field for field in definition.fields.values() if group_fields(field)}
        if group not in groups and group not in definition.unread.ids | definition.unread.untyped:
            message = f"「{group}」という、くり返しの質問はありません。"
            yield UnlocatedDiagnostic((*place, "answers"), message, nearest(group, groups))
        inner = [field.id for field in group_fields(groups[group])] if group in groups else []
        if group in groups and name not in inner:
            message = f"くり返し「{group}」に、「{name}」という質問はありません。"
            yield UnlocatedDiagnostic((*place, "answers"), message, nearest(name, inner))
        if question.id in inner:
            message = f"くり返し「{group}」の中の質問は、同じくり返しの答えを選択肢にできません。"
            yield UnlocatedDiagnostic((*place, "answers"), message, "くり返しの外の質問にしてください。")
    if source.near is not None:
        places = [field.id for field in definition.fields.values() if isinstance(field, PlaceField)]
        if source.near not in places:
            message = f"「{source.near}」という場所の質問はありません。"
            yield UnlocatedDiagnostic((*place, "near"), message, nearest(source.near, places))


def _table_faults(definition: Definition, place: Path, source: Any) -> Iterator[UnlocatedDiagnostic]:
    tables = {table.id: table for table in definition.tables}
    table = tables.get(source.table)
    if source.table in definition.unread.tables:
        return
    if table is None:
        message = f"「{source.table}」という表はありません。"
        yield UnlocatedDiagnostic((*place, "table"), message, nearest(source.table, tables))
        return
    if len(table.key) != 1:
        message = f"表「{table.id}」は key の列が{len(table.key)}つあるので、選択肢にできません。"
        yield UnlocatedDiagnostic((*place, "table"), message, "key の列が1つの表にしてください。")
    columns = [*table.key, *table.columns]
    named = [("label", source.label), ("label_en", source.label_en), ("help", source.help), ("price", source.price)]
    named += [("search", name) for name in source.search]
    for setting, column in named:
        if column is not None and column not in columns:
            message = f"表「{table.id}」に、「{column}」という列はありません。"
            yield UnlocatedDiagnostic((*place, setting), message, nearest(column, columns))
    if source.price in columns and table.type_of(source.price) != "int":
        message = f"列「{source.price}」は整数ではないので、値段にできません。"
        yield UnlocatedDiagnostic((*place, "price"), message, "円の整数の列にしてください。")
