"""Keeping answers with the consent of their owner, editing them, and letting them go."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.events import Actor, record
from portal.core.locking import lock_row
from portal.profiles.events import of_account
from portal.profiles.models import ProfileItem
from portal.profiles.new_item import NewItem


def keep_items(session: Session, account_id: int, items: Sequence[NewItem]) -> None:
    """Keep these answers of one application, to each of which their owner has agreed; an earlier answer to the same item is replaced."""
    moment = now()
    for new in items:
        values = {
            "type": new.type,
            "sensitive": new.sensitive,
            "content": {"answer": new.answer},
            "version_id": new.origin.version_id,
            "field": new.field,
            "procedure_key": new.origin.procedure_key,
            "case_number": new.origin.case_number,
            "consented_at": moment,
            "changed_at": moment,
            "edited": False,
        }
        row = insert(ProfileItem).values(account_id=account_id, item=new.item, **values)
        session.execute(row.on_conflict_do_update(constraint="uq_profile_item_once", set_=values))
    for procedure in dict.fromkeys(new.origin.procedure_key for new in items):
        names = [new.item for new in items if new.origin.procedure_key == procedure]
        _record(session, account_id, "profile.kept", items=names, procedure=procedure)


def edit_item(session: Session, account_id: int, item: str, answer: Any) -> bool:
    """Replace an answer by what its owner wrote; False when it is not kept (any more)."""
    kept = lock_row(session, ProfileItem, ProfileItem.account_id == account_id, ProfileItem.item == item)
    if kept is None:
        return False
    if kept.answer != answer:
        kept.content, kept.changed_at, kept.edited = {"answer": answer}, now(), True
        session.flush()
        _record(session, account_id, "profile.edited", items=[item])
    return True


def remove_items(session: Session, account_id: int, items: Collection[str] | None = None) -> int:
    """Withdraw the consent to these items, or to all, which deletes them; how many there were."""
    which = [ProfileItem.account_id == account_id]
    if items is not None:
        which.append(ProfileItem.item.in_(items))
    gone = session.scalars(delete(ProfileItem).where(*which).returning(ProfileItem.item)).all()
    if gone:
        _record(session, account_id, "profile.removed", items=sorted(gone))
    return len(gone)


def record_use(session: Session, account_id: int, items: Collection[str], *, procedure: str, draft_id: int) -> None:
    """Leave in the account's history that these items were filled into an application that its owner began."""
    _record(session, account_id, "profile.used", items=sorted(items), procedure=procedure, draft=draft_id)


def _record(session: Session, account_id: int, name: str, **data: Any) -> None:
    record(session, of_account(account_id), name, Actor("applicant", account_id), **data)
