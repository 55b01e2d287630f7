"""What residents use a layer for, and which of its columns they see: chosen by those who decide about the layer."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from geo.catalogue import Entry
from portal.core.access import allow, right
from portal.core.text import _
from portal.core.web import db
from portal.desk.layer_doors import actor, managed
from portal.desk.layer_use_form import LANGUAGES, MAX_COLUMNS, LayerUseForm
from portal.desk.rejected_action import RejectedAction, try_action
from portal.maps import use_layer

bp = Blueprint("desk_layer_use", __name__, url_prefix="/desk/layers")


@bp.get("/<key>/use")
@allow(right("layer.manage"))
def choose(key: str) -> str:
    """The use as it is."""
    entry = managed(key)
    form = LayerUseForm(formdata=None)
    form.show_use(entry)
    return _page(entry, form)


@bp.post("/<key>/use")
@allow(right("layer.manage"))
def change(key: str) -> ResponseReturnValue:
    """Take another use, other columns, other labels."""
    entry, form = managed(key), LayerUseForm()
    form.offer(entry)
    if not form.validate():
        return _page(entry, form, RejectedAction("use", _("入力を確かめてください。"), 422, {}, form)), 422
    rejected = try_action(db(), "use", lambda: use_layer(db(), key, form.use, form.hidden(entry), actor()), form)
    if rejected:
        return _page(entry, form, rejected), rejected.status
    return redirect(url_for("desk_layers.layer", key=key), 303)


def _page(entry: Entry, form: LayerUseForm, rejected: RejectedAction | None = None) -> str:
    return render_template(
        "desk/layer_use.html", entry=entry, form=form, rejected=rejected, languages=LANGUAGES, most=MAX_COLUMNS
    )
