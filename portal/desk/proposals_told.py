"""What the history of a case says of proposals for its places: which place, and how the applicant answered."""

from collections.abc import Sequence

from forms import Definition
from portal.core.events import Event
from portal.core.text import _
from portal.residents.answers import place_title
from portal.residents.proposal_cards import OUTCOMES


def proposals_told(definition: Definition, events: Sequence[Event]) -> dict[int, str]:
    """Words for each event about a proposal, by the id of the event."""
    told = {}
    for event in events:
        if event.name == "case.place_answered":
            told[event.id] = _(OUTCOMES[event.data["outcome"]])
        elif event.name.startswith("case.place_"):
            question = definition.question_at(event.data["field"])
            label = question.label_in("ja") if question else event.data["field"]
            told[event.id] = f"{place_title(definition, event.data['field'])} {label}".strip()
    return told
