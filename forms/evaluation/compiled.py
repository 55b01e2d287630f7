"""Parts of a definition whose expressions are compiled: a line of the fee, the conditions inside rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from forms.definition.fee import FeeRule
from forms.evaluation.defaults import CompiledDefault
from forms.evaluation.survey import CompiledSurvey
from forms.evaluation.templates import Template
from forms.evaluation.terms import CompiledSchedule
from forms.expressions.language import Compiled
from forms.text import localized


@dataclass(frozen=True)
class CompiledParts:
    """The expressions of a line of the fee."""

    amount: Compiled
    applies: Compiled | None
    waived: Compiled | None
    reduces: Compiled | None
    reduced: Compiled | None
    schedule: CompiledSchedule | None = None
    survey: CompiledSurvey | None = None


@dataclass(frozen=True)
class CompiledFee:
    """One line of the fee, ready to be worked out, with the questions on which each of its expressions depends."""

    id: str
    rule: FeeRule
    amount: Compiled
    applies: Compiled | None
    waived: Compiled | None
    explain: Mapping[localized.Language, Template]
    questions: frozenset[str]
    applies_questions: frozenset[str]
    waived_questions: frozenset[str]
    reduces: Compiled | None = None
    reduced: Compiled | None = None
    reduction_questions: frozenset[str] = frozenset()
    schedule: CompiledSchedule | None = None
    survey: CompiledSurvey | None = None

    @property
    def all_questions(self) -> frozenset[str]:
        """The questions whose answers can change what is to be paid."""
        return self.questions | self.applies_questions | self.waived_questions | self.reduction_questions

    @classmethod
    def of(
        cls,
        id: str,
        rule: FeeRule,
        parts: CompiledParts,
        explain: Mapping[localized.Language, Template],
        questions: Callable[..., frozenset[str]],
    ) -> "CompiledFee":
        """A line of its compiled expressions; `questions` gives the questions on which some of them depend."""
        each = {rule.each} if rule.each else set()
        over_time = parts.schedule.expressions if parts.schedule else ()
        estimate = parts.survey.estimate if parts.survey else None
        return cls(
            id,
            rule,
            parts.amount,
            parts.applies,
            parts.waived,
            explain,
            questions(parts.amount, estimate, *over_time) | each,
            questions(parts.applies) | each,
            questions(parts.waived),
            parts.reduces,
            parts.reduced,
            questions(parts.reduces, parts.reduced),
            parts.schedule,
            parts.survey,
        )


@dataclass(frozen=True)
class CompiledRows:
    """The conditions inside the rows of a group.

    `order` has the questions of a row so that each comes after those its condition speaks of. `shadowed` are the names
    outside that a question of the row hides; `looks_outside` and `looks_at_rows` say whether a
    condition speaks of anything outside the row, and of the group's other rows. `least` and `most` say how many rows there must
    and may be, where that follows from other answers. `inner` are the groups in each row. `sources` has the first parts of all names
    that anything inside speaks of. `begins_with` is the condition of the rows that are filled in from elsewhere.
    """

    order: tuple[str, ...]
    conditions: Mapping[str, Compiled]
    required: Mapping[str, Compiled]
    shadowed: frozenset[str]
    looks_outside: bool
    looks_at_rows: bool
    least: Compiled | None = None
    most: Compiled | None = None
    defaults: Mapping[str, CompiledDefault] = field(default_factory=dict)
    inner: Mapping[str, "CompiledRows"] = field(default_factory=dict)
    sources: frozenset[str] = frozenset()
    offers: bool = False
    begins_with: Compiled | None = None

    @property
    def is_plain(self) -> bool:
        """Whether every row asks everything, and nothing in it follows from anything else."""
        return not (self.conditions or self.required or self.defaults or self.inner or self.offers)

    @property
    def fills(self) -> bool:
        """Whether anything in a row has a default."""
        return bool(self.defaults) or any(rows.fills for rows in self.inner.values())
