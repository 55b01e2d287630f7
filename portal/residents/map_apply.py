"""「この場所で申請する」: an application that begins with a place of the residents' map, or whose drawing opens there."""

from werkzeug.wrappers import Response

from common.geometry import Position
from forms.fields.place import PlaceField
from portal import procedures
from portal.cases import Carried
from portal.cases.place_fit import FROM_MAP, procedures_at
from portal.core.access import PUBLIC, allow
from portal.core.errors import Conflict
from portal.core.text import _, using_language
from portal.core.web import db
from portal.residents.apply import begin, go_on
from portal.residents.blueprint import bp
from portal.residents.drawing_starts import keep_start
from portal.residents.map_forms import ApplyHereForm
from portal.residents.map_needs import MapNeeds
from portal.residents.map_page import feature_for_everybody
from portal.residents.map_spots import spot_named


@bp.post("/map/apply/<key>")
@allow(PUBLIC)
def apply_here(key: str) -> Response:
    """Begin the procedure with the feature or the place of the page. A town answers no question: the drawing opens there."""
    offer = procedures.offer(db(), key)
    position, label, source = _where()
    fit = next(iter(procedures_at(db(), [offer], position)), None)
    if fit is None:
        raise Conflict(_("この場所では、この手続きはできません。場所を選び直してください。"))
    known: dict[str, Carried] = {}
    question = offer.definition.fields[fit.question]
    if fit.takes_point and source and isinstance(question, PlaceField):
        answer = {"geometry": {"type": "Point", "coordinates": list(position)}, "source": source}
        known[fit.question] = Carried(answer | ({"label": label} if label else {}), FROM_MAP)
    draft = begin(offer, known)
    keep_start(draft.public_id, position)
    return go_on(draft.public_id)


def _where() -> tuple[Position, str, str]:
    """The place of the page, what it is called, and how it was given; no `source` for one that is only about there. Raises Conflict."""
    form = ApplyHereForm()
    number = form.feature.data
    if form.layer.data and number.isascii() and number.isdecimal() and len(number) < 19:
        layer, feature, _shape = feature_for_everybody(MapNeeds(db(), ()), form.layer.data, int(number))
        with using_language("ja"):  # the office reads it
            return (feature.lon, feature.lat), layer.name_of(feature.properties), "address"
    spot = spot_named(db(), form.place.data)
    if spot is None:
        raise Conflict(_("場所がわからなくなりました。地図で、もう一度場所を選んでください。"))
    return spot.position, spot.label if spot.source == "address" else "", spot.source
