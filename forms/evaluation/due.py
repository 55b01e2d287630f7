"""Until when a procedure is due (`routing.deadline`), counted as the law counts."""

from calendar import monthrange
from datetime import date, timedelta

from common.open_days import open_day_from, open_day_until
from forms.definition.procedure import Definition
from forms.definition.routing import Deadline
from forms.evaluation.scope import Answers
from forms.fields.bounds import months_later


def due_by_answer(definition: Definition, answers: Answers) -> date | None:
    """The last day; None where the deadline is counted from a fact, or the day was not answered.

    A deadline with a condition comes first where the condition is a question that was answered with yes (死亡届: a death abroad).
    """
    deadline = _deadline_by_answers(definition, answers)
    answer = answers.get(deadline.event) if deadline else None
    if deadline is None or deadline.event not in definition.fields or not isinstance(answer, str):
        return None
    try:
        return last_day(deadline, date.fromisoformat(answer))
    except ValueError:
        return None


def _deadline_by_answers(definition: Definition, answers: Answers) -> Deadline | None:
    routing = definition.routing
    if routing is None:
        return None
    special = (
        rule for rule in routing.special_deadlines if rule.when in definition.fields and answers.get(rule.when) is True
    )
    return next(special, routing.deadline)


def due_by_others(definition: Definition, answers: Answers) -> date | None:
    """The last day by what is answered for other procedures that are asked together; None where nothing of it counts.

    A deadline with a condition is meant where the fact that it counts from arises in just that condition: who answers it is in it.
    """
    facts = definition.vocabulary.facts
    for deadline in definition.routing.special_deadlines if definition.routing else ():
        answer, event = answers.get(deadline.event), facts.get(deadline.event)
        if event is None or event.asked_when != deadline.when or not isinstance(answer, str):
            continue
        try:
            return last_day(deadline, date.fromisoformat(answer))
        except ValueError:
            continue
    return None


def last_day(deadline: Deadline, event: date) -> date | None:
    """The last day of a period on which the city hall is open; None beyond the calendar.

    One after the event ends on the next open day if its end is a closed one (民法 142条); one before the event must be kept, so that
    its end moves to the open day before.
    """
    try:
        day = first_day(deadline, event)
        return None if day is None else open_day_until(day) if deadline.before is not None else open_day_from(day)
    except OverflowError:
        return None


def first_day(deadline: Deadline, event: date) -> date | None:
    """The day that a period comes to by the calendar alone; None beyond it."""
    try:
        if deadline.before is not None:
            counted = timedelta(days=1 if deadline.counts_first_day else 0)
            return months_later(event, -(deadline.months or 0)) - timedelta(days=deadline.days or 0) + counted
        start = event if deadline.counts_first_day else event + timedelta(days=1)
        if deadline.months is not None:
            return _end_of_months(start, deadline.months)
        return start + timedelta(days=(deadline.days or 0) - 1)
    except (ValueError, OverflowError):
        return None


def _end_of_months(start: date, months: int) -> date:
    """The day before the one that corresponds to `start`; the last of the month that has none (民法 143条2項)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    length = monthrange(year, month + 1)[1]
    if start.day > length:
        return date(year, month + 1, length)
    return date(year, month + 1, start.day) - timedelta(days=1)
