"""A definition with all its expressions compiled: made once, kept with the definition, used for every evaluation."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from forms.definition.diagnostics import DefinitionError, Diagnostic, UnlocatedDiagnostic, nearest
from forms.definition.fee import FeeRule
from forms.definition.procedure import Definition, group_fields
from forms.definition.source import Path, dotted
from forms.evaluation.scope import fact_types, row_only_variables, row_variables, variables
from forms.evaluation.templates import Template
from forms.expressions.errors import ExpressionError
from forms.expressions.language import Compiled, Language, ResultType, names_in, row_attributes
from forms.fields.base import FieldType
from forms.text import localized


@dataclass(frozen=True)
class CompiledFee:
    """One line of the fee, ready to be worked out. `language` is that of a row when the line has `each`."""

    id: str
    rule: FeeRule
    language: Language
    amount: Compiled
    applies: Compiled | None
    waived: Compiled | None
    explain: Mapping[localized.Language, Template]


@dataclass
class Program:
    """The compiled expressions of one definition.

    `order` has the questions so that each comes after those its condition speaks of. Questions inside a group are
    found by their own id, which is unique in the procedure.
    """

    language: Language
    order: tuple[str, ...] = ()
    steps: dict[str, Compiled] = field(default_factory=dict)
    fields: dict[str, Compiled] = field(default_factory=dict)
    rows: dict[str, tuple[Language, Compiled]] = field(default_factory=dict)
    row_fields: dict[str, tuple[FieldType, ...]] = field(default_factory=dict)
    checks: dict[tuple[str, int], Compiled] = field(default_factory=dict)
    fees: list[CompiledFee] = field(default_factory=list)
    assign: Compiled | None = None
    valid_until: dict[str, Compiled] = field(default_factory=dict)
    applies: tuple[Language, Compiled] | None = None


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
        self.language = Language(variables(definition))
        self.program = Program(self.language)
        self.row_names = {
            question.id: [inner.id for inner in group_fields(question)]
            for question in definition.fields.values()
            if question.type == "group"
        }

    def compile(self) -> Program:
        for number, step in enumerate(self.definition.steps):
            self._step(("steps", number))
            for position, rule in enumerate(step.checks):
                path = ("steps", number, "checks", position, "assert")
                if compiled := self._expression(path, rule.assert_, "bool"):
                    self.program.checks[step.id, position] = compiled
        self.program.order = self._order()
        for number, (rule_id, fee) in enumerate(self.definition.fee_rules.items()):
            self._fee(("fee", number), rule_id, fee)
        self._rest()
        return self.program

    def _expression(
        self, path: Path, text: str | None, result_type: ResultType, language: Language | None = None
    ) -> Compiled | None:
        if text is None:
            return None
        try:
            compiled = (language or self.language).compile(text, result_type)
        except ExpressionError as error:
            self.diagnostics.append(UnlocatedDiagnostic(path, error.message, error.remedy))
            return None
        self.diagnostics += [
            UnlocatedDiagnostic(
                path, f"「{group}」の行に「{name}」という質問はありません。", nearest(name, self.row_names[group])
            )
            for group, name in row_attributes(text)
            if group in self.row_names and name not in self.row_names[group]
        ]
        return compiled

    def _step(self, path: Path) -> None:
        step = self.definition.steps[int(path[1])]
        if condition := self._expression((*path, "show_when"), step.show_when, "bool"):
            self.program.steps[step.id] = condition
        for number, question in enumerate(step.fields):
            field_path = (*path, "fields", number)
            if condition := self._expression((*field_path, "show_when"), question.show_when, "bool"):
                self.program.fields[question.id] = condition
            if inner := group_fields(question):
                self._row_conditions(field_path, question, inner)

    def _row_conditions(self, path: Path, group: FieldType, inner: tuple[FieldType, ...]) -> None:
        language = Language(row_only_variables(group))
        for number, question in enumerate(inner):
            self.program.row_fields[question.id] = inner
            row_path = (*path, "fields", number, "show_when")
            if condition := self._expression(row_path, question.show_when, "bool", language):
                self.program.rows[question.id] = language, condition

    def _order(self) -> tuple[str, ...]:
        needs = {
            question.id: {name for text in (step.show_when, question.show_when) if text for name in names_in(text)}
            & self.definition.fields.keys()
            for step in self.definition.steps
            for question in step.fields
        }
        try:
            return tuple(TopologicalSorter(needs).static_order())
        except CycleError as error:
            cycle = [str(name) for name in error.args[1]]
            message = f"表示の条件が輪になっています({' → '.join(cycle)})。"
            self.diagnostics.append(
                UnlocatedDiagnostic(self._field_path(cycle[0]), message, "どれか1つの条件を消してください。")
            )
            return tuple(self.definition.fields)

    def _field_path(self, field_id: str) -> Path:
        for number, step in enumerate(self.definition.steps):
            for position, question in enumerate(step.fields):
                if question.id == field_id:
                    return ("steps", number, "fields", position, "show_when" if question.show_when else "id")
        return ()

    def _fee(self, path: Path, rule_id: str, rule: FeeRule) -> None:
        language = self.language
        if rule.each is not None:
            group = self.definition.fields.get(rule.each)
            if group is None or group.type != "group":
                groups = [question.id for question in self.definition.fields.values() if question.type == "group"]
                remedy = f"使えるのは {'、'.join(groups)} です。" if groups else "each を消してください。"
                self.diagnostics.append(
                    UnlocatedDiagnostic((*path, "each"), f"「{rule.each}」という行の集まりはありません。", remedy)
                )
                return
            language = Language(row_variables(self.definition, group))
        amount = self._expression((*path, "amount"), rule.amount, "number", language)
        applies = self._expression((*path, "applies_when"), rule.applies_when, "bool", language)
        waived = self._expression((*path, "waived_when"), rule.waived_when, "bool", language)
        explain: dict[localized.Language, Template] = {
            key: Template.compile(text, self._inside((*path, "explain", key), language))
            for key, text in (rule.explain.root.items() if rule.explain else ())
        }
        if amount:
            self.program.fees.append(CompiledFee(rule_id, rule, language, amount, applies, waived, explain))

    def _inside(self, path: Path, language: Language) -> Callable[[str], Compiled | None]:
        return lambda text: self._expression(path, text, "any", language)

    def _rest(self) -> None:
        definition, program = self.definition, self.program
        if definition.workflow.assign:
            by = definition.workflow.assign.by
            program.assign = self._expression(("workflow", "assign", "by"), by, "string")
        for number, document in enumerate(definition.documents):
            place = ("documents", number, "valid_until")
            if until := self._expression(place, document.valid_until, "date"):
                program.valid_until[document.id] = until
        if definition.routing and definition.routing.applies_when:
            language = Language(fact_types())
            path = ("routing", "applies_when")
            if applies := self._expression(path, definition.routing.applies_when, "bool", language):
                program.applies = language, applies


def all_fields(definition: Definition) -> Iterator[tuple[Path, FieldType]]:
    """Every question of residents with its path, those inside groups too."""
    for number, step in enumerate(definition.steps):
        for position, question in enumerate(step.fields):
            path: Path = ("steps", number, "fields", position)
            yield path, question
            for inner_position, inner in enumerate(group_fields(question)):
                yield (*path, "fields", inner_position), inner
