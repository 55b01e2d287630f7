"""A definition with all its expressions compiled: made once, kept with the definition, used for every evaluation."""

from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import partial
from graphlib import CycleError, TopologicalSorter

from forms.definition.capacity import CapacityRule
from forms.definition.consent import ConsentRule
from forms.definition.diagnostics import DefinitionError, Diagnostic, UnlocatedDiagnostic
from forms.definition.fee import FeeRule
from forms.definition.procedure import Definition, group_fields
from forms.definition.source import Path, dotted
from forms.definition.unread import NOTHING_UNREAD
from forms.evaluation.capacity import CompiledCapacity, compile_capacity, ranked_wish, wish_questions, with_one_wish
from forms.evaluation.compiled import CompiledFee, CompiledParts, CompiledRows
from forms.evaluation.compiling_rows import RowCompiler
from forms.evaluation.consents import CompiledConsent
from forms.evaluation.defaults import CompiledDefault, compile_default
from forms.evaluation.named_values import needs_of, values_of
from forms.evaluation.naming import remedy_for_unknown
from forms.evaluation.option_rules import CompiledOffers, compile_offers
from forms.evaluation.scope import RESERVED, fact_types, names_of
from forms.evaluation.statements import CompiledStatement, compile_statements
from forms.evaluation.survey import compile_survey, language_of_survey, unused_figure
from forms.evaluation.templates import Template
from forms.evaluation.terms import compile_schedule, language_of_terms
from forms.evaluation.workflow_program import compile_workflow
from forms.expressions.errors import ExpressionError
from forms.expressions.language import Compiled, Language, Names, ResultType
from forms.fields import FieldType, GroupField
from forms.fields.path import head_of
from forms.text import localized


@dataclass
class Program:
    """The compiled expressions of one definition.

    `by_path` has every expression where it stands. `order` has questions and computed values so that each comes after what it
    speaks of, `conditions` for each question those of its page and its own, `rows` what is inside each group. `computed_from` has
    the questions from which each computed value follows in the end. `workflow` has the
    conditions of moves and the last days of states, `messages` the texts to the applicant, by what is written.
    """

    language: Language
    question_ids: AbstractSet[str]
    by_path: dict[Path, Compiled] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    conditions: dict[str, tuple[Compiled, ...]] = field(default_factory=dict)
    required: dict[str, Compiled] = field(default_factory=dict)
    defaults: dict[str, CompiledDefault] = field(default_factory=dict)
    offers: dict[str, CompiledOffers] = field(default_factory=dict)
    computed: dict[str, Compiled] = field(default_factory=dict)
    computed_from: dict[str, frozenset[str]] = field(default_factory=dict)
    rows: dict[str, CompiledRows] = field(default_factory=dict)
    checks: dict[tuple[str, int], Compiled] = field(default_factory=dict)
    fees: list[CompiledFee] = field(default_factory=list)
    payouts: list[CompiledFee] = field(default_factory=list)
    capacity: list[CompiledCapacity] = field(default_factory=list)
    consents: list[CompiledConsent] = field(default_factory=list)
    assign: Compiled | None = None
    valid_until: dict[str, Compiled] = field(default_factory=dict)
    applies: Compiled | None = None
    workflow: dict[str, Compiled] = field(default_factory=dict)
    messages: dict[str, Template] = field(default_factory=dict)
    statements: dict[str, CompiledStatement] = field(default_factory=dict)

    def questions(self, *expressions: Compiled | None) -> frozenset[str]:
        """The questions that expressions speak of, directly or through computed values."""
        heads = {head_of(name) for expression in expressions if expression for name in expression.names}
        through = (self.computed_from[head] for head in heads & self.computed_from.keys())
        return frozenset(heads & self.question_ids).union(*through)

    def sources(self, question: str) -> frozenset[str]:
        """The questions from which the default of a question follows in the end."""
        if (default := self.defaults.get(question)) is None:
            return frozenset()
        return frozenset({default.copied}) if default.copied is not None else self.questions(default.expression)


def program_of(definition: Definition) -> Program:
    """The program of a definition that `load` has accepted."""
    program = definition.kept_program(_program)
    assert isinstance(program, Program)  # noqa: S101 - nobody else keeps one there
    return program


def _program(definition: Definition) -> Program:
    program, diagnostics = compile_program(definition)
    if diagnostics:
        raise DefinitionError(
            Diagnostic(dotted(diagnostic.path), 1, diagnostic.message, diagnostic.remedy) for diagnostic in diagnostics
        )
    return program


def compile_program(definition: Definition) -> tuple[Program, list[UnlocatedDiagnostic]]:
    """Compile everything; the diagnostics say what does not compile, and the program is usable only if there are none."""
    compiler = _Compiler(definition)
    return compiler.compile(), compiler.diagnostics


class _Compiler:
    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.diagnostics: list[UnlocatedDiagnostic] = []
        self.names = names_of(definition)
        self.language = Language(self.names)
        self.row_languages: dict[str, Language] = {}
        self.program = Program(self.language, definition.fields.keys())

    def compile(self) -> Program:
        self._name_values()
        for number, step in enumerate(self.definition.steps):
            self._step(("steps", number))
            for position, rule in enumerate(step.checks):
                path = ("steps", number, "checks", position, "assert")
                if compiled := self._expression(path, rule.assert_, "bool", strict=True):
                    self.program.checks[step.id, position] = compiled
        self.program.order = self._order()
        for number, (rule_id, fee) in enumerate(self.definition.fee_rules.items()):
            self._fee(("fee", number), rule_id, fee, self.program.fees)
        for number, payout in enumerate(self.definition.payout):
            self._fee(("payout", number), payout.id, payout.as_line(), self.program.payouts)
        for number, capacity in enumerate(self.definition.capacity):
            self._capacity(("capacity", number), capacity)
        for number, consent in enumerate(self.definition.consents):
            self._consent(("consents", number), consent)
        self._rest()
        return self.program

    def _name_values(self) -> None:
        """Compile the named values, those of rows too, each after those it uses; from then on all expressions know them."""
        values = values_of(self.definition)
        needs = needs_of(values, self.language.heads)
        for key in self._sorted(needs, lambda key: values[key].path):
            value = values[key]
            names = self.names
            for group in value.groups:
                names = names.with_row(group)
            within = Language(names) if value.groups else None
            compiled = self._expression(value.path, value.text, "any", within, strict=True)
            unread = {*value.groups, value.name} & self.definition.unread.untyped
            kind = compiled.result if compiled and not unread else "any"
            if value.groups:
                tree = compiled.tree if compiled else None
                self.names = self.names.with_row_value(value.groups[-1], value.name, kind, tree)
            else:
                self._keep_computed(value.name, kind, compiled)
            self.language = self.program.language = Language(self.names)

    def _keep_computed(self, name: str, kind: str, compiled: Compiled | None) -> None:
        if compiled:
            self.program.computed[name] = compiled
            self.program.computed_from[name] = self.program.questions(compiled)
        types, look_ups = {**self.names.types, name: kind}, self.names.look_ups | {name}
        self.names = replace(self.names, types=types, look_ups=look_ups)

    def _expression(
        self,
        path: Path,
        text: str | None,
        result_type: ResultType,
        language: Language | None = None,
        *,
        strict: bool = False,
    ) -> Compiled | None:
        if text is None:
            return None
        try:
            compiled = (language or self.language).compile(text, result_type, strict=strict)
        except ExpressionError as error:
            if not self._only_follows(error, text, path):
                self.diagnostics.append(UnlocatedDiagnostic(path, error.message, self._remedy(error, path, language)))
            return None
        self.program.by_path[path] = compiled
        return compiled

    def _remedy(self, error: ExpressionError, path: Path, language: Language | None) -> str:
        if error.remedy or error.unknown is None:
            return error.remedy
        group = next((name for name, of_row in self.row_languages.items() if of_row is language), None)
        return remedy_for_unknown(self.definition, path, error.unknown, group)

    def _only_follows(self, error: ExpressionError, text: str, path: Path) -> bool:
        """Whether an error comes from a question that is there and could not be read, which is reported at its own place."""
        unread = self.definition.unread
        if error.unknown in RESERVED and error.unknown in self.definition.fields:
            return True
        if unread is NOTHING_UNREAD or path[0] == "routing":
            return False
        could_be_named = unread.some_question and error.unknown is not None and not error.is_near
        return could_be_named or unread.is_named_in(text) or (error.unsupported and unread.speaks_of_untyped(text))

    def _step(self, path: Path) -> None:
        step = self.definition.steps[int(path[1])]
        page_condition = self._expression((*path, "show_when"), step.show_when, "bool")
        for number, question in enumerate(step.fields):
            field_path = (*path, "fields", number)
            own_condition = self._expression((*field_path, "show_when"), question.show_when, "bool")
            conditions = tuple(condition for condition in (page_condition, own_condition) if condition)
            if conditions:
                self.program.conditions[question.id] = conditions
            if demanded := self._expression((*field_path, "required_when"), question.required_when, "bool"):
                self.program.required[question.id] = demanded
            self._offers(field_path, question)
            for default in compile_default(self.definition.fields, field_path, question, self._strictly):
                if isinstance(default, CompiledDefault):
                    self.program.defaults[question.id] = default
                else:
                    self.diagnostics.append(default)
            if isinstance(question, GroupField):
                self.program.rows[question.id] = self._rows(field_path, question)

    def _offers(self, path: Path, question: FieldType, around: Language | None = None) -> CompiledOffers | None:
        """The options or days of a question; `around` is the language of the row in which it stands."""

        def compile_text(place: Path, text: str, language: Language | None, result: ResultType) -> Compiled | None:
            return self._expression(place, text, result, language or around)

        names = around.names if around else self.names
        for part in compile_offers(self.definition, path, question, names, compile_text):
            if isinstance(part, CompiledOffers):
                self.program.offers[question.id] = part
            else:
                self.diagnostics.append(part)
        return self.program.offers.get(question.id)

    def _strictly(self, path: Path, text: str, result: ResultType) -> Compiled | None:
        return self._expression(path, text, result, strict=True)

    def _rows(self, path: Path, group: GroupField) -> CompiledRows:
        compiler = RowCompiler(
            self.definition,
            self.names,
            self.language,
            self._expression,
            self._row_language,
            self._offers,
            self._sorted,
            self.diagnostics.append,
        )
        return compiler.compile(path, group)

    def _row_language(self, group: str, around: Language | None = None) -> Language:
        if group not in self.row_languages:
            self.row_languages[group] = Language((around or self.language).names.with_row(group))
        return self.row_languages[group]

    def _order(self) -> tuple[str, ...]:
        """Questions and computed values, each after what it needs."""
        needs: dict[str, set[str]] = {}
        names = self.definition.fields.keys() | self.program.computed.keys()
        for name, compiled in self.program.computed.items():
            needs[name] = {head_of(used) for used in compiled.names} & names
        for question in self.definition.fields:
            conditions = list(self.program.conditions.get(question, ()))
            needs[question] = {head_of(name) for condition in conditions for name in condition.names} & names
            if default := self.program.defaults.get(question):
                needs[question] |= default.sources & names
            if offers := self.program.offers.get(question):
                needs[question] |= (offers.sources & names) - {question}
            if rows := self.program.rows.get(question):
                needs[question] |= (rows.sources & names) - {question}
        return self._sorted(needs, self._path_of)

    def _sorted(self, needs: Mapping[str, Collection[str]], path_of: Callable[[str], Path]) -> tuple[str, ...]:
        """The questions in the order of what they need; a diagnostic where they go in a ring."""
        try:
            return tuple(TopologicalSorter(needs).static_order())
        except CycleError as error:
            cycle = [str(name) for name in error.args[1]]
            if not self.definition.unread.untyped.isdisjoint(cycle):
                return tuple(needs)
            message = f"表示の条件が輪になっています({' → '.join(cycle)})。"
            self.diagnostics.append(
                UnlocatedDiagnostic(path_of(cycle[0]), message, "どれか1つの条件を消してください。")
            )
            return tuple(needs)

    def _path_of(self, name: str) -> Path:
        for number, value in enumerate(self.definition.compute):
            if value.id == name:
                return ("compute", number, "value")
        return self._field_path(name)

    def _field_path(self, field_id: str) -> Path:
        for number, step in enumerate(self.definition.steps):
            for position, question in enumerate(step.fields):
                if question.id == field_id:
                    return (
                        "steps",
                        number,
                        "fields",
                        position,
                        "show_when" if question.show_when else "default" if question.default is not None else "id",
                    )
        return ()

    def _fee(self, path: Path, rule_id: str, rule: FeeRule, into: list[CompiledFee]) -> None:
        language = self._language_of_each(path, rule.each)
        if language is None:
            return
        compile_text = partial(self._expression, language=language)
        schedule = compile_schedule((*path, "schedule"), rule.schedule, compile_text)
        of_term = language_of_survey(rule.surveyed, language_of_terms(rule.schedule, language))
        survey = compile_survey(path, rule, language, compile_text, self.diagnostics.append)
        amount = self._expression((*path, "amount"), rule.amount, "number", of_term, strict=True)
        applies = self._expression((*path, "applies_when"), rule.applies_when, "bool", language, strict=True)
        waived = self._expression((*path, "waived_when"), rule.waived_when, "bool", language, strict=True)
        reduction = rule.reduction
        inside = (*path, "reduction")
        asks = reduction.when if reduction else None
        reduces = self._expression((*inside, "when"), asks, "bool", language, strict=True)
        reduced = self._expression(
            (*inside, "amount"), reduction.amount if reduction else None, "number", language, strict=True
        )
        explain: dict[localized.Language, Template] = {
            key: Template.compile(text, self._inside((*path, "explain", key), of_term))
            for key, text in (rule.explain.root.items() if rule.explain else ())
        }
        if amount:
            self.diagnostics += unused_figure(path, rule, amount)
            parts = CompiledParts(amount, applies, waived, reduces, reduced, schedule, survey)
            into.append(CompiledFee.of(rule_id, rule, parts, explain, self.program.questions))

    def _language_of_each(self, path: Path, each: str | None) -> Language | None:
        """The language of a rule: with `each` that of the group's rows. None, and a diagnostic, where there is no such group."""
        if each is None:
            return self.language
        if each in self.definition.unread.ids | self.definition.unread.untyped:
            return None
        group = self.definition.fields.get(each)
        if group is not None and group.type == "group":
            return self._row_language(each, self.language)
        groups = [question.id for question in self.definition.fields.values() if question.type == "group"]
        remedy = f"使えるのは {'、'.join(groups)} です。" if groups else "each を消してください。"
        self.diagnostics.append(
            UnlocatedDiagnostic((*path, "each"), f"「{each}」という行の集まりはありません。", remedy)
        )
        return None

    def _capacity(self, path: Path, rule: CapacityRule) -> None:
        language = self._language_of_each(path, rule.each)
        if language is None or not set(rule.wishes) <= wish_questions(self.definition, rule).keys():
            return  # what speaks of a wish that is not there has no meaning; that is reported by its name
        ranking = ranked_wish(self.definition, rule)
        of_wish = Language(with_one_wish(language.names, ranking)) if ranking else language

        def compile_text(inner: Path, text: str | None, result: ResultType) -> Compiled | None:
            return self._expression((*path, *inner), text, result, of_wish, strict=True)

        if compiled := compile_capacity(self.definition, rule, compile_text, self.program.questions):
            self.program.capacity.append(compiled)

    def _consent(self, path: Path, rule: ConsentRule) -> None:
        if language := self._language_of_each(path, rule.each):
            applies = self._expression((*path, "applies_when"), rule.applies_when, "bool", language, strict=True)
            self.program.consents.append(CompiledConsent(rule, applies))

    def _inside(self, path: Path, language: Language) -> Callable[[str], Compiled | None]:
        return lambda text: self._expression(path, text, "any", language, strict=True)

    def _rest(self) -> None:
        definition, program = self.definition, self.program
        compiled = compile_workflow(definition, self.names, self._expression)
        program.assign, program.workflow, program.messages = compiled
        program.statements = dict(compile_statements(definition, lambda path: self._inside(path, self.language)))
        for number, document in enumerate(definition.documents):
            place = ("documents", number, "valid_until")
            if until := self._expression(place, document.valid_until, "date", strict=True):
                program.valid_until[document.id] = until
        if definition.routing is not None:
            facts = Language(Names(fact_types(definition.vocabulary)), open_world=True)
            text = definition.routing.applies_when
            program.applies = self._expression(("routing", "applies_when"), text, "bool", facts)
            for number, special in enumerate(definition.routing.special_deadlines):
                self._expression(("routing", "special_deadlines", number, "when"), special.when, "bool", facts)
            for number, paper in enumerate(definition.routing.held):
                self._expression(("routing", "held", number, "when"), paper.when, "bool", facts)


def all_fields(definition: Definition) -> Iterator[tuple[Path, FieldType]]:
    """Every question of residents with its path, those inside groups too."""
    for number, step in enumerate(definition.steps):
        for position, question in enumerate(step.fields):
            path: Path = ("steps", number, "fields", position)
            yield path, question
            yield from _in_rows(path, question)


def _in_rows(path: Path, group: FieldType) -> Iterator[tuple[Path, FieldType]]:
    for position, question in enumerate(group_fields(group)):
        inner: Path = (*path, "fields", position)
        yield inner, question
        yield from _in_rows(inner, question)
