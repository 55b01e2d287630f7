"""Writing standard texts."""

from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.errors import Conflict, NotFound
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_row
from portal.identity import belongings
from portal.standard_texts.content import StandardContent
from portal.standard_texts.models import StandardText

_CHANGED = "ほかの職員が、この文例を先に変えました。いまの文を確かめて、もう一度保存してください。"


def save_text(
    session: Session,
    text_id: int | None,
    content: StandardContent,
    *,
    department_id: int,
    actor: Actor,
    expected_version: int,
) -> StandardText:
    """Keep a text, a new one without `text_id`. `expected_version` is the number of the one that its author saw, 0 for a new one.

    Raises Invalid, NotFound, and Conflict where somebody changed it since.
    """
    content.check()
    row = _locked(session, text_id) if text_id is not None else None
    if row is not None and row.number != expected_version:
        raise Conflict(_CHANGED)
    values = {
        "number": expected_version + 1,
        "department_id": department_id,
        "procedure_key": content.procedure_key,
        "kind": content.kind,
        "title": content.title,
        "text": dict(content.text),
        "staff_id": actor.id,
        "changed_at": now(),
    }
    event = "standard_text.added" if row is None else "standard_text.changed"
    if row is None:
        row = StandardText(**values)
        session.add(row)
    else:
        for name, value in values.items():
            setattr(row, name, value)
    session.flush()
    record(session, Subject("standard_text", row.id), event, actor)
    return row


def remove_text(session: Session, text_id: int, *, actor: Actor) -> None:
    """Take a text out of the lists; what was sent with it stays. Raises NotFound."""
    session.delete(_locked(session, text_id))
    session.flush()
    record(session, Subject("standard_text", text_id), "standard_text.removed", actor)


def _locked(session: Session, text_id: int) -> StandardText:
    row = lock_row(session, StandardText, StandardText.id == text_id)
    if row is None:
        raise NotFound
    return row


belongings.declare_owned("standard_text", StandardText.department_id)
