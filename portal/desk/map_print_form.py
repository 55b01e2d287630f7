"""The form of a printed map: its ground, its paper, its layers, and what stands on the pages after it."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from wtforms.validators import DataRequired, Length

from common.plane import Plane
from geo.catalogue import Entry
from geo.paper import PAPERS, SCALES, Sheet
from portal.core.errors import Invalid
from portal.core.forms import CheckboxListField, Form, HiddenField, RadioField, SelectField, StringField
from portal.core.text import _, pick

MAX_LAYERS = 12
BASES = {"schematic": "模式図", "none": "背景なし"}
_LYING = {"landscape": "横", "portrait": "縦"}
_EQUATOR_M = 40075016.686
_PIXEL_M = 0.0254 / 96


class BeginForm(Form):
    """Where a printed map begins: one of `layer` (key), `dossier` and `case` (id), else the view of the staff map.

    `filter` is the query of its list, `view` its middle and zoom, `layers` what is on (`portal.desk.map_state`), `base` what lies underneath.
    """

    layer = HiddenField(validators=[Length(max=60)])
    dossier = HiddenField(validators=[Length(max=18)])
    case = HiddenField(validators=[Length(max=18)])
    filter = HiddenField()
    view = HiddenField(validators=[Length(max=60)])
    layers = HiddenField(validators=[Length(max=3000)])
    base = HiddenField(validators=[Length(max=40)])


class PrintForm(Form):
    """What a printed map is to show. `more` holds cases | tables, as far as the choice offers them."""

    title = StringField("題", validators=[DataRequired("題を入力してください。"), Length(max=60)])
    paper = RadioField("紙")
    lying = RadioField("向き")
    scale = SelectField("縮尺")
    lat = StringField("中心の緯度", validators=[Length(max=20)], render_kw={"inputmode": "decimal"})
    lon = StringField("中心の経度", validators=[Length(max=20)], render_kw={"inputmode": "decimal"})
    base = RadioField("背景")
    layers = CheckboxListField("重ねる地図")
    more = CheckboxListField("案件と表")

    def offer(self, layers: Sequence[Entry], more: Mapping[str, str], opacities: Mapping[str, float]) -> None:
        """Fill the lists: layers that this person sees, with how much of each is seen, and what the choice can show besides."""
        self.paper.choices = [(name, name) for name in PAPERS]
        self.lying.choices = [(key, _(text)) for key, text in _LYING.items()]
        self.scale.choices = [(str(scale), f"1:{scale:,}") for scale in SCALES]
        self.base.choices = [(key, _(text)) for key, text in BASES.items()]
        self.layers.choices = [(entry.key, _layer(entry, opacities.get(entry.key, 1))) for entry in layers]
        self.more.choices = list(more.items())

    def sheet(self, plane: Plane) -> Sheet:
        """The sheet as chosen. Raises Invalid, naming the field and what to do."""
        if self.paper.data not in PAPERS or self.lying.data not in _LYING or self.base.data not in BASES:
            raise Invalid(_("紙、向き、背景を選び直してください。"))
        if self.scale.data not in {str(scale) for scale in SCALES}:
            sentence = _("縮尺を一覧から選んでください。")
            raise Invalid(sentence, {"scale": sentence})
        lat, lon = _degrees(self.lat.data, "lat"), _degrees(self.lon.data, "lon")
        if not plane.covers(lon, lat):
            sentence = _("この市の座標系の外にある位置です。緯度と経度を確かめるか、地図を動かして選び直してください。")
            raise Invalid(sentence, {"lat": sentence})
        return Sheet(int(self.scale.data), (lon, lat), plane, self.paper.data, self.lying.data == "landscape")

    def as_choice(self) -> dict[str, Any]:
        """What was chosen, to show the form again with it."""
        return {name: self[name].data for name in _CHOSEN}


_CHOSEN = ("title", "paper", "lying", "scale", "lat", "lon", "base", "layers", "more")


def _layer(entry: Entry, share: float) -> str:
    title = pick(entry.title, "ja")
    return title if share >= 1 else _("{title}(濃さ{percent}%)", title=title, percent=round(share * 100))


def _degrees(text: str, field: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        sentence = _("数字で入力してください。例：{example}", example="35.69842" if field == "lat" else "139.41367")
        raise Invalid(sentence, {field: sentence})
    return value


def scale_of_zoom(zoom: float, latitude: float) -> int:
    """The scale of the list that is nearest to what a web map shows at a zoom."""
    shown = _EQUATOR_M * math.cos(math.radians(latitude)) / 256 / 2**zoom / _PIXEL_M
    return min(SCALES, key=lambda scale: abs(math.log(scale / shown)))


def read_view(text: str) -> tuple[float, float, float] | None:
    """Latitude, longitude and zoom of a map, `lat,lon,zoom`; None for any other text."""
    try:
        lat, lon, zoom = (float(part) for part in text.split(","))
    except ValueError:
        return None
    inside = abs(lat) <= 90 and abs(lon) <= 180 and 0 <= zoom <= 30
    return (lat, lon, zoom) if inside else None
