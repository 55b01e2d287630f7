"""The payments that follow from a fee over time: what is asked for when, and by which day, worked out from the frozen lines.

Pure: it reads what a case keeps of its fee (`Fee.as_dict()["lines"]`), so that a definition published later changes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from common.open_days import open_day_from
from forms.definition.fee import FEE_MOMENTS, FeeMoment
from forms.definition.schedule import DueRule, Interval
from forms.evaluation.terms import MONTHS, term_start
from forms.fields.bounds import months_later

#: A line of a fee as a case keeps it.
FrozenLine = Mapping[str, Any]


@dataclass(frozen=True)
class DueLine:
    """What one line of the fee adds to a payment: its frozen words, its yen, and the period that is paid for, if there is one.

    `label` and `explanation` are `{language: text}`; `row` is the row of a line that is worked out row by row.
    """

    id: str
    row: int | None
    label: Any
    explanation: Any
    amount: int
    deposit: bool = False
    methods: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Due:
    """One payment of a case, known by `key`, which stays the same however often it is worked out.

    It is asked for on `opens_on` and paid by `pay_by`. While the day of its `moment` is not known (`settled` is False) nothing is
    asked for; `opens_on` is then what the schedule says already, or None, and `months_after` how many months after that moment it
    will be. `pay_by` is None too where the definition leaves that day to the city (`rule` is None). `number` counts the payments
    of a line from 1, which is asked for with the moment itself.
    """

    key: str
    moment: FeeMoment
    number: int
    opens_on: date | None
    pay_by: date | None
    lines: tuple[DueLine, ...]
    settled: bool
    rule: DueRule | None = None
    months_after: int = 0

    @property
    def amount(self) -> int:
        """Yen to pay."""
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True)
class _Occasion:
    """What payments of several lines have in common that are made as one."""

    moment: FeeMoment
    number: int
    rule: DueRule | None
    every: Interval | None = None
    start: date | None = None

    @property
    def key(self) -> str:
        parts = [self.moment, f"{self.number}"]
        if self.every is not None:
            parts.append(self.every)
        if self.start is not None:
            parts.append(self.start.isoformat())
        if self.rule is not None:
            parts.append(f"{self.rule.days}d" if self.rule.days is not None else f"{self.rule.months}m{self.rule.day}")
        return "-".join(parts)

    def opens_on(self, moment_day: date | None) -> date | None:
        begins = self.start or moment_day
        if self.number == 1 or self.every is None or begins is None:
            return moment_day
        return max(term_start(begins, self.every, self.number), moment_day or date.min)

    def due(self, lines: list[DueLine], moment_day: date | None) -> Due:
        opens_on = self.opens_on(moment_day)
        return Due(
            key=self.key,
            moment=self.moment,
            number=self.number,
            opens_on=opens_on,
            pay_by=last_day(self.rule, opens_on) if self.rule and opens_on else None,
            lines=tuple(lines),
            settled=moment_day is not None,
            rule=self.rule,
            months_after=MONTHS[self.every] * (self.number - 1) if self.every and opens_on is None else 0,
        )


def dues(lines: Iterable[FrozenLine], *, submitted_on: date | None, approved_on: date | None) -> tuple[Due, ...]:
    """Every payment of a fee, in the order in which they are asked for.

    Lines that are not decided add nothing; what is free adds nothing. Payments that are asked for at the same time and have
    the same last day are one. Worked out again once the day of approval is known, the keys stay as they were.
    """
    days = {"submission": submitted_on, "approved": approved_on}
    gathered: dict[_Occasion, list[DueLine]] = {}
    for line in lines:
        for occasion, due_line in _payments(line):
            gathered.setdefault(occasion, []).append(due_line)
    result = [occasion.due(due_lines, days[occasion.moment]) for occasion, due_lines in gathered.items()]
    return tuple(sorted(result, key=lambda due: (FEE_MOMENTS.index(due.moment), due.opens_on or date.max, due.number)))


def due_at(lines: Iterable[FrozenLine], moment: FeeMoment) -> int:
    """Yen asked for at once at a moment: whole lines, and the first payments of those that are paid over time."""
    return sum(first_payment(line) for line in lines if line["when"] == moment)


def first_payment(line: FrozenLine) -> int:
    """Yen of a line that are asked for at its moment; 0 where it is not decided."""
    return next(iter(_amounts(line)), 0)


def last_day(rule: DueRule, opens_on: date) -> date:
    """The last day for a payment that is asked for on a day, never before it."""
    if rule.days is not None:
        return open_day_from(opens_on + timedelta(days=rule.days))
    first = opens_on.replace(day=1)
    months = rule.months
    while True:
        month = months_later(first, months)
        end = months_later(first, months + 1) - timedelta(days=1)
        day = month.replace(day=min(rule.day or 1, end.day))
        if day >= opens_on:
            return open_day_from(day)
        months += 1


def split(amount: int, count: int, unit: int) -> list[int]:
    """An amount in so many parts of whole units; what is left over goes to the first (as 地方税法 20条の4の2 第6項 has it)."""
    part = amount // count // unit * unit
    return [amount - part * (count - 1), *[part] * (count - 1)]


def _amounts(line: FrozenLine) -> list[int]:
    schedule = line.get("schedule")
    amount = line["amount"] or 0
    if schedule is None or not amount:
        return [amount]
    if schedule["terms"]:
        return [term["amount"] for term in schedule["terms"]]
    return split(amount, schedule["count"], schedule["unit"])


def _payments(line: FrozenLine) -> Iterator[tuple[_Occasion, DueLine]]:
    schedule = line.get("schedule") or {}
    rule = DueRule.model_validate(schedule["due"]) if schedule.get("due") else None
    for number, amount in enumerate(_amounts(line), 1):
        if not amount:
            continue
        term = schedule["terms"][number - 1] if schedule.get("terms") else {}
        occasion = _Occasion(line["when"], number, rule)
        if number > 1:
            occasion = replace(occasion, every=schedule["every"], start=_day(schedule["start"]))
        yield (
            occasion,
            DueLine(
                id=line.get("id", ""),
                row=line.get("row"),
                label=line["label"],
                explanation=term.get("explanation") or line["explanation"],
                amount=amount,
                deposit=line.get("deposit", False),
                methods=tuple(line.get("methods", ())),
                start=_day(term.get("start")),
                end=_day(term.get("end")),
            ),
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
