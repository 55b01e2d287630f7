"""Views of the list and the map that people keep, for themselves or for their department."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from portal.cases import saved_views
from portal.cases.saved_views import KeptView, ViewContent
from portal.core.access import allow, right, staff_member
from portal.core.errors import Invalid, NotFound
from portal.core.text import _, pick
from portal.core.web import db
from portal.desk.case_selection import current_listing
from portal.desk.map_state import AT, base_named, layers_named, write_layers
from portal.desk.rejected_action import RejectedAction, try_action
from portal.desk.view_forms import ViewActForm, ViewForm, address_of
from portal.identity import list_departments

bp = Blueprint("desk_views", __name__, url_prefix="/desk/views")

_STEPS = {"up": -1, "down": 1}


@bp.get("")
@allow(right("case.see"))
def views() -> str:
    """Every view that this person sees, with what can be done with it."""
    return _page()


@bp.get("/new")
@allow(right("case.see"))
def new() -> str:
    """Ask for the name of the view that the address describes."""
    return _new_page(_form(posted=False))


@bp.post("/new")
@allow(right("case.see"))
def keep() -> ResponseReturnValue:
    """Keep the view that the address describes, and go back to it."""
    form, content = _form(posted=True), _content()
    made: list[KeptView] = []

    def act() -> None:
        view = saved_views.keep_view(db(), staff_member(), form.name.data, content, form.department_id)
        made.append(
            KeptView(
                view.id, view.name, content.query, content.at, content.layers, content.base, view.department_id, False
            )
        )

    rejected = try_action(db(), "keep", act, form)
    if rejected:
        return _new_page(form, rejected), rejected.status
    return redirect(address_of(made[0]), 303)


@bp.post("/<int:view_id>")
@allow(right("case.see"))
def change(view_id: int) -> ResponseReturnValue:
    """Rename a view, move it, or begin with it from now on."""
    form, staff = ViewActForm(), staff_member()

    def act() -> None:
        name = form.act.data
        if name == "rename":
            saved_views.rename_view(db(), staff, view_id, form.name.data)
        elif name in _STEPS:
            saved_views.move_view(db(), staff, view_id, _STEPS[name])
        elif name in {"begin", "end"}:
            saved_views.begin_with(db(), staff, view_id if name == "begin" else None)
        else:
            raise Invalid(_("することを選んでください。"))

    rejected = try_action(db(), form.act.data, act, form)
    return (_page(rejected, view_id), 422) if rejected else redirect("/desk/views", 303)


@bp.get("/<int:view_id>/delete")
@allow(right("case.see"))
def ask(view_id: int) -> str:
    """Ask whether a view is to be deleted."""
    view = next((view for view in saved_views.views_of(db(), staff_member()) if view.id == view_id), None)
    if view is None:
        raise NotFound(_("この表示は、もうありません。"))
    return render_template("desk/view_delete.html", view=view, departments=_departments())


@bp.post("/<int:view_id>/delete")
@allow(right("case.see"))
def delete(view_id: int) -> ResponseReturnValue:
    """Delete a view."""
    saved_views.delete_view(db(), staff_member(), view_id)
    return redirect("/desk/views", 303)


def _content() -> ViewContent:
    at = request.args.get("at", "")
    layers = layers_named(request.args)
    return ViewContent(
        current_listing().shared.query,
        at if AT.fullmatch(at) else "",
        None if layers is None else write_layers(layers),
        base_named(request.args),
    )


def _form(*, posted: bool) -> ViewForm:
    form = ViewForm() if posted else ViewForm(formdata=None)
    shared = staff_member().departments(saved_views.RIGHT)
    form.offer({key: title for key, title in _departments().items() if key in shared})
    return form


def _departments() -> dict[int, str]:
    return {department.id: pick(department.title, "ja") for department in list_departments(db())}


def _new_page(form: ViewForm, rejected: RejectedAction | None = None) -> str:
    current, content = current_listing(), _content()
    kept = KeptView(0, "", content.query, content.at, content.layers, content.base, None, is_default=False)
    return render_template(
        "desk/view_new.html",
        form=form,
        rejected=rejected,
        listing=current,
        content=content,
        back=address_of(kept),
        tail=request.query_string.decode("ascii", "ignore"),
    )


def _page(rejected: RejectedAction | None = None, view_id: int = 0) -> str:
    staff = staff_member()
    kept = saved_views.views_of(db(), staff)
    groups: dict[int | None, list[KeptView]] = {None: []}
    for view in kept:
        groups.setdefault(view.department_id, []).append(view)
    return render_template(
        "desk/views.html",
        groups=groups,
        departments=_departments(),
        changeable={key for key in groups if key is None or staff.may(saved_views.RIGHT, key)},
        address_of=address_of,
        rejected=rejected,
        rejected_id=view_id,
    )
