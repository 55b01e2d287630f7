"""Editing the features of a layer: a map and a list beside it, one feature at a time, each change kept at once in the editor's draft."""

from collections.abc import Callable, Sequence
from math import isfinite

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geo.catalogue import Entry
from geo.editing import ListedFeature, features_in
from portal.core.access import allow, right
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.text import _
from portal.core.web import db
from portal.desk.layer_doors import edited, seen
from portal.desk.layer_edit_forms import ColumnForm, StepForm, posted_properties
from portal.desk.layer_edit_page import ON_MAP, Rejected, editor_of, listed, page, shown_parts
from portal.desk.layer_edit_steps import take_step
from portal.maps import editing

bp = Blueprint("desk_layer_editing", __name__, url_prefix="/desk/layers/<key>/edit")
EDIT = right("layer.edit")


@bp.get("")
@allow(EDIT)
def edit(key: str) -> str:
    """The map, the list, and the feature that the address names."""
    return page(edited(key), _chosen())


@bp.get("/feature")
@allow(EDIT)
def feature(key: str) -> str:
    """The parts of the page that tell of the feature that the address names."""
    return render_template("desk/_layer_edit_parts.html", **shown_parts(edited(key), _chosen()))


@bp.get("/list")
@allow(EDIT)
def rows(key: str) -> str:
    """The list, or a part of it, for the words in the address."""
    entry = edited(key)
    return render_template("desk/_layer_edit_list.html", **listed(entry, editor_of(entry).draft), entry=entry)


@bp.get("/features.json")
@allow(EDIT)
def features(key: str) -> Response:
    """The features of a box as GeoJSON, as the draft has them."""
    entry = edited(key)
    draft = editor_of(entry).draft
    features = features_in(db(), entry.id, draft.id if draft else None, _box(), ON_MAP + 1)
    return _collection(features, next(iter(entry.columns), None))


@bp.get("/neighbours.json")
@allow(EDIT)
def neighbours(key: str) -> Response:
    """The features of another layer in a box, to draw along."""
    edited(key)
    other = seen(request.args.get("layer", ""))
    return _collection(features_in(db(), other.id, None, _box(), ON_MAP + 1), None)


@bp.post("/steps")
@allow(EDIT)
def step(key: str) -> ResponseReturnValue:
    """Take a step of the draft: `act` says which."""
    entry, form = edited(key), StepForm()
    chosen: list[int | None] = [form.feature_id]

    def act() -> None:
        chosen[0] = take_step(editor_of(entry), form)

    return _answer(entry, chosen, act, form)


@bp.post("/columns")
@allow(EDIT)
def add_column(key: str) -> ResponseReturnValue:
    """Give the features of the layer another property, from the next version on."""
    entry, form = edited(key), ColumnForm()
    return _answer(entry, [None], lambda: editor_of(entry).add_column(form.name.data, form.kind.data), form)


def _answer(
    entry: Entry, chosen: list[int | None], act: Callable[[], None], form: StepForm | ColumnForm
) -> ResponseReturnValue:
    """Do it, and show what is so now: the parts of the page for scripts, else the page."""
    rejected = None
    try:
        with db().begin_nested():
            act()
    except (Invalid, Conflict, NotFound) as error:
        rejected = Rejected(error, form, posted_properties(editor_of(entry).columns))
    if request.headers.get("HX-Request") == "true":
        parts = render_template("desk/_layer_edit_parts.html", **shown_parts(entry, chosen[0], rejected))
        return parts, rejected.status if rejected else 200
    if rejected:
        return page(entry, chosen[0], rejected), rejected.status
    return redirect(url_for("desk_layer_editing.edit", key=entry.key, feature=chosen[0]), 303)


def _chosen() -> int | None:
    text = request.args.get("feature", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _box() -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in request.args.get("bbox", "").split(","))
    except ValueError as error:
        raise Invalid(_("地図の範囲を読み取れません。")) from error
    if not all(isfinite(side) and abs(side) <= 360 for side in (west, south, east, north)):
        raise Invalid(_("地図の範囲を読み取れません。"))
    return west, south, east, north


def _collection(listed: Sequence[ListedFeature], named_by: str | None) -> Response:
    features = [
        {
            "type": "Feature",
            "id": each.id,
            "properties": {"mark": each.mark, "label": _label(each, named_by)},
            "geometry": each.shape,
        }
        for each in listed[:ON_MAP]
    ]
    response = jsonify({"type": "FeatureCollection", "features": features, "more": len(listed) > ON_MAP})
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _label(feature: ListedFeature, named_by: str | None) -> str:
    return editing.shown_value(feature.properties.get(named_by)) if named_by else ""
