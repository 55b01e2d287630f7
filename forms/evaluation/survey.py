"""Measured quantities of fees (実測): the figure that a line is worked out with, and what is said of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from forms.definition.diagnostics import UnlocatedDiagnostic
from forms.definition.fee import FeeRule, rounded_to
from forms.definition.source import Path
from forms.definition.survey import Survey
from forms.evaluation.earlier import EARLIER
from forms.evaluation.scope import RESERVED
from forms.evaluation.terms import CompileExpression
from forms.expressions.language import Compiled, Language
from forms.fields.path import head_of
from forms.text.localized import Language as TextLanguage
from forms.text.localized import Text
from forms.text.messages import messages
from forms.text.numbers import plain

SURVEYED: Final = "fee:surveyed"
"""The key under which facts have the figures that were measured, by `survey_key`; no question has such an id."""
KEPT_FACTS: Final = (EARLIER, SURVEYED)
"""The keys of facts that no map and no answer gives, and that stay with a case."""


@dataclass(frozen=True)
class CompiledSurvey:
    """A survey with the expression of its estimate."""

    rule: Survey
    estimate: Compiled


@dataclass(frozen=True)
class LineSurvey:
    """The survey of one line: what it was estimated at, and what was measured (None: not yet), as decimal numbers in `unit`."""

    rule: Survey
    estimate: Decimal
    figure: Decimal | None

    @property
    def is_awaited(self) -> bool:
        """Whether nothing of the line is asked for before somebody has measured."""
        return self.figure is None and not self.rule.advance

    @property
    def value(self) -> Fraction:
        """What expressions see."""
        return Fraction(self.estimate if self.figure is None else self.figure)

    def as_dict(self) -> dict[str, object]:
        """The same as plain JSON, as a case keeps it."""
        return {
            "id": self.rule.id,
            "label": dict(self.rule.label.root),
            "unit": dict(self.rule.unit.root),
            "estimate": str(self.estimate),
            "figure": None if self.figure is None else str(self.figure),
            "decimals": self.rule.decimals,
            "most": self.rule.most,
            "measured_by": self.rule.measured_by,
            "advance": self.rule.advance,
        }

    def explained(self, explanation: Text | None) -> Text:
        """An explanation of the line that says too that it is an estimate, or what was measured."""
        code = "fee_surveyed" if self.figure is not None else "fee_prepaid" if self.rule.advance else "fee_estimated"
        given = dict(explanation.root) if explanation else {}
        figure = plain(float(self.value))
        words: dict[TextLanguage, str] = {
            language: text.format(
                label=self.rule.label.for_language(language),
                figure=f"{figure} {self.rule.unit.word_for(float(self.value), language)}",
            )
            for language, text in messages()[code].root.items()
            if not given or language in given
        }
        texts = {language: f"{given[language]}（{text}）" if given else text for language, text in words.items()}
        return Text.model_construct(texts)


def survey_key(line: str, row: int | None) -> str:
    """The key of a line's figure: the id of its rule, and its row where it is worked out row by row."""
    return line if row is None else f"{line}.{row}"


def survey_of(compiled: CompiledSurvey, key: str, figures: object, estimate: Fraction) -> LineSurvey:
    """The survey of a line. A figure holds as long as the estimate is what it was when somebody measured: other answers are measured again.

    `figures` are those among the facts, of whatever shape they are.
    """
    rule = compiled.rule
    unit = Decimal(10) ** -rule.decimals
    rounded = (Decimal(rounded_to(estimate * 10**rule.decimals, "half_up", 1)) * unit).quantize(unit)
    known = figures.get(key) if isinstance(figures, Mapping) else None
    holds = isinstance(known, Mapping) and known.get("estimate") == str(rounded)
    return LineSurvey(rule, rounded, Decimal(str(known["figure"])) if holds and known else None)


def language_of_survey(rule: Survey | None, language: Language) -> Language:
    """The language of a line's amount and explanation, which knows the figure."""
    if rule is None:
        return language
    return Language(replace(language.names, types={**language.names.types, rule.id: "double"}))


def compile_survey(
    path: Path,
    rule: FeeRule,
    language: Language,
    compile_text: CompileExpression,
    report: Callable[[UnlocatedDiagnostic], object],
) -> CompiledSurvey | None:
    """The survey of the line at `path`, whose `language` does not know the figure; None, and what is wrong reported, for none or a faulty one."""
    survey = rule.surveyed
    if survey is None:
        return None
    if survey.id in {head_of(name) for name in language.names.types} | RESERVED:
        message = f"「{survey.id}」は、ほかの意味で使われている名前です。"
        report(UnlocatedDiagnostic((*path, "surveyed", "id"), message, "ほかのIDにしてください。"))
    estimate = compile_text((*path, "surveyed", "estimate"), survey.estimate, "number", strict=True)
    return CompiledSurvey(survey, estimate) if estimate else None


def unused_figure(path: Path, rule: FeeRule, amount: Compiled) -> list[UnlocatedDiagnostic]:
    """What to say of an amount that does not depend on what is measured for it."""
    if rule.surveyed is None or rule.surveyed.id in amount.names:
        return []
    message = f"金額の式が、実測した値「{rule.surveyed.id}」を使っていません。"
    remedy = f"amount に「{rule.surveyed.id}」を書いてください(例：{rule.surveyed.id} * 500)。"
    return [UnlocatedDiagnostic((*path, "amount"), message, remedy)]
