"""The city's staff, for those who manage it: who works where, other roles, closing, opening again, and a lost authenticator."""

from collections.abc import Callable
from typing import Any

import segno
from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup

from portal.core.access import allow, right, staff_member
from portal.core.clock import now
from portal.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from portal.core.events import Actor
from portal.core.text import _
from portal.core.web import STATUS, db
from portal.identity import staff_administration, staff_particulars
from portal.identity.city_roles import role_titles
from portal.identity.departments import list_departments
from portal.identity.models import Staff
from portal.identity.rights_in_words import EVERYWHERE, rights_by_office
from portal.identity.role_choice import chosen_roles, offer_boxes
from portal.identity.staff_absences import absences_of
from portal.identity.staff_administration import RoleSet
from portal.identity.staff_directory import ALL_DEPARTMENTS, list_staff, search_staff
from portal.identity.staff_enrolment import CODE_LIFE, open_reset
from portal.identity.staff_forms import InvitationForm, NewStaffForm, ParticularsForm, ResetForm, SearchForm
from portal.identity.staff_invitations import invitation_of
from portal.notifications import status_of_mail

bp = Blueprint("staff_admin", __name__, url_prefix="/desk/staff")

_MANAGE = right("staff.manage")
_PAGE_SIZE = 50
_STATES = {"active": "使用中", "invited": "招待中", "awaited": "まだサインインしていません", "left": "閉じています"}


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)


@bp.get("")
@allow(_MANAGE)
def people() -> str:
    """Everybody with an account, those who left last; narrowed by what the address says."""
    return _list()


@bp.get("/new")
@allow(_MANAGE)
def new_account() -> str:
    """The form for a new colleague."""
    return _new(NewStaffForm(formdata=None), frozenset())


@bp.post("/new")
@allow(_MANAGE)
def create_account() -> Any:
    """A new account. With `how` invite its owner is mailed a link; else its secrets are shown on the answer and never again."""
    form = NewStaffForm()
    chosen = chosen_roles(db(), form)
    if not form.validate_on_submit():
        return _new(form, chosen), 422
    given = (db(), _actor(), form.email.data, form.name.data, chosen)
    try:
        if form.how.data == "invite":
            staff = staff_administration.invite(*given)
            return redirect(url_for("staff_admin.person", staff_id=staff.id, changed="invited"), 303)
        staff, password, address = staff_administration.create_account(*given)
    except DomainError as refused:
        db().rollback()
        if isinstance(refused, Invalid):
            form.show(refused)
        return _new(form, chosen, refused=None if form.errors else refused), _status(refused)
    return _secrets(staff, password=password, address=address)


@bp.get("/<int:staff_id>")
@allow(_MANAGE)
def person(staff_id: int) -> str:
    """One account: roles, state, and what can be done with it."""
    return _page(staff_id)


@bp.post("/<int:staff_id>/particulars")
@allow(_MANAGE)
def particulars(staff_id: int) -> Any:
    """Another name or address."""
    form = ParticularsForm()
    if not form.validate_on_submit():
        return _page(staff_id, form=form), 422
    try:
        staff_particulars.change_particulars(db(), _actor(), staff_id, form.name.data, form.email.data, form.shown.data)
    except (Invalid, Conflict, Forbidden) as refused:
        db().rollback()
        if isinstance(refused, Invalid):
            form.show(refused)
        return _page(staff_id, refused=None if form.errors else refused, form=form), _status(refused)
    return redirect(url_for("staff_admin.person", staff_id=staff_id, changed="particulars"), 303)


@bp.post("/<int:staff_id>/reopen")
@allow(_MANAGE)
def reopen(staff_id: int) -> Any:
    """Open the account again, with a first password."""
    return _act(staff_id, lambda: staff_administration.reopen(db(), _actor(), staff_id))


@bp.post("/<int:staff_id>/password")
@allow(_MANAGE)
def give_password(staff_id: int) -> Any:
    """A first password for somebody who forgot theirs."""
    return _act(staff_id, lambda: staff_administration.give_password(db(), _actor(), staff_id))


@bp.post("/<int:staff_id>/invitation")
@allow(_MANAGE)
def invite_again(staff_id: int) -> Any:
    """Mail the link once more to somebody who has not come yet."""
    seen = InvitationForm().seen.data
    number = int(seen) if seen.isdecimal() and len(seen) < 10 else -1
    try:
        staff_administration.invite_again(db(), _actor(), staff_id, number)
    except (Conflict, Forbidden) as refused:
        db().rollback()
        return _page(staff_id, refused=refused), _status(refused)
    return redirect(url_for("staff_admin.person", staff_id=staff_id, changed="invited"), 303)


@bp.post("/<int:staff_id>/reset")
@allow(_MANAGE)
def reset(staff_id: int) -> Any:
    """A lost authenticator: `step` is request, confirm or cancel."""
    step = ResetForm().step.data
    if step == "confirm":
        return _act(staff_id, lambda: staff_administration.confirm_reset(db(), _actor(), staff_id), code=True)
    steps = {"request": staff_administration.request_reset, "cancel": staff_administration.cancel_reset}
    if step not in steps:
        raise NotFound
    return _act(staff_id, lambda: steps[step](db(), _actor(), staff_id))


def _act(staff_id: int, act: Callable[[], str | None], *, code: bool = False) -> Any:
    """Carry out an act: a secret that it made is shown at once, a refusal beside the account."""
    try:
        secret = act()
    except NotFound:
        raise
    except DomainError as refused:
        db().rollback()
        return _page(staff_id, refused=refused), _status(refused)
    if secret is None:
        return redirect(url_for("staff_admin.person", staff_id=staff_id), 303)
    staff = db().get_one(Staff, staff_id)
    return _secrets(staff, code=secret) if code else _secrets(staff, password=secret)


def _status(refused: DomainError) -> int:
    return next(STATUS[kind] for kind in type(refused).__mro__ if kind in STATUS)


def _list() -> str:
    form = SearchForm(request.args)
    form.state.choices = [("", _("すべて")), *_STATES.items()]
    form.department.choices = [
        ("", _("すべて")),
        (ALL_DEPARTMENTS, _(EVERYWHERE)),
        *((row.key, row.title["ja"]) for row in list_departments(db())),
    ]
    people = list_staff(db())
    matching = search_staff(people, form.q.data, form.state.data, form.department.data)
    last_page = max(0, len(matching) - 1) // _PAGE_SIZE
    page = min(last_page, max(0, request.args.get("page", 0, type=int)))
    narrowed: dict[str, Any] = {field.name: field.data for field in (form.q, form.state, form.department) if field.data}
    return render_template(
        "identity/staff_list.html",
        people=matching[page * _PAGE_SIZE : (page + 1) * _PAGE_SIZE],
        matching=len(matching),
        everybody=len(people),
        form=form,
        roles=role_titles(db()),
        states=_STATES,
        narrowed=narrowed,
        previous_href=url_for("staff_admin.people", **narrowed, page=page - 1) if page else None,
        next_href=url_for("staff_admin.people", **narrowed, page=page + 1) if page < last_page else None,
    )


def _new(form: NewStaffForm, chosen: RoleSet, refused: DomainError | None = None) -> str:
    return render_template(
        "identity/staff_new.html",
        form=form,
        page_errors=form.summary,
        refused=refused,
        **offer_boxes(db(), _actor(), form, chosen),
    )


def _page(staff_id: int, refused: DomainError | None = None, form: ParticularsForm | None = None) -> str:
    person = db().get(Staff, staff_id)
    if person is None:
        raise NotFound
    pending, invitation = open_reset(db(), staff_id), invitation_of(db(), staff_id)
    if form is None:
        form = ParticularsForm(formdata=None, name=person.name, email=person.email)
    form.shown.data = staff_particulars.particulars_token(person)
    return render_template(
        "identity/staff_member.html",
        person=person,
        own=staff_member().id == staff_id,
        form=form,
        page_errors=form.summary,
        offices=rights_by_office(db(), staff_administration.roles_of(db(), staff_id)),
        pending=pending,
        invitation=invitation,
        absences=absences_of(db(), staff_id),
        mail_status=status_of_mail(db(), invitation.mail_id) if invitation else None,
        may_invite=person.active and person.signed_in_at is None,
        moment=now(),
        asked_here=bool(pending and pending.requested_by == staff_member().id),
        refused=refused,
        changed=request.args.get("changed", ""),
    )


def _secrets(staff: Staff, *, password: str | None = None, address: str | None = None, code: str | None = None) -> str:
    picture = segno.make_qr(address).svg_inline(scale=4) if address else ""
    return render_template(
        "identity/staff_secrets.html",
        person=staff,
        password=password,
        code=code,
        days=CODE_LIFE.days,
        picture=Markup(picture),  # noqa: S704 - drawn here
        secret=address.partition("secret=")[2].partition("&")[0] if address else None,
    )
