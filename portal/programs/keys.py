"""Keys are made, listed with their use, and revoked."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.core.access import StaffIdentity
from portal.core.clock import now, today
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_row
from portal.identity import Department, belongings, staff_name
from portal.programs.models import ProgramKey, ProgramKeyUse

MANAGE = "program_key.manage"
LONGEST = timedelta(days=2 * 365)
"""How long a key opens at most: whoever needs it longer makes a new one, and is asked again whether it is needed."""
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class KeyGrant:
    """What a key is asked for: for which department and until when (inclusive), and what may be read with it."""

    name: str
    department_id: int | None
    layers: Collection[str]
    procedures: Collection[str]
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Grantable:
    """What this person may let a program read: keys of layers, and of procedures."""

    layers: Collection[str]
    procedures: Collection[str]


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it is shown once."""

    row: ProgramKey
    secret: str


@dataclass(frozen=True, slots=True)
class KeyInUse:
    """A key with who made it and how it is used: in all, and when last."""

    row: ProgramKey
    maker: str
    requests: int
    last_at: datetime | None

    @property
    def state(self) -> str:
        """Whether it opens: valid | ended | revoked."""
        if self.row.revoked_at is not None:
            return "revoked"
        return "valid" if self.row.valid_until >= today() else "ended"


def digest_of(secret: str) -> bytes:
    """What is kept of a key. It is random and long, so that a plain digest cannot be reversed (ASVS 2.9)."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def create_key(session: Session, staff: StaffIdentity, grant: KeyGrant, grantable: Grantable) -> NewKey:
    """Make a key. Raises Invalid with a sentence for each field, Forbidden for what this person may not give."""
    if grant.department_id is None:
        sentence = "部署を選んでください。"
        raise Invalid(sentence, {"department": sentence})
    staff.require(MANAGE, grant.department_id)
    if not set(grant.layers) <= set(grantable.layers) or not set(grant.procedures) <= set(grantable.procedures):
        raise Forbidden
    last = today() + LONGEST
    faults = {}
    if not grant.name:
        faults["name"] = "名前を入力してください。"
    if not grant.layers and not grant.procedures:
        faults["layers"] = "読めるものを、1つ以上選んでください。"
    if grant.valid_until is None or not today() <= grant.valid_until <= last:
        faults["valid_until"] = f"使える最後の日は、今日から{last.isoformat()}までの日にしてください。"
    if faults or grant.valid_until is None:
        raise Invalid(next(iter(faults.values())), faults)
    same = ProgramKey.department_id == grant.department_id, ProgramKey.name == grant.name
    if session.scalar(select(ProgramKey.id).where(*same, ProgramKey.revoked_at.is_(None))):
        sentence = "同じ名前の鍵が、もうあります。別の名前にするか、前の鍵を取り消してください。"
        raise Invalid(sentence, {"name": sentence})
    secret = f"mdg_{secrets.token_urlsafe(32)}"
    row = ProgramKey(
        name=grant.name,
        department_id=grant.department_id,
        digest=digest_of(secret),
        beginning=secret[:_SHOWN],
        layers=sorted(grant.layers),
        procedures=sorted(grant.procedures),
        valid_until=grant.valid_until,
        staff_id=staff.id,
        created_at=now(),
    )
    session.add(row)
    session.flush()
    data = {"layers": row.layers, "procedures": row.procedures, "valid_until": row.valid_until.isoformat()}
    record(session, _subject(row), "program_key.created", _actor(staff), department=row.department_id, **data)
    return NewKey(row, secret)


def get_key(session: Session, staff: StaffIdentity, key_id: int) -> ProgramKey:
    """A key of a department for which this person manages keys. Raises NotFound."""
    row = session.get(ProgramKey, key_id)
    if row is None or not staff.may(MANAGE, row.department_id):
        raise NotFound
    return row


def revoke_key(session: Session, staff: StaffIdentity, key_id: int) -> None:
    """Let a key open nothing any more, from this moment. Raises NotFound, and Conflict for one that is revoked."""
    get_key(session, staff, key_id)
    row = lock_row(session, ProgramKey, ProgramKey.id == key_id)
    if row is None or row.revoked_at is not None:
        raise Conflict("この鍵は、もう取り消されています。")
    row.revoked_at = now()
    record(session, _subject(row), "program_key.revoked", _actor(staff))


def keys_of(session: Session, departments: Collection[int]) -> list[KeyInUse]:
    """Every key of these departments, the newest first and those that open nothing last."""
    uses = (
        select(
            ProgramKeyUse.key_id,
            func.sum(ProgramKeyUse.requests).label("requests"),
            func.max(ProgramKeyUse.last_at).label("last_at"),
        )
        .group_by(ProgramKeyUse.key_id)
        .subquery()
    )
    query = (
        select(ProgramKey, staff_name(ProgramKey.staff_id), func.coalesce(uses.c.requests, 0), uses.c.last_at)
        .outerjoin(uses, uses.c.key_id == ProgramKey.id)
        .where(ProgramKey.department_id.in_(departments))
        .order_by(ProgramKey.id.desc())
    )
    keys = [KeyInUse(row, maker or "", int(requests), last) for row, maker, requests, last in session.execute(query)]
    return sorted(keys, key=lambda key: key.state != "valid")


def _subject(row: ProgramKey) -> Subject:
    return Subject("program_key", row.id)


def _actor(staff: StaffIdentity) -> Actor:
    return Actor("staff", staff.id, staff.name)


def _move_keys(session: Session, former: Department, successor: Department, _actor: Actor) -> None:
    """Give the keys of a department that closes to its successor; one whose name is taken there carries the former department's too."""
    valid = ProgramKey.revoked_at.is_(None)
    taken = select(ProgramKey.name).where(ProgramKey.department_id == successor.id, valid)
    named = f"{former.title['ja']}({former.key})"
    session.execute(
        update(ProgramKey)
        .where(ProgramKey.department_id == former.id, valid, ProgramKey.name.in_(taken))
        .values({ProgramKey.name: ProgramKey.name.concat(f" {named}")})
    )
    moved = update(ProgramKey).where(ProgramKey.department_id == former.id)
    session.execute(moved.values({ProgramKey.department_id: successor.id}))


belongings.declare_belonging(
    "key", lambda session, department: belongings.count_owned(session, ProgramKey.department_id, department), _move_keys
)
