"""The catalogue of map layers (地図): what layers there are, what one holds and where it is used, its versions, and who sees it."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from geo.catalogue import Entry, city_tolerance, entries
from geo.editing import drafts_of
from geo.layer_features import features_of
from geo.style import LayerStyle
from geo.versions import change_to_version, versions_of
from portal.cases import (
    answer_objection,
    layers_for_everybody,
)
from portal.cases.case_layers import layers_of_cases, reach_of_staff
from portal.cases.map_objections import open_counts
from portal.core.access import STAFF, allow, right, staff_member
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.desk.layer_doors import actor, edited, managed, seen, sight
from portal.desk.layer_forms import (
    FORMATS,
    KINDS,
    SIGHTS,
    DescriptionForm,
    MapAnswerForm,
    NewLayerForm,
    RestorationForm,
    RetirementForm,
    ToleranceForm,
    metres,
)
from portal.desk.layer_imports import begin
from portal.desk.layer_objections import waiting_lines
from portal.desk.layer_use_form import USES
from portal.desk.rejected_action import RejectedAction, form_of, try_action
from portal.identity import list_departments, list_staff
from portal.maps import (
    base_map_options,
    catalogue,
    column_labels,
    importing,
    layer_map,
    picture_response,
    properties_needed,
    style_of,
    thumbnail,
    thumbnail_tag,
    use_of,
    uses,
)
from writing.folding import PLACE

bp = Blueprint("desk_layers", __name__, url_prefix="/desk/layers")

ROWS = 10
"""Features of a layer that its page lists."""


@bp.get("")
@allow(STAFF)
def overview() -> str:
    """Every layer that this person sees; those whose name, source or owner holds the words."""
    return _overview(NewLayerForm(formdata=None), request.args.get("q", "").strip())


@bp.post("")
@allow(right("layer.manage"))
def create() -> ResponseReturnValue:
    """Make a layer without features."""
    form = NewLayerForm()
    if not form.validate():
        return _overview(form), 422
    if form.kind.data not in KINDS or form.owner.data not in sight().managed:
        raise Forbidden
    title, key = {"ja": form.title.data.strip()}, form.key.data
    begun: list[str] = []

    def act() -> None:
        catalogue.add_layer(db(), key, form.kind.data, title, form.owner.data, actor())
        begun.append(begin(form, key) if form.file.data else url_for("desk_layers.layer", key=key))

    rejected = try_action(db(), "new", act, form)
    return (_overview(form), 422) if rejected else redirect(begun[0], 303)


@bp.post("/all/tolerance")
@allow(right("layer.manage"))
def tolerance() -> ResponseReturnValue:
    """How far the edges of layers may be off that say nothing else of themselves."""
    form = ToleranceForm()
    rejected = try_action(
        db(),
        "tolerance",
        lambda: catalogue.set_tolerance(db(), metres(form.tolerance.data or "", "tolerance") or 0.0, actor()),
        form,
    )
    page = NewLayerForm(formdata=None)
    return (_overview(page, of_all=form), 422) if rejected else redirect(url_for("desk_layers.overview"), 303)


@bp.get("/<key>")
@allow(STAFF)
def layer(key: str) -> str:
    """One layer: its map, what the catalogue says of it, where it is used, and its versions."""
    return _page(seen(key))


@bp.get("/<key>/picture")
@allow(STAFF)
def picture(key: str) -> Response:
    """One layer as a small picture, by which the list shows it."""
    entry = seen(key)
    return picture_response(thumbnail_tag(entry), lambda: thumbnail(db(), current_city(), entry))


@bp.post("/<key>")
@allow(right("layer.manage"))
def describe(key: str) -> ResponseReturnValue:
    """Change what the catalogue says of a layer."""
    entry, form = managed(key), DescriptionForm()
    if not form.validate():
        return _page(entry, RejectedAction("describe", _("入力を確かめてください。"), 422, {}, form)), 422
    known = {department.key for department in list_departments(db())}
    if form.visible_to.data not in SIGHTS or (form.owner.data and form.owner.data not in known):
        raise Forbidden

    def act() -> None:
        texts = {**entry.description, "ja": form.description.data.strip()}
        description = catalogue.Description(
            title=form.titles,
            description={language: text for language, text in texts.items() if text},
            owner=form.owner.data or None,
            visible_to=form.visible_to.data,
            viewers=[group for group in form.viewers.data if group in known],
            editors=[group for group in form.editors.data if group in known],
            source=form.source.data.strip(),
            licence=form.licence.data.strip(),
            attribution=form.attribution.data.strip(),
            review_on=form.review_day,
            key_property=form.key_property.data or None,
            tolerance_m=form.tolerance_m,
            address_property=form.address_property.data or None,
        )
        catalogue.describe_layer(db(), key, description, actor())

    return _answer(entry, try_action(db(), "describe", act, form))


@bp.post("/<key>/retirement")
@allow(right("layer.manage"))
def retire(key: str) -> ResponseReturnValue:
    """Take a layer out of use, or into use again."""
    entry, form = managed(key), RetirementForm()

    def act() -> None:
        if form.act.data == "retire":
            catalogue.retire_layer(db(), key, actor())
        elif form.act.data == "reuse":
            catalogue.reuse_layer(db(), key, actor())
        else:
            raise Invalid(_("どちらか1つを選んでください。"))

    return _answer(entry, try_action(db(), "retire", act))


@bp.post("/<key>/objections/<int:objection_id>")
@allow(right("layer.edit"))
def answer(key: str, objection_id: int) -> ResponseReturnValue:
    """Answer somebody who says that the map is wrong: it was corrected, or it stays for a reason."""
    entry, form = edited(key), MapAnswerForm()

    def act() -> None:
        answer_objection(db(), key, objection_id, form.outcome.data, form.reason.data, actor())

    return _answer(entry, try_action(db(), f"objection-{objection_id}", act, form))


@bp.get("/<key>/versions/<int:number>/<kind>")
@allow(STAFF)
def export(key: str, number: int, kind: str) -> ResponseReturnValue:
    """A version as a file of one of the formats, whole or the features with some words. The download is an event."""
    seen(key)
    words = request.args.get("words", "").strip()
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{key}.{kind}"
        try:
            catalogue.export_version(db(), key, number, path, kind, actor(), words=words)
        except LookupError as error:
            raise NotFound from error
        file = path.open("rb")  # it can be read until it is closed, though its folder is gone
    response = send_file(file, "application/octet-stream", as_attachment=True, download_name=f"{key}-{number}.{kind}")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/<key>/versions/<int:number>")
@allow(right("layer.edit"))
def restoration(key: str, number: int) -> str:
    """What restoring an earlier version would change, before it does."""
    return _restoration(edited(key), number)


@bp.post("/<key>/versions/<int:number>")
@allow(right("layer.edit"))
def restore(key: str, number: int) -> ResponseReturnValue:
    """Make an earlier version the newest one."""
    entry, form = edited(key), RestorationForm()
    if not form.validate():
        return _restoration(entry, number, RejectedAction("restore", _("入力を確かめてください。"), 422, {}, form)), 422
    rejected = try_action(
        db(),
        "restore",
        lambda: catalogue.restore_version(
            db(), key, number, actor(), expected_version=int(form.seen.data), note=form.note.data.strip()
        ),
        form,
    )
    if rejected:
        return _restoration(entry, number, rejected), rejected.status
    return redirect(url_for("desk_layers.layer", key=key), 303)


def _answer(entry: Entry, rejected: RejectedAction | None) -> ResponseReturnValue:
    if rejected:
        return _page(entry, rejected), rejected.status
    return redirect(url_for("desk_layers.layer", key=entry.key), 303)


def _titles() -> dict[str, str]:
    return {department.key: department.title["ja"] for department in list_departments(db())}


def _overview(form: NewLayerForm, words: str = "", of_all: ToleranceForm | None = None) -> str:
    of_all = of_all or ToleranceForm(formdata=None, tolerance=f"{city_tolerance(db()):g}")
    sees, titles = sight(), _titles()
    form.owner.choices = [(key, title) for key, title in titles.items() if key in sees.managed]
    form.kind.choices = list(KINDS.items())
    folded = PLACE(words)

    def holds(entry: Entry) -> bool:
        owner = titles.get(entry.owner or "", "")
        texts = (*entry.title.values(), *entry.description.values(), entry.key, entry.source, owner)
        return any(folded in PLACE(text) for text in texts)

    visible = [entry for entry in entries(db()) if sees.sees(entry)]
    return render_template(
        "desk/layers.html",
        rows=[entry for entry in visible if holds(entry)] if folded else visible,
        total=len(visible),
        words=words,
        uses=uses(db()),
        departments=titles,
        kinds=KINDS,
        sights=SIGHTS,
        form=form,
        of_all=of_all,
        waiting=open_counts(db()),
        of_cases=[] if folded else layers_of_cases(db(), reach_of_staff(staff_member())),
        of_everybody=[] if folded else layers_for_everybody(db()),
    )


def _page(entry: Entry, rejected: RejectedAction | None = None) -> str:
    sees, titles = sight(), _titles()
    needed = uses(db()).get(entry.key, [])
    versions = versions_of(db(), entry.key)
    form: Any = form_of(rejected, "describe", DescriptionForm)
    if not (rejected and rejected.posted is form):
        _fill(form, entry)
    form.owner.choices = [("", _("決めていない")), *titles.items()]
    form.visible_to.choices = list(SIGHTS.items())
    form.viewers.choices = form.editors.choices = list(titles.items())
    form.key_property.choices = [("", _("なし(形と項目の全部で見分ける)")), *((name, name) for name in entry.columns)]
    form.address_property.choices = [("", _("なし")), *((name, name) for name in entry.columns)]
    city_map = layer_map(current_city(), entry, f"/desk/map/layers/{entry.key}")
    return render_template(
        "desk/layer.html",
        entry=entry,
        map=city_map,
        style=LayerStyle.stored(style_of(entry.kind, entry.style)),
        base=base_map_options(current_city(), zoom=14),
        city_tolerance=city_tolerance(db()),
        objections=waiting_lines(db(), entry, staff_member()),
        blank_answer=MapAnswerForm(formdata=None),
        uses=needed,
        missing=sorted(properties_needed(needed) - entry.columns.keys()) if entry.features else [],
        versions=versions,
        people={staff.id: staff.name for staff in list_staff(db())},
        rows=features_of(db(), entry.key, ROWS),
        departments=titles,
        insiders=[title for key, title in titles.items() if key in entry.insiders],
        kinds=KINDS,
        sights=SIGHTS,
        public_use=use_of(entry),
        column_labels=column_labels(entry),
        public_uses=USES,
        formats=FORMATS,
        form=form,
        imports=importing.open_imports(db(), entry),
        drafts=drafts_of(db(), entry.id),
        may_manage=sees.manages(entry),
        may_edit=sees.edits(entry),
        rejected=rejected,
    )


def _fill(form: Any, entry: Entry) -> None:
    """Put what the catalogue says into a form that is shown first."""
    languages = {"easy": "ja-easy", "en": "en", "zh": "zh", "ko": "ko"}
    form.process(
        formdata=None,
        title=entry.title["ja"],
        description=entry.description.get("ja", ""),
        review_on=entry.review_on.isoformat() if entry.review_on else "",
        tolerance="" if entry.tolerance_m is None else f"{entry.tolerance_m:g}",
        **{f"title_{field}": entry.title.get(language, "") for field, language in languages.items()},
        **{
            name: getattr(entry, name) or ""
            for name in ("owner", "visible_to", "source", "licence", "attribution", "key_property", "address_property")
        },
        viewers=entry.viewers,
        editors=entry.editors,
    )


def _restoration(entry: Entry, number: int, rejected: RejectedAction | None = None) -> str:
    version = next((row for row in versions_of(db(), entry.key) if row.number == number), None)
    if version is None:
        raise NotFound
    form: Any = form_of(rejected, "restore", RestorationForm)
    form.seen.data = str(entry.version)
    needed = properties_needed(uses(db()).get(entry.key, []))
    return render_template(
        "desk/layer_version.html",
        entry=entry,
        version=version,
        change=change_to_version(db(), entry.key, number),
        missing=sorted(needed - version.columns.keys()),
        form=form,
        rejected=rejected,
    )
