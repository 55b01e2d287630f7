"""The city's departments, for those who manage its staff: added, changed, put in order, and closed with everything going to another one."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core.access import allow, right, staff_member
from portal.core.errors import Conflict, DomainError, Forbidden, Invalid
from portal.core.events import Actor
from portal.core.text import _
from portal.core.web import STATUS, db
from portal.identity import department_administration, staff_administration
from portal.identity.department_forms import ClosingForm, DepartmentForm, NewDepartmentForm, OrderForm, data_of
from portal.identity.departments import department_by_key, list_departments
from portal.identity.models import Department

bp = Blueprint("departments", __name__, url_prefix="/desk")

_MANAGE = right("staff.manage")
_FIRST: Final = "*"
KINDS: Final[Mapping[str, str]] = {
    "procedure": "手続き",
    "case": "案件(終わったものも)",
    "consultation": "ほかの課からの照会",
    "role": "職員の役割",
    "view": "課の表示(案件の一覧と地図)",
    "layer": "地図の層",
    "news": "お知らせ",
    "standard_text": "文例と条件",
    "list": "共有の表",
    "word": "市の言葉",
    "republication": "一括公開の記録",
    "till": "レジ",
    "key": "プログラムの鍵",
}
"""What the pages call the kinds of things that go to the successor."""


@bp.get("/departments")
@allow(_MANAGE)
def index() -> str:
    """Every department in the city's order, and those that closed."""
    departments = list_departments(db(), with_closed=True)
    return render_template(
        "identity/departments.html",
        departments=[row for row in departments if row.closed_at is None],
        closed=[row for row in departments if row.closed_at is not None],
        titles={row.id: row.title["ja"] for row in departments},
        may_add=_reach().everywhere,
        done=_done(),
    )


@bp.get("/new-department")
@allow(_MANAGE)
def new() -> str:
    """The form for another department."""
    return _new_page(NewDepartmentForm(formdata=None))


@bp.post("/new-department")
@allow(_MANAGE)
def add() -> ResponseReturnValue:
    """Add a department."""
    form = NewDepartmentForm()
    if not form.validate_on_submit():
        form.show_more(department_administration.faults_of_new(db(), form.key.data, form.particulars))
        return _new_page(form), 422
    try:
        made = department_administration.save_department(
            db(), _actor(), form.key.data, form.particulars, expected_version=0
        )
    except (Invalid, Conflict, Forbidden) as refused:
        db().rollback()
        return _new_page(form, refused), _status(refused)
    return redirect(url_for("departments.department", key=made.key, changed="added"), 303)


@bp.get("/departments/<key>")
@allow(_MANAGE)
def department(key: str) -> str:
    """One department: what people read of it, where it stands in the list, and what belongs to it."""
    row = department_administration.open_department(db(), key)
    return _page(row, _as_it_is(row))


@bp.post("/departments/<key>")
@allow(_MANAGE)
def change(key: str) -> ResponseReturnValue:
    """Another name, another contact."""
    form = DepartmentForm()
    row = department_administration.open_department(db(), key)
    if not form.validate_on_submit():
        form.show_more(department_administration.faults_of_change(db(), key, form.particulars))
        return _page(row, form), 422
    try:
        seen = _number(form.seen.data)
        department_administration.save_department(db(), _actor(), key, form.particulars, expected_version=seen)
    except (Invalid, Conflict, Forbidden) as refused:
        db().rollback()
        row = department_administration.open_department(db(), key)
        return _page(row, form, refused), _status(refused)
    return redirect(url_for("departments.department", key=key, changed="saved"), 303)


@bp.post("/departments/<key>/order")
@allow(_MANAGE)
def order(key: str) -> ResponseReturnValue:
    """Put a department first, or behind another one."""
    row, after = department_administration.open_department(db(), key), OrderForm().after.data
    keys = [other.key for other in list_departments(db()) if other.key != key]
    if after not in (_FIRST, *keys):
        return _page(row, _as_it_is(row), Conflict("並ぶところを、一覧から選んでください。")), 422
    keys.insert(0 if after == _FIRST else keys.index(after) + 1, key)
    try:
        department_administration.order_departments(db(), _actor(), keys)
    except (Conflict, Forbidden) as refused:
        db().rollback()
        row = department_administration.open_department(db(), key)
        return _page(row, _as_it_is(row), refused), _status(refused)
    return redirect(url_for("departments.index", changed="ordered"), 303)


@bp.get("/departments/<key>/close")
@allow(_MANAGE)
def closing(key: str) -> str:
    """What belongs to a department that is to close, and the choice of the one that takes it over."""
    row = department_administration.open_department(db(), key)
    return _closing_page(row, ClosingForm(formdata=None, seen=str(row.number)))


@bp.post("/departments/<key>/close")
@allow(_MANAGE)
def close(key: str) -> ResponseReturnValue:
    """First what goes where, then, with `step` confirm, the closing itself."""
    form = ClosingForm()
    if form.step.data == "confirm" and _has_closed_into(key, form.successor.data):
        return _closed()
    row = department_administration.open_department(db(), key)
    others = {other.key: other for other in list_departments(db()) if other.key != key}
    successor = others.get(form.successor.data)
    if successor is None:
        sentence = "引き継ぐ課を、いまある課から選んでください。"
        return _closing_page(row, form, Invalid(sentence, {"successor": sentence})), 422
    if form.step.data != "confirm":
        return _confirmation(row, successor)
    try:
        department_administration.close_department(
            db(), _actor(), key, successor.key, expected_version=_number(form.seen.data)
        )
    except (Invalid, Conflict, Forbidden) as refused:
        db().rollback()
        row = department_administration.open_department(db(), key)
        fresh = ClosingForm(formdata=None, seen=str(row.number), successor=successor.key)
        return _closing_page(row, fresh, refused), _status(refused)
    return _closed()


def _closed() -> ResponseReturnValue:
    return redirect(url_for("departments.index", changed="closed"), 303)


def _has_closed_into(key: str, successor: str) -> bool:
    """Whether an earlier press closed it already, as is wanted again."""
    leads_to = department_by_key(db(), key)
    return leads_to is not None and leads_to.key == successor != key


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)


def _reach() -> staff_administration.ManagementScope:
    return staff_administration.management_scope(db(), _actor())


def _number(text: str) -> int:
    """The number that a page showed; one that no department has for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 and int(text) else -1


def _status(refused: DomainError) -> int:
    return next(STATUS[kind] for kind in type(refused).__mro__ if kind in STATUS)


def _done() -> str:
    sentences = {
        "added": _("課を加えました。職員の役割をつけると、この課で働けます。"),
        "saved": _("保存しました。"),
        "ordered": _("並び順を変えました。"),
        "closed": _("課を閉じました。この課にあったものは、引き継ぐ課に移りました。"),
    }
    return sentences.get(request.args.get("changed", ""), "")


def _as_it_is(row: Department) -> DepartmentForm:
    form = DepartmentForm(formdata=None, **data_of(department_administration.particulars_of(row)))
    form.seen.data = str(row.number)
    return form


def _shown(form: Any, refused: DomainError | None) -> dict[str, Any]:
    if isinstance(refused, Invalid):
        form.show(refused)
    in_order = sorted(form.summary, key=lambda fault: fault[0] != "key")  # the key stands above all others
    return {"form": form, "page_errors": in_order, "refused": None if form.errors else refused}


def _new_page(form: NewDepartmentForm, refused: DomainError | None = None) -> str:
    return render_template("identity/department_new.html", may_add=_reach().everywhere, **_shown(form, refused))


def _page(row: Department, form: DepartmentForm, refused: DomainError | None = None) -> str:
    reach = _reach()
    departments = list_departments(db())
    others = [other for other in departments if other.id != row.id]
    place = [other.id for other in departments].index(row.id)
    order_form = OrderForm(formdata=None, after=departments[place - 1].key if place else _FIRST)
    order_form.after.choices = [
        (_FIRST, _("いちばん上")),
        *((other.key, _("{office}の次", office=other.title["ja"])) for other in others),
    ]
    if isinstance(refused, Conflict):
        form.seen.data = str(row.number)
    return render_template(
        "identity/department.html",
        row=row,
        may_change=reach.everywhere or row.id in reach.departments,
        may_close=reach.everywhere,
        others=others,
        order_form=order_form,
        counts=_counts(row),
        done=_done(),
        **_shown(form, refused),
    )


def _closing_page(row: Department, form: ClosingForm, refused: DomainError | None = None) -> str:
    others = [(other.key, other.title["ja"]) for other in list_departments(db()) if other.id != row.id]
    form.successor.choices = [("", _("選んでください")), *others]
    return render_template(
        "identity/department_close.html",
        row=row,
        others=others,
        counts=_counts(row),
        obstacles=department_administration.obstacles_to_closing(db(), row.key),
        may_close=_reach().everywhere,
        **_shown(form, refused),
    )


def _confirmation(row: Department, successor: Department) -> str:
    return render_template(
        "identity/department_close_confirm.html",
        row=row,
        successor=successor,
        counts=_counts(row),
        obstacles=department_administration.obstacles_to_closing(db(), row.key),
        may_close=_reach().everywhere,
    )


def _counts(row: Department) -> list[tuple[str, int]]:
    counts = department_administration.belongings_of(db(), row.key)
    return [(title, counts[kind]) for kind, title in KINDS.items() if kind in counts]
