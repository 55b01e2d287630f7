"""What the history of a case says of its going from one department to another: from which to which."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from portal.core.events import Event
from portal.core.text import _, pick
from portal.identity import list_departments


def transfers_told(session: Session, events: Sequence[Event]) -> dict[int, str]:
    """Words for each such event, by its id. The departments are read only where there is one."""
    changes = [event for event in events if event.name == "case.transferred"]
    if not changes:
        return {}
    titles = {department.id: pick(department.title, "ja") for department in list_departments(session, with_closed=True)}
    return {
        event.id: _(
            "{before}から{after}へ",
            before=titles[event.data["from_department"]],
            after=titles[event.data["to_department"]],
        )
        for event in changes
    }
