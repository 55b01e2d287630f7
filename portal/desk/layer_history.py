"""The past of a layer: two of its versions side by side with what differs, and everything that became of a single feature."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geo.catalogue import Entry
from geo.feature_history import differences, feature_states
from geo.versions import Version, versions_of
from portal.core.access import STAFF, allow, right
from portal.core.errors import NotFound
from portal.core.tenancy import current_city
from portal.core.web import db
from portal.desk.layer_doors import edited, seen, sight
from portal.desk.layer_edit_forms import StepForm, fresh_token
from portal.desk.layer_edit_page import editor_of
from portal.desk.layer_import_map import shapes_map
from portal.desk.rejected_action import RejectedAction, try_action
from portal.identity import list_staff
from portal.maps import base_map_options, version_maps

bp = Blueprint("desk_layer_history", __name__, url_prefix="/desk/layers")
LISTED = 200
"""Features that differ, on the maps and in the list."""


@bp.get("/<key>/comparison")
@allow(STAFF)
def comparison(key: str) -> str:
    """Two versions side by side: those of the address, else the newest and the one before it."""
    entry = seen(key)
    versions = versions_of(db(), key)
    if not versions:
        raise NotFound
    newest = versions[0].number
    second = _version(versions, request.args.get("second"), newest)
    first = _version(versions, request.args.get("first"), max(1, second.number - 1))
    named_by = next(iter(second.columns), None)
    listed = differences(db(), key, first.number, second.number, named_by, LISTED + 1)
    left, right_map = version_maps(current_city(), entry, first.number, second.number, listed[:LISTED])
    return render_template(
        "desk/layer_comparison.html",
        entry=entry,
        versions=versions,
        first=first,
        second=second,
        left=left,
        right=right_map,
        changes=listed[:LISTED],
        more=len(listed) > LISTED,
        base=base_map_options(current_city(), zoom=14),
        people=_people(),
        may_edit=sight().edits(entry),
    )


@bp.get("/<key>/features/<int:feature_id>")
@allow(STAFF)
def feature(key: str, feature_id: int) -> str:
    """Every state of a feature: which version brought it, when, by whom, and what it changed."""
    return _feature(seen(key), feature_id)


@bp.post("/<key>/features/<int:feature_id>")
@allow(right("layer.edit"))
def restore(key: str, feature_id: int) -> ResponseReturnValue:
    """Put a former state of a feature into this person's draft, to be published like every change."""
    entry, form = edited(key), StepForm()

    def act() -> None:
        if not form.validate() or not form.n.data.isdecimal():
            raise NotFound
        editor_of(entry).restore(form.token.data or fresh_token(), feature_id, int(form.n.data))

    rejected = try_action(db(), "restore", act, form)
    if rejected:
        return _feature(entry, feature_id, rejected), rejected.status
    return redirect(url_for("desk_layer_draft.changes", key=key), 303)


def _feature(entry: Entry, feature_id: int, rejected: RejectedAction | None = None) -> str:
    if feature_id >= 2**63:
        raise NotFound
    states = feature_states(db(), entry.id, feature_id)
    if not states:
        raise NotFound
    versions = {version.number: version for version in versions_of(db(), entry.key)}
    named_by = next(iter(entry.columns), None)
    newest = states[0]
    shapes: list[tuple[str, Any]] = [("removed", state.shape) for state in states[1:6]]
    shapes.append(("removed" if newest.until else "added", newest.shape))
    return render_template(
        "desk/layer_feature.html",
        entry=entry,
        feature_id=feature_id,
        states=states,
        versions=versions,
        label=newest.properties.get(named_by) if named_by else None,
        map=shapes_map(current_city(), shapes),
        base=base_map_options(current_city(), zoom=14),
        people=_people(),
        may_edit=sight().edits(entry) and entry.in_use,
        token=fresh_token,
        rejected=rejected,
    )


def _version(versions: list[Version], text: str | None, else_: int) -> Version:
    """The version of a number in the address, or of that one. Raises NotFound for one that there is not."""
    number = text if text else str(else_)
    version = next((version for version in versions if str(version.number) == number), None)
    if version is None:
        raise NotFound
    return version


def _people() -> dict[int, str]:
    return {staff.id: staff.name for staff in list_staff(db())}
