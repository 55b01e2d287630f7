"""Limited places for which there is no room, in the words of whoever wants them."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from forms import Definition
from forms.definition.capacity import CapacityRule
from forms.evaluation.program import program_of
from portal.bookings import Pool, Want
from portal.cases.pool_names import pool_name
from portal.core.text import _, current_language


@dataclass(frozen=True)
class FullPool:
    """Places for which there is no room: what they are called, how many are free, how many were applied for.

    `single`: there is one of each, a plot or a room. `questions` are those whose answers say which places, and on which days.
    """

    name: str
    free: int
    requested: int
    unit: str
    single: bool
    questions: frozenset[str]

    @property
    def sentence(self) -> str:
        """What the applicant reads."""
        if self.single:
            return _("「{name}」は、ほかの人が先に選びました。", name=self.name)
        if not self.free:
            return _("「{name}」は、満員です。", name=self.name)
        return _(
            "「{name}」の残りは{free}{unit}です。{requested}{unit}は申し込めません。",
            name=self.name,
            free=self.free,
            requested=self.requested,
            unit=self.unit,
        )


def pool_left(session: Session, definition: Definition, want: Want, free: int) -> FullPool:
    """The places that somebody wants, of which so many are free to them."""
    rule = rule_of(definition, want.pool)
    compiled = next(capacity for capacity in program_of(definition).capacity if capacity.rule.id == rule.id)
    return FullPool(
        pool_name(session, definition, want.pool),
        free,
        want.amount,
        unit_of(rule),
        single=want.size == 1 and bool(rule.by),
        questions=compiled.key_questions,
    )


def rule_of(definition: Definition, pool: Pool) -> CapacityRule:
    """The rule that limits these places."""
    return next(rule for rule in definition.capacity if rule.id == pool.rule)


def unit_of(rule: CapacityRule) -> str:
    """What its places are counted in, for the reader."""
    return rule.unit.for_language(current_language()) if rule.unit else ""
