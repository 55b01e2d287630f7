"""How a layer is drawn on every map: chosen by its editors, with the map beside the form."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geo.catalogue import Entry
from geo.classification import Method, categories, ranges
from geo.style import LayerStyle
from portal.core.access import allow, right
from portal.core.errors import Invalid
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.desk.layer_doors import actor, edited
from portal.desk.layer_style_form import METHODS, StyleForm
from portal.desk.rejected_action import RejectedAction, try_action
from portal.maps import base_map_options, catalogue, layer_map, layer_style, style_of

bp = Blueprint("desk_layer_style", __name__, url_prefix="/desk/layers")


@bp.get("/<key>/style")
@allow(right("layer.edit"))
def choose(key: str) -> str:
    """The style of a layer as it is."""
    entry = edited(key)
    form = StyleForm(formdata=None)
    form.show_style(entry, catalogue.style_mark(entry))
    return _page(entry, form, LayerStyle.stored(style_of(entry.kind, entry.style)))


@bp.post("/<key>/style")
@allow(right("layer.edit"))
def change(key: str) -> ResponseReturnValue:
    """Divide into classes, look at the style on the map, take the standard one, or keep it."""
    entry, form = edited(key), StyleForm()
    form.offer(entry)
    act = form.act.data
    if act == "standard":
        form.show_style(_in_standard_style(entry), form.seen.data)
    elif act == "classify":
        return _classified(entry, form)
    rejected: RejectedAction | None = None
    style: LayerStyle | None = None
    try:
        if not form.validate():
            raise Invalid(_("入力を確かめてください。"))
        style = form.style(entry.kind)
    except Invalid as error:
        form.show(error)
        rejected = RejectedAction("style", error.message, 422, dict(error.fields), form)
    if "HX-Request" in request.headers:
        return render_template("desk/_layer_style.html", entry=entry, style=style, rejected=rejected)
    if style is not None and act == "save":
        kept = style
        rejected = try_action(
            db(), "style", lambda: catalogue.style_layer(db(), key, kept, actor(), seen=form.seen.data), form
        )
        if rejected is None:
            return redirect(url_for("desk_layers.layer", key=key), 303)
    shown = style or LayerStyle.stored(style_of(entry.kind, entry.style))
    return _page(entry, form, shown, rejected), rejected.status if rejected else 200


def _classified(entry: Entry, form: StyleForm) -> ResponseReturnValue:
    name, by = form.property.data, form.by.data
    rejected = None
    if name not in entry.columns or by not in ("category", "range"):
        sentence = _("色の分けかたと、分ける項目を選んでください。")
        form.show(Invalid(sentence, {"property": sentence}))
        rejected = RejectedAction("style", sentence, 422, {}, form)
    else:
        count = int(form.count.data) if form.count.data in {str(number) for number in range(2, 8)} else 5
        method: Method = "equal_step" if form.method.data == "equal_step" else "equal_count"
        classes = (
            categories(db(), entry.key, name) if by == "category" else ranges(db(), entry.key, name, count, method)
        )
        form.set_classes(classes)
        if not classes:
            sentence = _("「{name}」には、分けられる値がありません。ほかの項目を選んでください。", name=name)
            form.show(Invalid(sentence, {"property": sentence}))
            rejected = RejectedAction("style", sentence, 422, {}, form)
    shown = LayerStyle.stored(style_of(entry.kind, entry.style)) if rejected else form.style(entry.kind)
    return _page(entry, form, shown, rejected), rejected.status if rejected else 200


def _in_standard_style(entry: Entry) -> Entry:
    colour = next((colour for colour in (entry.style.get("fill"), entry.style.get("stroke")) if colour), "#2f6fb0")
    return replace(entry, style=layer_style(entry.kind, colour))


def _page(entry: Entry, form: StyleForm, style: LayerStyle, rejected: RejectedAction | None = None) -> str:
    return render_template(
        "desk/layer_style.html",
        entry=entry,
        form=form,
        style=style,
        rejected=rejected,
        map=layer_map(current_city(), entry, f"/desk/map/layers/{entry.key}", style.as_stored()),
        base=base_map_options(current_city(), zoom=14),
        methods=METHODS,
    )
