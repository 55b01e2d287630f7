"""A line of the fee (手数料・使用料), as a definition writes it, and the id by which it is known from then on."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from hashlib import sha256
from math import ceil, floor
from typing import Annotated, Literal

from pydantic import Field, model_validator

from forms.definition.schedule import FeeSchedule
from forms.definition.strict_model import Expression, Id, StrictModel
from forms.definition.survey import Survey
from forms.text.localized import Text

#: When a line falls due: before the office sees the application, or when the office has approved it.
FeeMoment = Literal["submission", "approved"]
FEE_MOMENTS: tuple[FeeMoment, ...] = ("submission", "approved")


#: How a fee can be paid online.
PaymentMethod = Literal["card", "konbini", "paypay", "bank_transfer"]
METHOD_LIMITS: Mapping[PaymentMethod, tuple[int, int]] = {
    "card": (50, 99_999_999),
    "konbini": (120, 300_000),
    "paypay": (50, 1_000_000),
    "bank_transfer": (50, 99_999_999),
}
"""Yen that each method takes in one payment, smallest and largest (Stripe's documentation for Japan)."""

Rounding = Literal["down", "up", "half_up"]
RoundTo = Literal[1, 10, 100, 1000]
Yen = Annotated[int, Field(ge=0, le=1_000_000_000)]

_ROUNDINGS: Mapping[Rounding, Callable[[Fraction], int]] = {
    "down": floor,
    "up": ceil,
    "half_up": lambda value: floor(value + Fraction(1, 2)),
}


def rounded_to(value: Fraction | int, rounding: Rounding, unit: int) -> int:
    """A number of yen without the fraction of `unit` yen."""
    return _ROUNDINGS[rounding](Fraction(value) / unit) * unit


def _in_order(minimum: int | None, maximum: int | None) -> None:
    if minimum is not None and maximum is not None and minimum > maximum:
        raise ValueError("minimum が maximum より大きいので、金額が決まりません。")


class Reduction(StrictModel):
    """A reduction of a line (減免) that somebody asks for and that a person decides.

    It is asked for when `when` holds. Then the line is `amount` yen, or `rate` percent of it is taken off, if a member of staff
    with the role `decided_by` grants it; `proof` is the question of files that shows why. Until then nothing of the line is due.
    """

    label: Text
    when: Expression
    rate: Annotated[int, Field(ge=1, le=100)] | None = None
    amount: Expression | None = None
    proof: Id | None = None
    decided_by: Id = "decider"

    @model_validator(mode="after")
    def _says_how_much(self) -> "Reduction":
        if (self.rate is None) == (self.amount is None):
            raise ValueError("rate(減らす割合) か amount(減らした後の金額) の、どちらか1つを書いてください。")
        return self


class FeeTotal(StrictModel):
    """What holds for all lines together: the least and the most, and rounding of the sum instead of each line."""

    minimum: Yen | None = None
    maximum: Yen | None = None
    rounding: Rounding | None = None
    round_to: RoundTo = 1

    @model_validator(mode="after")
    def _is_possible(self) -> "FeeTotal":
        _in_order(self.minimum, self.maximum)
        if self.round_to != 1 and self.rounding is None:
            raise ValueError("round_to だけでは働きません。rounding も書いてください。")
        return self

    def of(self, total: Fraction | int) -> int:
        """The total that is due for a sum of lines."""
        yen = rounded_to(total, self.rounding, self.round_to) if self.rounding else floor(total)
        yen = yen if self.minimum is None else max(yen, self.minimum)
        return yen if self.maximum is None else min(yen, self.maximum)


class FeeRule(StrictModel):
    """One line of the fee, in yen.

    `amount` may come out with a fraction, which `rounding` removes. With `each` the line is worked out once for every
    row of that group, and the row's questions can be used by name. `explain` is shown to the resident; `{…}` in it
    is CEL. `round_to` yen are the unit of rounding; then `minimum` and `maximum` hold the line within bounds. An amount below zero or
    above `max_amount` is rejected, never shown as zero. A `deposit` is given back, without asking when the case comes into one of the states
    `returned_in`. With a `schedule` the line is paid over time. Of a `surveyed` line the quantity is measured by staff.
    `methods` are the ways in which it may be paid online; without them all that the city offers. `id` names the line in stored
    fees, payments and comparisons of versions, in whatever language it is shown; see `fee_rules_by_id`.
    """

    id: Id | None = None
    label: Text
    amount: Expression
    when: FeeMoment = "submission"
    each: Id | None = None
    applies_when: Expression | None = None
    waived_when: Expression | None = None
    explain: Text | None = None
    rounding: Rounding = "down"
    round_to: RoundTo = 1
    minimum: Yen | None = None
    maximum: Yen | None = None
    reduction: Reduction | None = None
    deposit: bool = False
    returned_in: tuple[Id, ...] = Field(default=(), max_length=10)
    schedule: FeeSchedule | None = None
    surveyed: Survey | None = None
    methods: tuple[PaymentMethod, ...] = Field(default=(), max_length=len(METHOD_LIMITS))
    max_amount: Annotated[int, Field(ge=1, le=1_000_000_000)] = 10_000_000

    @model_validator(mode="after")
    def _is_possible(self) -> "FeeRule":
        _in_order(self.minimum, self.maximum)
        if self.returned_in and not self.deposit:
            raise ValueError("returned_in(返す状態)は、deposit: true の保証金にだけ書けます。")
        if self.reduction is not None and self.schedule is not None and self.schedule.repeats:
            raise ValueError("期ごとに払う行には、reduction(職員が決める減免)を書けません。instalments なら書けます。")
        if self.surveyed is not None and self.reduction is not None:
            raise ValueError(
                "surveyed(実測)と reduction(職員が決める減免)は、同じ行に書けません。減免は、実測のあとに職員が決められます。"
            )
        if self.surveyed is not None and self.schedule is not None and self.schedule.repeats:
            raise ValueError("期ごとに払う行には、surveyed(実測)を書けません。instalments なら書けます。")
        return self


def fee_rules_by_id(rules: Iterable[FeeRule]) -> dict[str, FeeRule]:
    """The lines by their ids, in their order.

    A line without an id gets one from its Japanese label, so that moving it does not rename it; of several with the
    same label the second ends in `_2`. Ids written in the definition are kept as they are and must differ.
    """
    rules = tuple(rules)
    taken = {rule.id for rule in rules if rule.id}
    by_id: dict[str, FeeRule] = {}
    for rule in rules:
        rule_id = rule.id or _free_id(rule.label.ja, taken)
        taken.add(rule_id)
        by_id[rule_id] = rule
    return by_id


def fee_rule_pairs(old: Mapping[str, FeeRule], new: Mapping[str, FeeRule]) -> list[tuple[str | None, str | None]]:
    """Which line of one version is which of another: ids of both, None where there is no counterpart.

    The same id is the same line. A line that was only now given an id is known by its unchanged Japanese label.
    """
    renamed: dict[str, str] = {}
    for old_id, rule in old.items():
        if old_id not in new and rule.id is None:
            same = (key for key in new if key not in old and new[key].label.ja == rule.label.ja)
            for new_id in same:
                if new_id not in renamed.values():
                    renamed[old_id] = new_id
                    break
    kept = {old_id: renamed.get(old_id, old_id) for old_id in old if old_id in renamed or old_id in new}
    added: list[tuple[str | None, str | None]] = [(None, new_id) for new_id in new if new_id not in kept.values()]
    return [*added, *((old_id, kept.get(old_id)) for old_id in old)]


def _free_id(label: str, taken: Iterable[str]) -> str:
    base = f"line_{sha256(label.encode()).hexdigest()[:8]}"
    number = 1
    free = base
    while free in set(taken):
        number += 1
        free = f"{base}_{number}"
    return free
