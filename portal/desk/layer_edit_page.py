"""What the pages of editing a layer show: the draft, the chosen feature with its values and coordinates, and the list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import shapely
from flask import render_template, request

from geo.catalogue import Entry
from geo.editing import Draft, State, drafts_of, features_listed, in_plane, states_of, suggested_values, write_positions
from portal.core.access import staff_member
from portal.core.config import settings
from portal.core.errors import Conflict, DomainError, Invalid
from portal.core.tenancy import current_city
from portal.core.web import db
from portal.desk.layer_doors import actor
from portal.desk.layer_edit_forms import (
    COLUMN_KINDS,
    DRAWN_ACTS,
    SYSTEMS,
    ColumnForm,
    StepForm,
    fresh_token,
    properties_form,
)
from portal.desk.layer_forms import KINDS
from portal.identity import list_staff
from portal.maps import CityLayers, base_map_options, editing, editor_map

ROWS = 50
"""Features on a page of the list."""
ON_MAP = 1500
"""Features that the map shows to be edited; with more in view it asks to come closer."""
SUGGESTED = 30
"""Values of a column that its input suggests; a column with more of them is no list."""


@dataclass
class Rejected:
    """A step that was not taken: why, with what was typed (values by column), and where the fault lies."""

    error: DomainError
    form: StepForm | ColumnForm
    typed: Mapping[str, str]

    @property
    def status(self) -> int:
        """Of the answer."""
        return 422 if isinstance(self.error, Invalid) else 409 if isinstance(self.error, Conflict) else 404

    @property
    def faults(self) -> Mapping[str, str]:
        """Sentences by field."""
        return self.error.fields if isinstance(self.error, Invalid) else {}

    def text(self, name: str, *acts: str) -> str:
        """What was typed in a field of a step of these acts."""
        is_one = isinstance(self.form, StepForm) and self.form.act.data in acts
        return str(self.form[name].data or "") if is_one else ""


def editor_of(entry: Entry) -> editing.LayerEditor:
    """This person at that layer."""
    return editing.LayerEditor(db(), entry, actor())


def columns_of(entry: Entry, draft: Draft | None) -> dict[str, str]:
    """The properties of features with their types: those of the newest version, and those that a draft adds."""
    return {**entry.columns, **(draft.columns if draft else {})}


def page(entry: Entry, feature_id: int | None, rejected: Rejected | None = None) -> str:
    city = current_city()
    shown = shown_parts(entry, feature_id, rejected)
    layers = [layer for layer in CityLayers(db(), staff_member()).switchable(shown=()) if layer.key != entry.key]
    return render_template(
        "desk/layer_edit.html",
        **(shown | listed(entry, shown["draft"])),
        map=editor_map(city, entry, f"/desk/layers/{entry.key}/edit", ON_MAP),
        base=base_map_options(city, zoom=14),
        layers=layers,
        others=[each for each in drafts_of(db(), entry.id) if each.author != staff_member().id],
        people={staff.id: staff.name for staff in list_staff(db())},
        kinds=KINDS,
        column_form=ColumnForm(formdata=None),
        column_kinds=COLUMN_KINDS,
    )


def shown_parts(entry: Entry, feature_id: int | None, rejected: Rejected | None = None) -> dict[str, Any]:
    """What the page says of the draft and of the chosen feature."""
    editor = editor_of(entry)
    draft = editor.draft
    columns = columns_of(entry, draft)
    state, present = None, None
    if feature_id is not None:
        state = states_of(db(), entry.id, draft.id if draft else None, [feature_id]).get(feature_id)
        present = states_of(db(), entry.id, None, [feature_id]).get(feature_id) if draft else state
        state = state if state is not None and state.geom is not None else None
    return {
        "entry": entry,
        "editor": editor,
        "draft": draft,
        "gone_on": draft.changed_at + timedelta(days=settings().layer_draft_days) if draft else None,
        "acts": editing.ACTS,
        "columns": columns,
        "state": state,
        "label": _label(state, next(iter(columns), None)),
        "overtaken": bool(state and state.since != (present.since if present else None)),
        "is_new": bool(state and state.since is None),
        "sizes": _sizes(editor, state),
        "values": _values(entry, columns, state, rejected),
        "systems": SYSTEMS,
        "drawn_acts": DRAWN_ACTS,
        "positions": write_positions(state.geom, editor.plane) if state and state.geom is not None else "",
        "degrees": write_positions(state.geom, None) if state and state.geom is not None else "",
        "token": fresh_token,
        "rejected": rejected,
        "gone": feature_id is not None and state is None,
    }


def _values(
    entry: Entry, columns: Mapping[str, str], state: State | None, rejected: Rejected | None
) -> list[tuple[Any, list[str]]]:
    """The input of each column with what it suggests: the values that the layer has, where they are few."""
    if state is None:
        return []
    values = {name: editing.shown_value(state.properties.get(name)) for name in columns}
    form = properties_form(columns, {**values, **(rejected.typed if rejected else {})})
    suggested = suggested_values(db(), entry.id, SUGGESTED)
    for n, name in enumerate(columns):
        if rejected and name in rejected.faults:
            form[f"p{n}"].errors = [rejected.faults[name]]
    return [(form[f"p{n}"], suggested.get(name, [])) for n, name in enumerate(columns)]


def _sizes(editor: editing.LayerEditor, state: State | None) -> dict[str, float]:
    """What the chosen feature measures in the plane system."""
    if state is None or state.geom is None:
        return {}
    there = in_plane(state.geom, editor.plane)
    return {
        "area": there.area,
        "length": there.length,
        "positions": int(shapely.get_num_coordinates(there)),
        "parts": int(shapely.get_num_geometries(there)),
    }


def listed(entry: Entry, draft: Draft | None) -> dict[str, Any]:
    words = request.args.get("q", "").strip()[:100]
    after = request.args.get("after", "")
    start = int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else 0
    listed = features_listed(
        db(), entry.id, draft.id if draft else None, words=words.replace("\0", ""), after=start, limit=ROWS + 1
    )
    return {
        "rows": listed[:ROWS],
        "more": listed[ROWS - 1].id if len(listed) > ROWS else None,
        "words": words,
        "start": start,
        "named_by": list(columns_of(entry, draft))[:2],
        "token": fresh_token,
        "chosen": request.args.get("feature", ""),
    }


def _label(state: State | None, name: str | None) -> str:
    value = state.properties.get(name) if state and name else None
    return "" if value is None else str(value)
