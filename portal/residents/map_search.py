"""Search on the residents' map: an address, a town, a station, the name of a facility, or a point; what was typed stands in no address."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from geo.gazetteer import MAX_RESULTS, is_in, search_places
from geo.near import names_of
from geo.place_names import PlaceName
from portal.core.access import PUBLIC, allow
from portal.core.tenancy import current_city
from portal.core.web import db
from portal.maps import PublicMapLayer, public_layers
from portal.residents import quotas
from portal.residents.blueprint import bp
from portal.residents.map_forms import MapPlaceForm
from portal.residents.map_lists import Choice
from portal.residents.map_spots import Spot, is_exactly, keep_place, keep_unnamed, keep_words
from writing.folding import PLACE

_MAX_LENGTH = 100
_READ = 5000
"""Names of features that are compared at most."""


@dataclass(frozen=True)
class Hits:
    """What words may mean: places, and features of the map as (name, layer's title, key, id). `outside`: they name another city."""

    places: list[PlaceName]
    features: list[tuple[str, str, str, int]]
    outside: bool


def hits(session: Session, layers: Sequence[PublicMapLayer], words: str) -> Hits:
    """The places and the features that words may mean, at most ten of each."""
    city = current_city().name
    places = search_places(session, words, city=city)
    named = {layer.entry.id: layer for layer in layers if layer.search_columns and not layer.is_about_places}
    columns = {layer_id: layer.search_columns for layer_id, layer in named.items()}
    folded = PLACE(words)
    features = [
        (named[layer_id].name_of(names), named[layer_id].title, named[layer_id].key, feature_id)
        for layer_id, feature_id, names in (names_of(session, columns, most=_READ) if folded else ())
        if any(folded in PLACE(str(name or "")) for name in names.values())
    ]
    features.sort(key=lambda hit: (PLACE(hit[0]) != folded, len(hit[0]), hit[0]))
    return Hits(places, features[:MAX_RESULTS], outside=not places and not features and not is_in(words, city))


@bp.post("/map/place")
@allow(PUBLIC)
def map_place() -> Response:
    """Go to what the words mean where that is one place; else to the choice between several."""
    form = MapPlaceForm()
    choice, position = form.choice, form.position
    quotas.before_map_search()
    if position is not None:
        spot = keep_unnamed(db(), position, is_here=form.origin.data == "here")
        return _to(choice, spot) if spot else redirect(choice.address(None, fault="outside"), 303)
    words = form.words.data.strip()[:_MAX_LENGTH]
    if not words:
        return redirect(choice.address(None, fault="empty"), 303)
    if form.chosen.data:
        chosen = next((place for place in search_places(db(), words) if place.name == words), None)
        spot = keep_place(db(), chosen) if chosen else None
        if spot:
            return _to(choice, spot)
    hit = hits(db(), public_layers(db()), words)
    exactly = [place for place in hit.places if is_exactly(place)]
    if exactly and (exactly[0].kind in ("house", "block") or (len(hit.places) == 1 and not hit.features)):
        spot = keep_place(db(), exactly[0])
        if spot:
            return _to(choice, spot)
    keep_words(words)
    return redirect(choice.address(None, search="1"), 303)


def _to(choice: Choice, spot: Spot) -> Response:
    return redirect(choice.address(spot), 303)
