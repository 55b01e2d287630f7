"""Limited places for which there is no room, in the words of whoever wants them."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from forms import Definition
from forms.definition.capacity import CapacityRule
from forms.evaluation.program import program_of
from forms.text.units import Unit
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
    unit: Unit | None
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
            "「{name}」の残りは{free}です。{requested}は申し込めません。",
            name=self.name,
            free=counted(self.free, self.unit),
            requested=counted(self.requested, self.unit),
        )


def pool_left(session: Session, definition: Definition, want: Want, free: int) -> FullPool:
    """The places that somebody wants, of which so many are free to them."""
    rule = rule_of(definition, want.pool)
    compiled = next(capacity for capacity in program_of(definition).capacity if capacity.rule.id == rule.id)
    return FullPool(
        pool_name(session, definition, want.pool),
        free,
        want.amount,
        rule.unit,
        single=want.size == 1 and bool(rule.by),
        questions=compiled.key_questions,
    )


def rule_of(definition: Definition, pool: Pool) -> CapacityRule:
    """The rule that limits these places."""
    return next(rule for rule in definition.capacity if rule.id == pool.rule)


def counted(places: int, unit: Unit | None) -> str:
    """So many places with the word that they are counted in, for the reader: 3件, 1 booking."""
    return unit.counted(places, str(places), current_language()) if unit else str(places)
