"""The history of a case in words for staff."""

from portal.cases.event_words import EVENT_WORDS
from portal.cases.models import CaseEvent
from portal.core.text import _, yen


def event_words(event: CaseEvent) -> str:
    """One line of the history, with the amount where money is meant."""
    words = _(EVENT_WORDS[event.name].office)
    amount = event.data.get("amount")
    return f"{words} {yen(amount)}" if isinstance(amount, int) else words
