"""Views that people keep: made, renamed, put in order, chosen to begin with, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.cases.view_models import CaseView, DefaultView
from portal.core.access import StaffIdentity
from portal.core.clock import now
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.events import Actor
from portal.core.locking import lock_rows
from portal.identity import Department, belongings
from writing.invisible import visible

MAX_NAME = 40
MAX_VIEWS = 30
"""Of a person, and of a department."""
RIGHT = "case.share_views"


@dataclass(frozen=True)
class KeptView:
    """A view as somebody sees it; `is_default`: they begin with it."""

    id: int
    name: str
    query: str
    at: str
    layers: Sequence[str] | None
    base: str
    department_id: int | None
    is_default: bool


@dataclass(frozen=True)
class ViewContent:
    """What a view brings back, see `CaseView`."""

    query: str
    at: str
    layers: Sequence[str] | None
    base: str


def views_of(session: Session, staff: StaffIdentity) -> list[KeptView]:
    """A person's own views, then those of their departments, each in their order."""
    query = (
        select(CaseView, DefaultView.view_id.is_not(None))
        .outerjoin(DefaultView, (DefaultView.view_id == CaseView.id) & (DefaultView.staff_id == staff.id))
        .where(_seen_by(staff))
        .order_by(CaseView.department_id.nulls_first(), CaseView.position, CaseView.id)
    )
    return [
        KeptView(view.id, view.name, view.query, view.at, view.layers, view.base, view.department_id, bool(is_default))
        for view, is_default in session.execute(query)
    ]


def keep_view(
    session: Session, staff: StaffIdentity, name: str, content: ViewContent, department_id: int | None = None
) -> CaseView:
    """Keep a view under a name, for oneself or for a department.

    Raises Invalid (field `name`) for a name that cannot be used, Forbidden without the right in the department.
    """
    if department_id is not None:
        staff.require(RIGHT, department_id)
    siblings = _siblings(session, staff, department_id)
    if len(siblings) >= MAX_VIEWS:
        raise Invalid(f"保存できるのは{MAX_VIEWS}件までです。使わない表示を消してください。")
    view = CaseView(
        staff_id=staff.id if department_id is None else None,
        department_id=department_id,
        name=_usable(name, siblings),
        query=content.query,
        at=content.at,
        layers=None if content.layers is None else list(content.layers),
        base=content.base,
        position=max((each.position for each in siblings), default=0) + 1,
        made_at=now(),
    )
    session.add(view)
    session.flush()
    return view


def rename_view(session: Session, staff: StaffIdentity, view_id: int, name: str) -> None:
    """Give a view another name. Raises Invalid, NotFound, Forbidden."""
    view, siblings = _changeable(session, staff, view_id)
    view.name = _usable(name, [each for each in siblings if each.id != view.id])
    session.flush()


def move_view(session: Session, staff: StaffIdentity, view_id: int, step: int) -> None:
    """Move a view up (-1) or down (1) among those of its owner. Raises NotFound, Forbidden."""
    view, siblings = _changeable(session, staff, view_id)
    order = [each for each in siblings if each.id != view.id]
    place = next(place for place, each in enumerate(siblings) if each.id == view.id)
    order.insert(min(max(place + step, 0), len(order)), view)
    for position, each in enumerate(order, start=1):
        each.position = position
    session.flush()


def delete_view(session: Session, staff: StaffIdentity, view_id: int) -> None:
    """Delete a view, also for those who begin with it. Raises NotFound, Forbidden."""
    view, _others = _changeable(session, staff, view_id)
    session.delete(view)
    session.flush()


def begin_with(session: Session, staff: StaffIdentity, view_id: int | None) -> None:
    """Begin with a view from now on, or with none. Raises NotFound for one that this person does not see."""
    if view_id is None:
        session.execute(delete(DefaultView).where(DefaultView.staff_id == staff.id))
        return
    if session.scalar(select(CaseView.id).where(CaseView.id == view_id, _seen_by(staff))) is None:
        raise NotFound("この表示は、もうありません。")
    chosen = insert(DefaultView).values(staff_id=staff.id, view_id=view_id)
    session.execute(chosen.on_conflict_do_update(index_elements=["staff_id"], set_={"view_id": view_id}))


def _seen_by(staff: StaffIdentity) -> ColumnElement[bool]:
    return or_(CaseView.staff_id == staff.id, CaseView.department_id.in_(staff.departments("case.see")))


def _siblings(session: Session, staff: StaffIdentity, department_id: int | None) -> list[CaseView]:
    """The views of one owner, in their order and locked, so that two people do not put them in two orders."""
    mine = CaseView.staff_id == staff.id
    which = mine if department_id is None else CaseView.department_id == department_id
    locked = lock_rows(session, CaseView, which, order_by=[CaseView.id.asc()])
    return sorted(locked, key=lambda view: (view.position, view.id))


def _changeable(session: Session, staff: StaffIdentity, view_id: int) -> tuple[CaseView, list[CaseView]]:
    seen = select(CaseView.department_id).where(CaseView.id == view_id, _seen_by(staff))
    row = session.execute(seen).first()
    if row is None:
        raise NotFound("この表示は、もうありません。")
    department_id = row.department_id
    if department_id is not None and not staff.may(RIGHT, department_id):
        raise Forbidden
    siblings = _siblings(session, staff, department_id)
    view = next((each for each in siblings if each.id == view_id), None)
    if view is None:
        raise NotFound("この表示は、もうありません。")
    return view, siblings


def _usable(name: str, siblings: Sequence[CaseView]) -> str:
    text = " ".join(visible(name).replace("\x00", "").split())
    sentence = ""
    if not text:
        sentence = "名前を入力してください。"
    elif len(text) > MAX_NAME:
        sentence = f"名前は{MAX_NAME}文字までにしてください。"
    elif any(each.name == text for each in siblings):
        sentence = "同じ名前の表示があります。ほかの名前にしてください。"
    if sentence:
        raise Invalid(sentence, {"name": sentence})
    return text


def _move_views(session: Session, former: Department, successor: Department, _actor: Actor) -> None:
    """Put the views of a department that closes behind those of its successor."""
    last = session.scalar(select(func.max(CaseView.position)).where(CaseView.department_id == successor.id))
    behind = 0 if last is None else last + 1
    mine = CaseView.department_id == former.id
    session.execute(
        update(CaseView)
        .where(mine)
        .values({CaseView.department_id: successor.id, CaseView.position: CaseView.position + behind})
    )


belongings.declare_belonging(
    "view", lambda session, department: belongings.count_owned(session, CaseView.department_id, department), _move_views
)
