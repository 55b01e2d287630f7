"""What the history of a case says of lists of neighbours: how far, how many, how they were given out, and for what."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from portal.cases.neighbours import neighbour_lists_of_case
from portal.core.events import Event
from portal.core.text import _

_KINDS = {"utf-8": "CSV(UTF-8)", "cp932": "CSV(CP932)"}


def neighbours_told(session: Session, case_id: int, events: Sequence[Event]) -> dict[int, str]:
    """Words for each event about a list, by the id of the event. The lists are read only where there are such events."""
    of_lists = [event for event in events if event.name.startswith("neighbours.")]
    if not of_lists:
        return {}
    purposes = {row.id: row.purpose for row in neighbour_lists_of_case(session, case_id)}
    return {event.id: _words(event, purposes.get(event.data["list_id"], "")) for event in of_lists}


def _words(event: Event, purpose: str) -> str:
    number = _("{number}件", number=event.data["number"])
    if event.name == "neighbours.listed":
        return _(
            "{metres} m以内・{number}・目的：{purpose}",
            metres=f"{event.data['metres']:g}",
            number=number,
            purpose=purpose,
        )
    if event.name == "neighbours.exported":
        kind = event.data["kind"]
        return f"{_KINDS.get(kind) or _('ラベル{sheet}面', sheet=kind.removeprefix('labels-'))}・{number}"
    return number
