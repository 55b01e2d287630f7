"""Where a dossier is asked for."""

from typing import Any

from sqlalchemy.orm import Session

from common.geometry import GeometryError, closed, drawn, geojson
from forms.fields.place import positions
from geo.gazetteer import search_places
from geo.layer_features import feature_geometry
from portal.core.errors import Invalid
from portal.core.forms import Form, StringField, TextAreaField
from portal.core.text import _
from portal.desk.lot_search import lots

_CORNERS = 4


class SpotForm(Form):
    """A spot by an address or a name, or a spot, a line or an outline by its positions."""

    words = StringField("住所・地番・地名", render_kw={"autocomplete": "off", "maxlength": 100})
    positions = TextAreaField("緯度, 経度(1行に1か所)", render_kw={"rows": 5, "placeholder": "35.69842, 139.41367"})

    def spot(self, session: Session) -> tuple[str, dict[str, Any]]:
        """What it is called, and its geometry (GeoJSON): one position is a point, two a line, more an outline. Raises Invalid."""
        typed, words = (self.positions.data or "").strip(), (self.words.data or "").strip()
        if typed:
            try:
                return words or _("示した場所"), _shape(typed)
            except GeometryError as error:
                sentence = _("位置を読み取れません。1行に1か所ずつ、「緯度, 経度」の順に入力してください。")
                raise Invalid(sentence, {"positions": sentence}) from error
        if lot := next(lots(session, words, limit=1), None):
            shape = feature_geometry(session, lot.entry.key, lot.feature_id)
            if shape is not None:
                return lot.address, shape
        places = search_places(session, words, limit=1) if words else []
        if not places:
            sentence = _("この住所や地番や地名は見つかりません。緯度と経度で入力することもできます。")
            raise Invalid(sentence, {"words": sentence})
        return places[0].name, geojson("Point", [(places[0].lon, places[0].lat)])


def _shape(typed: str) -> dict[str, Any]:
    listed = positions(typed)
    kind = "Point" if len(listed) == 1 else "Polygon" if len(listed) >= _CORNERS - 1 else "LineString"
    if kind == "Polygon":
        ring = geojson("Polygon", closed(listed))
        return geojson("Polygon", drawn(ring, "Polygon"))
    return geojson(kind, drawn(geojson(kind, listed), kind))
