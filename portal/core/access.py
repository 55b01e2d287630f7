"""Who may enter: every view declares it with `allow`; a view that declares nothing is closed, and a test walks all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request, session

from portal.core.config import settings
from portal.core.errors import Forbidden, KeyRefused, NotFound, SignInNeeded
from portal.core.sessions import ServerSession, SessionPerson, read_with_sessions
from portal.core.tenancy import current_city

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Entry:
    """One way in: `side` decides on which processes the view answers, `right` what a member of staff must hold."""

    kind: str
    side: str
    right: str = ""
    city: bool = True
    programs: bool = False
    """Also for programs that send a key, in place of somebody who is signed in."""


PUBLIC = Entry("public", "resident")
PUBLIC_ANYWHERE = Entry("public", "any", city=False)
"""Also on the installation's own host, where no city is chosen (choice of city, health, static files)."""
STAFF_PUBLIC = Entry("public", "staff")
"""The staff side's own sign-in pages."""
RESIDENT = Entry("resident", "resident")
STAFF = Entry("staff", "staff")
STAFF_OR_PROGRAM = Entry("staff", "staff", programs=True)


def right(name: str) -> Entry:
    """Staff who hold the right `name` (`case.approve`) in some department; the action checks it again for the case's own."""
    if name not in _rights:
        raise ValueError(f"unknown right {name!r}")
    return Entry("staff", "staff", name)


@dataclass(frozen=True)
class Right:
    """Something that staff may do: its title for administrators, and the built-in roles that hold it in their department.

    `grantable`: a role that the city makes itself may carry it.
    """

    title: str
    roles: tuple[str, ...]
    grantable: bool = True


_rights: dict[str, Right] = {}


def declare_rights(rights: Mapping[str, Right]) -> None:
    """Declare the rights of a capability."""
    _rights.update(rights)


def declared_rights() -> Mapping[str, Right]:
    """Every right of the capabilities that this process has imported."""
    return _rights


def rights_of(role: str) -> frozenset[str]:
    """What a built-in role of a department may see and do. Which moves of a case it may take, the workflow says (`who`)."""
    return frozenset(name for name, right in _rights.items() if role in right.roles)


@dataclass(frozen=True)
class StaffIdentity:
    """The member of staff of this request; `roles` by department id, with those held `everywhere` in each.

    `carried` are the rights that come with roles of the city's own, by department id.
    """

    id: int
    name: str
    email: str
    roles: dict[int, frozenset[str]] = field(default_factory=dict)
    everywhere: frozenset[str] = frozenset()
    carried: dict[int, frozenset[str]] = field(default_factory=dict)

    def departments(self, name: str) -> frozenset[int]:
        """The departments in which this person holds the right."""
        holders = _rights[name].roles if name in _rights else ()
        return frozenset(
            department
            for department, roles in self.roles.items()
            if name in self.carried.get(department, ()) or not roles.isdisjoint(holders)
        )

    def may(self, name: str, department_id: int | None = None) -> bool:
        """Whether the right is held in that department (in any, without one)."""
        departments = self.departments(name)
        return bool(departments) if department_id is None else department_id in departments

    def require(self, name: str, department_id: int) -> None:
        """Raise Forbidden unless the right is held in that department."""
        if not self.may(name, department_id):
            raise Forbidden


@dataclass(frozen=True)
class AccountIdentity:
    """The signed-in resident of this request."""

    id: int
    email: str
    name: str | None = None


@dataclass(frozen=True)
class ProgramIdentity:
    """The program of this request, by its key: which layers it may read, and of which procedures the cases of its department."""

    id: int
    name: str
    department_id: int
    layers: frozenset[str]
    procedures: frozenset[str]


@dataclass(frozen=True)
class SignIn:
    """How people of one side are identified; `endpoint` is the page where they sign in.

    `of_session` reads them with the session, `load` by their id, in a request that signs them in.
    """

    endpoint: str
    of_session: SessionPerson
    load: Callable[[int], Any]


_sign_in: dict[str, SignIn] = {}
_PERSON = {"staff": "staff_id", "resident": "account_id"}
"""The key under which a session has the person of a side."""


def sign_in_with(*, staff: SignIn, resident: SignIn) -> None:
    """Register who people are and where they sign in; called by identity, whose tables and pages core does not know."""
    _sign_in.update(staff=staff, resident=resident)
    read_with_sessions({_PERSON[side]: sign_in.of_session for side, sign_in in _sign_in.items()})


_programs: list[Callable[[str], ProgramIdentity | None]] = []


def identify_programs_with(identify: Callable[[str], ProgramIdentity | None]) -> None:
    """Register who is behind a key; called by the capability that keeps keys."""
    _programs[:] = [identify]


def sign_in_page(side: str) -> str:
    """The endpoint of the page where people of a side (`staff`, `resident`) sign in."""
    return _sign_in[side].endpoint


def current_staff() -> StaffIdentity | None:
    """The member of staff of this request, if signed in and still active."""
    staff: StaffIdentity | None = _current("staff")
    return staff


def current_account() -> AccountIdentity | None:
    """The resident of this request, if signed in."""
    account: AccountIdentity | None = _current("resident")
    return account


def current_program() -> ProgramIdentity | None:
    """The program that asks with a key (`Authorization: Bearer …`, RFC 6750), None without one. Raises KeyRefused for one that opens nothing.

    A key is never read from an address: addresses stand in logs.
    """
    if "current_program" not in g:
        scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
        g.current_program = None
        if scheme.lower() == "bearer":
            g.current_program = _programs[0](key.strip())
            if g.current_program is None:
                raise KeyRefused
    program: ProgramIdentity | None = g.current_program
    return program


def staff_member() -> StaffIdentity:
    """The member of staff of a view that only staff may enter."""
    staff = current_staff()
    if staff is None:
        raise SignInNeeded("staff")
    return staff


def resident() -> AccountIdentity:
    """The resident of a view that needs sign-in."""
    account = current_account()
    if account is None:
        raise SignInNeeded("resident")
    return account


def _current(side: str) -> Any:
    key = f"current_{side}"
    if key not in g:
        person_id = session.get(_PERSON[side])
        person = cast(ServerSession, session).people.get(_PERSON[side])
        if person is None or person.id != person_id:
            person = _sign_in[side].load(person_id) if isinstance(person_id, int) else None
        setattr(g, key, person)
    return getattr(g, key)


def allow(entry: Entry) -> Callable[[View], View]:
    """Declare who may enter a view. Goes directly above the function, below the route."""

    def mark(view: View) -> View:
        view.__entry__ = entry  # type: ignore[attr-defined] # a mark that `entry_of` reads
        return view

    return mark


def entry_of(view: Callable[..., Any]) -> Entry | None:
    """What a view declares, or None."""
    return getattr(view, "__entry__", None)


@lru_cache
def _answers(side: str, entry_side: str) -> bool:
    return side == "both" or entry_side in {"any", side}


def guard() -> None:
    """Before each request: close views that declare nothing, answer only on the right side and in a city, require the right person."""
    if request.endpoint is None:
        return
    entry = entry_of(current_app.view_functions[request.endpoint])
    if entry is None:
        raise Forbidden
    if not _answers(settings().side, entry.side):
        raise NotFound
    if entry.city:
        current_city()
    if entry.kind == "resident":
        resident()
    if entry.programs and current_program() is not None:
        return
    if entry.kind == "staff" and not staff_member().may(entry.right) and entry.right:
        raise Forbidden


def undeclared(app: Flask) -> list[str]:
    """Endpoints that declare nothing; the house test allows none."""
    return sorted(name for name, view in app.view_functions.items() if entry_of(view) is None)
