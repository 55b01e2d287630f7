"""What an administrator does with the accounts of colleagues. Each act looks again at who asks, after it waited for the others at it."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.core.errors import Conflict, Forbidden, NotFound
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_rows
from portal.identity import actions, staff_enrolment, staff_invitations
from portal.identity.models import Staff, StaffRole
from portal.identity.queries import read_staff

RoleSet = frozenset[tuple[int | None, str]]
"""Roles as pairs of department id (None: every department) and role."""

_ADMIN = "admin"


@dataclass(frozen=True)
class ManagementScope:
    """Where somebody may manage staff."""

    everywhere: bool
    departments: frozenset[int]

    def covers(self, roles: RoleSet) -> bool:
        """Whether every one of these roles lies within."""
        return self.everywhere or all(department in self.departments for department, _role in roles)


def management_scope(session: Session, by: Actor) -> ManagementScope:
    """Where this person may manage staff now; the operator at the command line, who has no account, everywhere. Raises Forbidden for nowhere."""
    if by.id is None:
        return ManagementScope(True, frozenset())
    staff = read_staff(session, by.id)
    if staff is None or not staff.may("staff.manage"):
        raise Forbidden
    return ManagementScope(_ADMIN in staff.everywhere, staff.departments("staff.manage"))


def roles_of(session: Session, staff_id: int) -> RoleSet:
    """The roles of a member of staff."""
    query = select(StaffRole.department_id, StaffRole.role).where(StaffRole.staff_id == staff_id)
    return frozenset((row.department_id, row.role) for row in session.execute(query))


def state_token(active: bool, roles: RoleSet) -> str:
    """Return a token of the state that a page showed, to detect a change by a colleague in the meantime."""
    text = f"{active} " + " ".join(sorted(f"{department}:{role}" for department, role in roles))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def create_account(session: Session, by: Actor, email: str, name: str, roles: RoleSet) -> tuple[Staff, str, str]:
    """An account for a new colleague, or again for one who left: with it the first password and the authenticator's address.

    Raises Invalid, Conflict (see `actions.create_staff`), Forbidden for roles beyond one's own reach.
    """
    _require_scope(management_scope(session, by), roles)
    password = actions.new_password()
    staff, address = actions.create_staff(session, email, name, password, _by_department(roles), initial=True)
    _record(session, staff.id, "staff.created", by, roles=_codes(roles))
    return staff, password, address


def invite(session: Session, by: Actor, email: str, name: str, roles: RoleSet) -> Staff:
    """An account as `create_account` makes it, of which nobody is handed a secret: its owner is mailed a link to choose them."""
    staff, _password, _address = create_account(session, by, email, name, roles)
    staff_invitations.send_invitation(session, staff, by)
    return staff


def invite_again(session: Session, by: Actor, staff_id: int, expected_version: int | None = None) -> Staff:
    """Mail another link to somebody who has not come yet, also after their account was closed; the earlier link stops working.

    `expected_version` is how often the page said that it was sent. Raises Conflict when it was sent meanwhile, or the person has come already.
    """
    staff = _lock_with_administrators(session, by, staff_id)
    _require_scope(management_scope(session, by), roles_of(session, staff_id))
    invitation = staff_invitations.invitation_of(session, staff_id)
    if invitation is None and (staff.signed_in_at is not None or not staff.active):
        raise Conflict("この職員は、もうアカウントを使いはじめています。")
    if expected_version is not None and expected_version != (invitation.number if invitation else 0):
        raise Conflict("招待のメールは、たったいま送られました。届くのを待ってください。")
    staff.active = True
    staff_invitations.send_invitation(session, staff, by)
    return staff


def change_roles(session: Session, by: Actor, staff_id: int, roles: RoleSet, shown: str | None = None) -> None:
    """Give a colleague other roles; `shown` is the mark of what the page said before (see `state_token`).

    Raises Forbidden for one's own and for roles beyond one's reach, Conflict when somebody was faster or no administrator would remain.
    """
    staff = _lock_with_administrators(session, by, staff_id)
    before = roles_of(session, staff_id)
    require_change(session, by, staff_id, before ^ roles)
    if shown is not None:
        refuse_stale(staff.active, before, shown)
    actions.set_roles(session, staff_id, _by_department(roles))
    _keep_an_administrator(session, by)
    _record(session, staff_id, "staff.roles_changed", by, roles=_codes(roles))


def close(session: Session, by: Actor, staff_id: int) -> None:
    """Close a colleague's account. Raises as `change_roles`."""
    staff = _lock_with_administrators(session, by, staff_id)
    if by.id == staff_id:
        raise Forbidden("自分のアカウントは閉じられません。ほかの管理者に頼んでください。")
    _require_scope(management_scope(session, by), roles_of(session, staff_id))
    if not staff.active:
        raise Conflict("このアカウントは、すでに閉じられています。")
    actions.disable_staff(session, staff_id)
    _keep_an_administrator(session, by)
    if staff_invitations.invitation_of(session, staff_id) is not None:
        _record(session, staff_id, "staff.invitation_withdrawn", by)
    _record(session, staff_id, "staff.closed", by)


def reopen(session: Session, by: Actor, staff_id: int) -> str:
    """Open a closed account with its roles and authenticator; the first password. Raises Conflict when it is open."""
    staff = _lock_with_administrators(session, by, staff_id)
    _require_scope(management_scope(session, by), roles_of(session, staff_id))
    if staff.active:
        raise Conflict("このアカウントは、使われています。")
    _refuse_invited(session, staff_id)
    password = actions.new_password()
    actions.enable_staff(session, staff_id, password)
    _record(session, staff_id, "staff.reopened", by)
    return password


def give_password(session: Session, by: Actor, staff_id: int) -> str:
    """A first password again, for somebody who forgot theirs; the authenticator stays needed."""
    staff = _lock_with_administrators(session, by, staff_id)
    _require_scope(management_scope(session, by), roles_of(session, staff_id))
    if by.id == staff_id:
        raise Forbidden("自分のパスワードは、アカウントの画面で変えてください。")
    _refuse_closed(staff)
    _refuse_invited(session, staff_id)
    password = actions.new_password()
    actions.set_password(session, staff_id, password, initial=True)
    _record(session, staff_id, "staff.password_given", by)
    return password


def request_reset(session: Session, by: Actor, staff_id: int) -> None:
    """Ask for a new authenticator for a colleague (see `staff_enrolment`). Raises Conflict for one who has none yet."""
    _refuse_invited(session, staff_id)
    staff_enrolment.request_reset(session, lock_manageable(session, by, staff_id), by)


def confirm_reset(session: Session, by: Actor, staff_id: int) -> str:
    """Confirm what another administrator asked for; the code to hand to the owner."""
    return staff_enrolment.confirm_reset(session, lock_manageable(session, by, staff_id), by)


def cancel_reset(session: Session, by: Actor, staff_id: int) -> None:
    """Drop the request."""
    staff_enrolment.cancel_reset(session, lock_manageable(session, by, staff_id), by)


def lock_manageable(session: Session, by: Actor, staff_id: int) -> Staff:
    """Return the account of an active colleague whom `by` manages, locked. Raises NotFound, Forbidden, Conflict for a closed one."""
    staff = _lock_with_administrators(session, by, staff_id)
    _require_scope(management_scope(session, by), roles_of(session, staff_id))
    _refuse_closed(staff)
    return staff


def _lock_with_administrators(session: Session, by: Actor, staff_id: int) -> Staff:
    """The account, locked together with every administrator's: anyone who manages staff at the same moment waits."""
    administrators = select(StaffRole.staff_id).where(StaffRole.role == _ADMIN)
    rows = lock_rows(
        session,
        Staff,
        Staff.id.in_(administrators) | (Staff.id == staff_id) | (Staff.id == by.id),
        order_by=[Staff.id.asc()],
    )
    staff = next((row for row in rows if row.id == staff_id), None)
    if staff is None:
        raise NotFound("この職員は登録されていません。")
    return staff


def _keep_an_administrator(session: Session, by: Actor) -> None:
    if by.id is None:
        return  # the operator can make another
    holds = exists().where(StaffRole.staff_id == Staff.id, StaffRole.role == _ADMIN)
    if session.scalar(select(Staff.id).where(Staff.active, holds).limit(1)) is None:
        raise Conflict("管理者がいなくなるため、できません。先に、ほかの人に管理者の役割をつけてください。")


def _require_scope(reach: ManagementScope, roles: RoleSet) -> None:
    if not reach.covers(roles):
        raise Forbidden(
            "自分が管理する課の外の役割が含まれているため、変えられません。すべての課の管理者に頼んでください。"
        )


def require_change(session: Session, by: Actor, staff_id: int, differing: RoleSet) -> None:
    """Raise Forbidden for roles of one's own, and where one of those that are given or taken lies beyond one's reach."""
    if by.id == staff_id:
        raise Forbidden("自分の役割は変えられません。ほかの管理者に頼んでください。")
    _require_scope(management_scope(session, by), differing)


def refuse_stale(active: bool, roles: RoleSet, shown: str) -> None:
    """Raise Conflict unless the account is still as a page showed it, see `state_token`."""
    if shown != state_token(active, roles):
        raise Conflict("ほかの人が先に変えました。いまの役割を見て、もう一度選んでください。")


def _refuse_closed(staff: Staff) -> None:
    if not staff.active:
        raise Conflict("このアカウントは閉じられています。先に、もう一度使えるようにしてください。")


def _refuse_invited(session: Session, staff_id: int) -> None:
    if staff_invitations.invitation_of(session, staff_id) is not None:
        raise Conflict("招待中の職員です。本人が招待のリンクを開くまでは、招待のメールをもう一度送ってください。")


def _by_department(roles: RoleSet) -> dict[int | None, set[str]]:
    by_department: defaultdict[int | None, set[str]] = defaultdict(set)
    for department, role in roles:
        by_department[department].add(role)
    return dict(by_department)


def _codes(roles: RoleSet) -> list[str]:
    return sorted(f"{'*' if department is None else department}:{role}" for department, role in roles)


def _record(session: Session, staff_id: int, event: str, by: Actor, **data: object) -> None:
    record(session, Subject("staff", staff_id), event, by, **data)
