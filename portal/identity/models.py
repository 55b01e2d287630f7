"""People: residents by e-mail, staff with their roles in departments, and the codes that prove an address."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    ForeignKey,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.crypto import fingerprint
from portal.core.models import CityBase
from portal.core.sealed import SealedText
from portal.identity.rights import ROLES

_BUILT_IN = ", ".join(f"'{name}'" for name in ROLES)


class Department(CityBase):
    """An office of the city, the owner of procedures and cases.

    One that closed stays with its key and its `successor_id`, which is never itself closed: definitions and books go on naming it.
    """

    __tablename__ = "department"
    __table_args__ = (CheckConstraint("(closed_at IS NULL) = (successor_id IS NULL)", name="closed"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    title: Mapped[dict[str, Any]]
    phone: Mapped[str | None]
    place: Mapped[str | None] = mapped_column(doc="where the counter is: 1階7番窓口")
    position: Mapped[list[Any] | None] = mapped_column(doc="[longitude, latitude] of the building, for maps")
    sort: Mapped[int] = mapped_column(server_default="0")
    mail: Mapped[str | None]
    hours: Mapped[str | None] = mapped_column(doc="when its counter is open, where that is not when the city hall is")
    number: Mapped[int] = mapped_column(
        server_default="1", doc="one more with each change, so that nobody overwrites what they have not seen"
    )
    closed_at: Mapped[datetime | None]
    successor_id: Mapped[int | None] = mapped_column(
        ForeignKey("department.id"), doc="to which everything went when it closed"
    )


class Staff(CityBase):
    """A member of staff. Nobody shares an account; MFA is not optional (ASVS 6.3.3)."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    totp_secret: Mapped[bytes] = mapped_column(doc="sealed")
    totp_last_step: Mapped[int] = mapped_column(server_default="0", doc="newest time step used, so no code works twice")
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    initial_until: Mapped[datetime | None] = mapped_column(
        doc="somebody else gave the password: it works until then, and only to choose an own one"
    )
    enrol_digest: Mapped[bytes | None] = mapped_column(doc="of the one-time code for a new authenticator")
    enrol_until: Mapped[datetime | None]


class StaffRole(CityBase):
    """A role of a member of staff in one department, or in every one, those to come included (no `department_id`).

    A role that is none of those that come with Madoguchi is one of the city's own: the database holds it by `city_role`.
    """

    __tablename__ = "staff_role"
    __table_args__ = (
        UniqueConstraint(
            "staff_id", "department_id", "role", name="uq_staff_role_once", postgresql_nulls_not_distinct=True
        ),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    role: Mapped[str]
    city_role: Mapped[str | None] = mapped_column(
        ForeignKey("city_role.key"),
        Computed(f"CASE WHEN role IN ({_BUILT_IN}) THEN NULL ELSE role END", persisted=True),
        index=True,
    )


class CityRole(CityBase):
    """A role that the city made: 部長, 福祉専門員. Held in departments, or (`city_wide`) in all of them at once.

    `rights` are what it lets its holders see and do; which moves they may take, definitions say by its key.
    """

    __tablename__ = "city_role"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    city_wide: Mapped[bool]
    rights: Mapped[list[str]] = mapped_column(ARRAY(Text))
    number: Mapped[int] = mapped_column(
        doc="one more with each change, so that nobody overwrites what they have not seen"
    )


class StaffReset(CityBase):
    """A lost authenticator that is to be replaced: one person asks for it, another confirms. Ended when confirmed or dropped."""

    __tablename__ = "staff_reset"
    __table_args__ = (Index("uq_staff_reset_open", "staff_id", unique=True, postgresql_where=text("ended_at IS NULL")),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    requested_by: Mapped[int | None] = mapped_column(
        ForeignKey("staff.id"), doc="none when it was the operator's command"
    )
    requested_name: Mapped[str]
    requested_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_name: Mapped[str | None]
    ended_at: Mapped[datetime | None]


class StaffInvitation(CityBase):
    """A mailed link by which a member of staff comes for the first time; gone once they came."""

    __tablename__ = "staff_invitation"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(unique=True)
    invited_name: Mapped[str] = mapped_column(doc="who sent it")
    mail_id: Mapped[int] = mapped_column(doc="the mail, which is deleted after a while")
    number: Mapped[int] = mapped_column(doc="how often it was sent; an earlier link does not work")
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class StaffAbsence(CityBase):
    """Days on which a member of staff is away, both included, and who stands in."""

    __tablename__ = "staff_absence"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("staff_id <> deputy_id", name="somebody_else"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]


def address_fingerprint(email: str) -> bytes:
    """The keyed digest by which an account is found from its address."""
    return fingerprint("account.email", email)


def _fingerprint(context: DefaultExecutionContext) -> bytes:
    row = context.get_current_parameters()  # type: ignore[no-untyped-call] # SQLAlchemy leaves it untyped
    return address_fingerprint(row["email"])


class Account(CityBase):
    """A resident known by an e-mail address that was proved."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    email: Mapped[str] = mapped_column(SealedText("account.email"))
    email_fingerprint: Mapped[bytes] = mapped_column(
        unique=True, default=_fingerprint, doc="by which the account of an address is found"
    )
    name: Mapped[str | None] = mapped_column(SealedText("account.name"))
    language: Mapped[str] = mapped_column(server_default="ja")
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]


class KnownDevice(CityBase):
    """A browser in which a person signed in before; digests alone."""

    __tablename__ = "known_device"

    device: Mapped[bytes] = mapped_column(primary_key=True)
    person: Mapped[bytes] = mapped_column(primary_key=True, index=True)
    used_at: Mapped[datetime] = mapped_column(index=True)


class LoginCode(CityBase):
    """A code and a link sent to an address: single use, ten minutes for signing in, thirty days to go on with a draft."""

    __tablename__ = "login_code"
    __table_args__ = (CheckConstraint("purpose IN ('sign_in', 'resume')", name="purpose"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    email: Mapped[str] = mapped_column(SealedText("login_code.email"))
    purpose: Mapped[str]
    draft: Mapped[str | None] = mapped_column(doc="public id of the draft to go on with")
    browser: Mapped[bytes | None] = mapped_column(doc="digest of the session that asked; a code works only there")
    code_digest: Mapped[bytes | None]
    token_digest: Mapped[bytes] = mapped_column(unique=True)
    tries: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class StaffSignIn(CityBase):
    """The trail of staff sign-ins and refusals (who, when, from where, outcome); the serving role can only add to it."""

    __tablename__ = "staff_sign_in"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    outcome: Mapped[str]
    address: Mapped[str] = mapped_column(
        SealedText("staff_sign_in.address"), server_default="", doc="network address that asked"
    )
    at: Mapped[datetime]
