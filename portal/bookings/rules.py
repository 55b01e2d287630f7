"""How many places are free, as pure rules over what is claimed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Pool:
    """What places are counted in: a rule of a procedure, in one edition, for one key."""

    rule: str
    edition: str
    key: str


@dataclass(frozen=True)
class Want:
    """Places that are wanted: `amount` of the `size` of a pool, on the days from `first_day` to `last_day` (None: on all days)."""

    pool: Pool
    amount: int
    size: int
    first_day: date | None = None
    last_day: date | None = None

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day, with the ends of the calendar where it is taken for good."""
        return self.first_day or date.min, self.last_day or date.max

    @property
    def identity(self) -> tuple[Pool, int, date | None, date | None]:
        """What makes two wants the same, however many places there are meanwhile."""
        return self.pool, self.amount, self.first_day, self.last_day


@dataclass(frozen=True)
class EntryTerms:
    """On what terms a want is a wish of an entry.

    `number` counts the wishes from 1, `row` is the row that enters, None: the whole application. `points` are what its place is ordered
    by, None where a draw alone decides; who moves up has `offer_days` to answer, None: has it at once.
    """

    number: int
    row: int | None = None
    points: tuple[int, ...] | None = None
    offer_days: int | None = None


def peak(claims: Iterable[Want], first: date, last: date) -> int:
    """The most places that are claimed on any day of a period: it can only rise where something begins."""
    overlapping = [(*claim.days, claim.amount) for claim in claims if claim.days[0] <= last and claim.days[1] >= first]
    turns = {first, *(begins for begins, _, _ in overlapping if begins > first)}
    return max(sum(amount for begins, ends, amount in overlapping if begins <= turn <= ends) for turn in turns)


def free(want: Want, claims: Iterable[Want]) -> int:
    """How many places of a pool are free on all days of a want, given what is claimed of it; never below zero."""
    return max(want.size - peak((claim for claim in claims if claim.pool == want.pool), *want.days), 0)


def lacking(wants: Iterable[Want], claims: Iterable[Want]) -> list[Want]:
    """The wants for which there is no room, when all are taken one after the other."""
    taken = list(claims)
    without_room = []
    for want in wants:
        if free(want, taken) < want.amount:
            without_room.append(want)
        taken.append(want)
    return without_room
