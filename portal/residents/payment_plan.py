"""The payments of a fee over time as residents read them before they send: how much, from when, by which day."""

from dataclasses import dataclass

from forms import Due, Fee, dues
from forms.definition.schedule import DueRule
from portal.cases import format_period
from portal.core.clock import today
from portal.core.text import _, date_ja, pick

_LAST_OF_MONTH = 31


@dataclass(frozen=True)
class PlannedPayment:
    """One payment: when it is asked for, by which day it is paid, what for (`lines`: label, note, yen), in words."""

    when: str
    until: str
    amount: int
    lines: tuple[tuple[str, str, int], ...]


def payment_plan(fee: Fee) -> list[PlannedPayment]:
    """The payments in their order, if they were sent today; nothing where everything is paid with its moment and has no own day."""
    frozen = [line.as_dict() for line in fee.lines]
    plan = dues(frozen, submitted_on=today(), approved_on=None)
    if all(due.number == 1 and due.rule is None for due in plan):
        return []
    return [PlannedPayment(_when(due), _until(due), due.amount, _lines(due)) for due in plan]


def _when(due: Due) -> str:
    if due.number == 1:
        return _("申請のとき") if due.moment == "submission" else _("審査のあと")
    if due.opens_on is not None:
        return _("{day}から", day=date_ja(due.opens_on))
    return _("許可の{count}後", count=_("{n}か月", n=due.months_after))


def _until(due: Due) -> str:
    if due.pay_by is not None:
        return _("{day}まで", day=date_ja(due.pay_by))
    return _rule(due.rule) if due.rule is not None else ""


def _rule(rule: DueRule) -> str:
    if rule.days is not None:
        return _("お知らせした日から{count}以内", count=_("{n}日", n=rule.days))
    day = _("末日") if rule.day == _LAST_OF_MONTH else _("{n}日", n=rule.day)
    if rule.months:
        return _("お知らせした月の{count}後の{day}まで", count=_("{n}か月", n=rule.months), day=day)
    return _("お知らせした月の{day}まで", day=day)


def _lines(due: Due) -> tuple[tuple[str, str, int], ...]:
    return tuple(
        (pick(line.label), format_period(line.start, line.end) if line.start and line.end else "", line.amount)
        for line in due.lines
    )
