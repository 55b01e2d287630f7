"""Where another outline for a place of a case is drawn or typed, and notes are put to spots of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app, request
from markupsafe import Markup

from common.geometry import GeometryError
from forms.fields import FieldError
from forms.fields.base import ReadContext
from forms.fields.path import FieldPath
from forms.fields.place import PlaceField, position
from forms.fields.reader import FormReader
from forms.fields.rendering import FieldPage
from forms.text.localized import Text
from geo.sketch import corners
from portal.cases.place_proposals import MAX_NOTE, MOST_NOTES, Proposed, SpotNote
from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.forms import Form, HiddenField, SelectField, StringField
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.residents import place_maps
from portal.residents.place_finding import finder


class ProposalForm(Form):
    """Notes of spots, by number; `act` is check, save or discard, `seen` how often the draft was changed, `before` a mark of the place."""

    act = HiddenField()
    seen = HiddenField()
    before = HiddenField()

    @classmethod
    def with_notes(cls, geometry: Mapping[str, Any], proposed: Proposed | None) -> "ProposalForm":
        """The form with inputs for every note, filled in with those of a draft when it is shown first."""
        fields: dict[str, Any] = {}
        for n in range(MOST_NOTES):
            fields[f"corner-{n}"] = SelectField("地点")
            fields[f"spot-{n}"] = StringField(
                "緯度, 経度", render_kw={"autocomplete": "off", "placeholder": "35.69842, 139.41367"}
            )
            fields[f"text-{n}"] = StringField("伝えること", render_kw={"autocomplete": "off", "maxlength": MAX_NOTE})
        form: ProposalForm = type(cls.__name__, (cls,), fields)()
        choices = [("", "")] + [
            (str(n), _("角 {number}", number=n)) for n, _at in enumerate(corners(geometry), start=1)
        ]
        notes = proposed.notes if proposed and not form.is_submitted() else ()
        for n in range(MOST_NOTES):
            form[f"corner-{n}"].choices = [*choices, ("spot", _("ほかの地点(緯度, 経度で示す)"))]
        for n, note in enumerate(notes):
            form[f"text-{n}"].data = note.text
            form[f"corner-{n}"].data = str(note.corner) if note.corner else "spot"
            form[f"spot-{n}"].data = "" if note.corner else f"{note.position[1]}, {note.position[0]}"
        return form

    def notes(self, geometry: Mapping[str, Any]) -> list[SpotNote]:
        """What was written of spots. Raises Invalid (the input of the note) for a spot that is none."""
        places, notes = corners(geometry), []
        for n in range(MOST_NOTES):
            corner, spot, text = (self[f"{name}-{n}"].data.strip() for name in ("corner", "spot", "text"))
            if not (corner or spot or text):
                continue
            number = int(corner) if corner.isascii() and corner.isdecimal() and len(corner) < 5 else 0
            if 1 <= number <= len(places):
                notes.append(SpotNote(list(places[number - 1]), text, number))
                continue
            try:
                lon, lat = position(spot, "")
            except GeometryError as error:
                sentence = _("地点は、角の番号を選ぶか、「緯度, 経度」の順に入力してください。")
                raise Invalid(sentence, {f"spot-{n}": sentence}) from error
            notes.append(SpotNote([lon, lat], text))
        return notes

    @property
    def seen_edits(self) -> int:
        """How often the draft had been changed on the page; one that no draft has for text that is no number."""
        return (
            int(self.seen.data)
            if self.seen.data.isascii() and self.seen.data.isdecimal() and len(self.seen.data) < 10
            else -1
        )


def read_place(question: PlaceField, path: str) -> tuple[Mapping[str, Any] | None, Sequence[FieldError]]:
    """The place (GeoJSON) that was drawn or typed, and what is wrong with it."""
    form = {name: request.form.getlist(name) for name in request.form}
    reading = question.read(FormReader(form, path), ReadContext(today=today(), plane=current_city().plane))
    geometry = reading.value["geometry"] if isinstance(reading.value, dict) else None
    return (geometry if isinstance(geometry, Mapping) else None), reading.errors


def typed_place(question: PlaceField, path: str, geometry: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """The inputs of a place: as they were posted, else those of a place that is there, with its corners as text too."""
    at = FieldPath.parse(path)
    posted = {
        str(part): request.form[name] for name in request.form if (part := FieldPath.parse(name).within(at)) is not None
    }
    return dict(posted) or question.inputs({"geometry": dict(geometry), "source": "text"})


def draw_place(
    question: PlaceField, path: str, inputs: Mapping[str, str | list[str]], errors: Sequence[FieldError]
) -> Markup:
    """The question with its map and the ways without it, as the applicant has it."""
    page = FieldPage(
        language="ja",
        draw_map=place_maps.drawer(None),
        find_places=finder(),
        today=today(),
        environment=current_app.jinja_env,
    )
    plain = question.model_copy(
        update={
            "label": Text.read_by_all(_("直した形")),
            "help": None,
            "public_layer": None,
            "rules": [],
            "required": True,
        }
    )
    return page.render(plain, path, dict(inputs), list(errors))
