"""Name and address of a colleague, which administrators put right: after a marriage, a typing mistake, another mail domain."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.crypto import open_sealed, seal
from portal.core.database import city_of
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor, Subject, record
from portal.identity import staff_invitations
from portal.identity.addresses import normal_email
from portal.identity.devices import forget_devices
from portal.identity.models import Staff
from portal.identity.staff_administration import lock_manageable
from portal.identity.staff_sign_in import totp_context


@dataclass(frozen=True)
class Person:
    """An account as pages about it name it."""

    id: int
    name: str
    email: str
    active: bool


def person(session: Session, staff_id: int) -> Person:
    """Return the account with that id, a closed one too. Raises NotFound."""
    row = session.get(Staff, staff_id)
    if row is None:
        raise NotFound("この職員は登録されていません。")
    return Person(row.id, row.name, row.email, row.active)


def particulars_token(person: Staff) -> str:
    """Return a token of name and address as a page showed them."""
    return hashlib.sha256(f"{person.name}\0{person.email}".encode()).hexdigest()[:16]


def change_particulars(
    session: Session, by: Actor, staff_id: int, name: str, email: str, shown: str | None = None
) -> None:
    """Change what a member of staff is called and the address with which they sign in; password, authenticator and sessions stay.

    `shown` is the token of what the page said before. Raises Forbidden beyond one's reach, Conflict when somebody was faster or the account
    is closed, Invalid for an address that is malformed or taken.
    """
    account = lock_manageable(session, by, staff_id)
    if shown is not None and shown != particulars_token(account):
        raise Conflict("ほかの人が先に変えました。いまの名前とアドレスを見て、もう一度入力してください。")
    if not (name := name.strip()):
        raise Invalid("名前を入力してください。", {"name": "名前を入力してください。"})
    address = normal_email(email)
    changed = [key for key, old, new in (("name", account.name, name), ("email", account.email, address)) if old != new]
    if not changed:
        return
    if address != account.email:
        if session.scalar(select(Staff.id).where(Staff.email == address)) is not None:
            taken = "このメールアドレスの職員は、すでに登録されています。"
            raise Invalid(taken, {"email": taken})
        # The key of the authenticator is sealed together with the address that it belongs to.
        city = city_of(session)
        key = open_sealed(city, account.totp_secret, totp_context(account.email))
        forget_devices(session, "staff", account.email)
        account.totp_secret = seal(city, key, totp_context(address))
    account.name, account.email = name, address
    session.flush()
    record(session, Subject("staff", staff_id), "staff.particulars_changed", by, changed=changed)
    if "email" in changed and staff_invitations.invitation_of(session, staff_id) is not None:
        # the link went to an address that may be somebody else's
        staff_invitations.send_invitation(session, account, by)
