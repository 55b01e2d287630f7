"""Where the addresses near a place are asked for, and labels of them."""

from typing import Any

from forms.text.numbers import parse_number
from portal.cases.neighbours import MAX_PURPOSE, Source
from portal.core.errors import Invalid
from portal.core.forms import CheckboxListField, Form, HiddenField, RadioField, SelectField, StringField
from portal.core.text import _
from portal.desk.dossier_forms import SpotForm
from portal.documents import SHEETS

PRESETS = (10, 20, 30, 50, 100)
"""Distances, in metres, that are offered beside one of one's own."""
_OTHER = "other"


class NeighbourForm(Form):
    """How far, out of which layer, and for what."""

    metres = RadioField("距離")
    other = StringField("ほかの距離(m)", render_kw={"inputmode": "decimal", "autocomplete": "off"})
    source = SelectField("住所をとる層")
    purpose = StringField("何のための一覧か", render_kw={"maxlength": MAX_PURPOSE, "autocomplete": "off"})

    def offer(self, sources: list[Source]) -> None:
        """The options of this city and person."""
        self.metres.choices = [*((str(metres), f"{metres} m") for metres in PRESETS), (_OTHER, _("ほかの距離"))]
        self.source.choices = [(source.entry.key, source.entry.title["ja"]) for source in sources]
        if not self.is_submitted():
            self.metres.data = "30"

    def chosen_metres(self) -> float:
        """Metres. Raises Invalid (field `other`) for what is no number."""
        typed = (self.other.data or "").strip() if self.metres.data == _OTHER else self.metres.data
        number = parse_number(typed, ("m", "メートル"))
        if number is None:
            sentence = _("距離を、メートルの数で入力してください。")
            raise Invalid(sentence, {self.metres_field: sentence})
        return float(number)

    @property
    def metres_field(self) -> str:
        """The input in which the distance was given, for what is said of it."""
        return "other" if self.metres.data == _OTHER else "metres"

    def chosen_source(self, sources: list[Source]) -> Source:
        """The layer. Raises Invalid (field `source`) for one that is not offered."""
        for source in sources:
            if source.entry.key == self.source.data:
                return source
        sentence = _("住所をとる層を選んでください。")
        raise Invalid(sentence, {"source": sentence})

    def show(self, refused: Invalid) -> None:
        """Put what a rule said of the distance beside the input that it came from."""
        fields = {self.metres_field if name == "metres" else name: text for name, text in refused.fields.items()}
        super().show(Invalid(refused.message, fields))


class SpotNeighbourForm(SpotForm, NeighbourForm):
    """The same for a spot or an outline that belongs to no case."""


class ExclusionForm(Form):
    """Rows that are left out, by number; `seen` are those that were out on the page."""

    excluded = CheckboxListField("一覧から外す")
    seen = HiddenField()

    def numbers(self) -> list[int]:
        """The rows."""
        return _numbers(self.excluded.data)

    def seen_numbers(self) -> list[int]:
        """The rows that were out."""
        return _numbers(self.seen.data.split(","))


class LabelForm(Form):
    """On which sheets labels are printed, and from which place on."""

    sheet = SelectField("ラベルの用紙")
    first = StringField("はじめる場所", render_kw={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.sheet.choices = [
            (
                key,
                _("{number}面({width} × {height} mm)", number=key, width=sheet.width_mm, height=sheet.height_mm),
            )
            for key, sheet in SHEETS.items()
        ]
        if not self.is_submitted():
            self.sheet.data, self.first.data = "24", "1"

    def chosen_first(self) -> int:
        """The place, or 0 for what is no whole number."""
        number = parse_number(self.first.data or "1", ())
        return int(number) if number is not None and number == int(number) else 0


def _numbers(texts: Any) -> list[int]:
    return sorted({int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 6})
