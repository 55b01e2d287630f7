"""What somebody changed in a layer: the list before it becomes a version, conflicts with what others changed, publishing and discarding."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from geo.catalogue import Entry
from geo.editing import Draft, DraftChange, draft_changes
from portal.core.access import allow, right
from portal.core.errors import Conflict, Invalid
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.desk.layer_doors import edited
from portal.desk.layer_edit_forms import PublicationForm, StepForm, fresh_token
from portal.desk.layer_edit_page import columns_of, editor_of
from portal.desk.layer_import_map import COLOURS, shapes_map
from portal.desk.rejected_action import RejectedAction, form_of, try_action
from portal.maps import base_map_options, properties_needed, uses

bp = Blueprint("desk_layer_draft", __name__, url_prefix="/desk/layers/<key>/edit")
EDIT = right("layer.edit")
_DRAWN = 200


@bp.get("/changes")
@allow(EDIT)
def changes(key: str) -> str:
    """Everything that the draft changes, on a map and as a list."""
    return _page(edited(key))


@bp.post("/changes")
@allow(EDIT)
def settle(key: str) -> ResponseReturnValue:
    """Take one change back, or decide which of two to keep."""
    entry, form = edited(key), StepForm()

    def act() -> None:
        if not form.validate() or form.feature_id is None:
            raise Invalid(_("どれか1つを選んでください。"))
        editor_of(entry).settle(form.token.data or fresh_token(), form.feature_id, form.choice.data)

    return _answer(entry, "settle", act, form, url_for("desk_layer_draft.changes", key=key))


@bp.post("/publication")
@allow(EDIT)
def publish(key: str) -> ResponseReturnValue:
    """Make the draft the next version of the layer."""
    entry, form = edited(key), PublicationForm()

    def act() -> None:
        if not form.validate():
            raise Invalid(_("入力を確かめてください。"))
        editor_of(entry).publish(seen=form.seen.data, note=form.note.data.strip(), data_date=form.day)

    return _answer(entry, "publish", act, form, url_for("desk_layers.layer", key=key) + "#history")


@bp.post("/discard")
@allow(EDIT)
def discard(key: str) -> ResponseReturnValue:
    """Throw the draft away."""
    entry, form = edited(key), PublicationForm()

    def act() -> None:
        if not form.validate():
            raise Conflict(_("変更の一覧を、もう一度確かめてください。"))
        editor_of(entry).discard(seen=form.seen.data)

    return _answer(entry, "discard", act, form, url_for("desk_layers.layer", key=key))


def _answer(entry: Entry, name: str, act: Callable[[], object], form: Any, then: str) -> ResponseReturnValue:
    rejected = try_action(db(), name, act, form)
    return (_page(entry, rejected), rejected.status) if rejected else redirect(then, 303)


def _page(entry: Entry, rejected: RejectedAction | None = None) -> str:
    draft = editor_of(entry).draft
    changes = draft_changes(db(), draft) if draft else []
    form: Any = form_of(rejected, "publish", PublicationForm)
    form.seen.data = draft.mark if draft else ""
    columns = columns_of(entry, draft)
    return render_template(
        "desk/layer_draft.html",
        entry=entry,
        draft=draft,
        changes=changes,
        conflicts=[change for change in changes if change.in_conflict],
        map=shapes_map(current_city(), _shapes(changes)),
        base=base_map_options(current_city(), zoom=14),
        colours=COLOURS,
        columns=columns,
        named_by=next(iter(columns), None),
        empty=_empty(entry, draft, changes),
        form=form,
        token=fresh_token,
        rejected=rejected,
    )


def _shapes(changes: Sequence[DraftChange]) -> list[tuple[str, dict[str, Any]]]:
    """What is drawn: shapes that go first, what comes in their place above them."""
    shapes: list[tuple[str, dict[str, Any]]] = []
    for change in changes[:_DRAWN]:
        if change.present_shape and (change.moved or change.outcome == "removed"):
            shapes.append(("removed", change.present_shape))
    for change in changes[:_DRAWN]:
        if change.shape:
            shapes.append((change.outcome, change.shape))
    return shapes


def _empty(entry: Entry, draft: Draft | None, changes: Sequence[DraftChange]) -> dict[str, int]:
    """Properties that procedures read, with the number of changed features that have no value for them."""
    if draft is None:
        return {}
    needed = sorted(properties_needed(uses(db()).get(entry.key, [])))
    rows = [change.properties for change in changes if change.properties is not None]
    counts = {name: sum(row.get(name) is None for row in rows) for name in needed}
    return {name: count for name, count in counts.items() if count}
