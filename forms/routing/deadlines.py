"""Until when a procedure is due by the law, and from when it can be done, for the known date of its event."""

from dataclasses import dataclass
from datetime import date

from forms.definition.routing import Deadline
from forms.evaluation.due import first_day, last_day


@dataclass(frozen=True)
class Due:
    """A day, and the fact from whose date it is counted by `rule`."""

    day: date
    fact: str
    rule: Deadline

    def days_left(self, today: date) -> int:
        """Days until then: 0 on the day itself, negative when it has passed."""
        return (self.day - today).days


def due_on(rule: Deadline, event: date) -> Due | None:
    """The last day of a deadline for the day of its event; None beyond the calendar."""
    day = last_day(rule, event)
    return Due(day, rule.event, rule) if day is not None else None


def open_from(rule: Deadline, event: date) -> Due | None:
    """The first day on which something can be done, counted by the same rules, whether the city hall is open then or not."""
    day = first_day(rule, event)
    return Due(day, rule.event, rule) if day is not None else None
