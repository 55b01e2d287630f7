"""Until when a procedure is due, counted from a day that the applicant answered (`routing.deadline`)."""

from datetime import date, timedelta

from common.open_days import open_day_from
from forms.definition.procedure import Definition
from forms.evaluation.scope import Answers
from forms.fields.bounds import months_later


def due_by_answer(definition: Definition, answers: Answers) -> date | None:
    """The last day; None where the deadline is counted from a fact, or the day was not answered.

    One after the day does not end while the city hall is closed (民法 142条); one before it stands as it is.
    """
    deadline = definition.routing.deadline if definition.routing else None
    name = (deadline.after or deadline.before) if deadline else None
    answer = answers.get(name or "")
    if deadline is None or name not in definition.fields or not isinstance(answer, str):
        return None
    try:
        first = date.fromisoformat(answer)
        if deadline.before is not None:
            return months_later(first, -(deadline.months or 0)) - timedelta(days=deadline.days or 0)
        counted = timedelta(days=1 if deadline.counts_first_day else 0)
        return open_day_from(months_later(first, deadline.months or 0) + timedelta(days=deadline.days or 0) - counted)
    except (ValueError, OverflowError):
        return None
