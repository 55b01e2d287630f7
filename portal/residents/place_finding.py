"""Looking for a place in words, at any question that asks for one: an address, a postal code, a town, a station, the name of a facility."""

from collections.abc import Callable, Sequence

from flask import current_app, get_template_attribute

from forms.fields.place_rendering import place_list
from forms.fields.rendering import FieldPage
from forms.fields.shown import FindPlaces, ShownPlace, ShownPlaces
from forms.text.localized import note_untranslated
from geo.gazetteer import examples_of, is_in, search_places
from geo.place_names import PlaceName
from portal.core.access import PUBLIC, allow
from portal.core.errors import NotFound
from portal.core.readings import reading_of
from portal.core.tenancy import current_city
from portal.core.text import current_language, dot, html_language
from portal.core.web import db
from portal.residents.blueprint import bp
from portal.residents.map_forms import FindPlacesForm

_MAX_LENGTH = 100
_MAX_PATH = 200


def finder(known: Callable[[], Sequence[ShownPlace]] = tuple) -> FindPlaces:
    """Looks for places in the city; `known` gives those of who asks, offered before anything is looked for."""

    def find(words: str) -> ShownPlaces:
        words = words.strip()[:_MAX_LENGTH]
        city = current_city().name
        places = search_places(db(), words, city=city) if words else []
        examples = examples_of(db())
        for example in examples or ():
            note_untranslated(example, current_language())
        return ShownPlaces(
            words,
            [shown(place) for place in places],
            known(),
            outside=bool(words and not places) and not is_in(words, city),
            examples=examples,
        )

    return find


def shown(place: PlaceName, note: str = "") -> ShownPlace:
    """A place as an option: how it differs from what was written, else how it is read."""
    inexact = str(get_template_attribute("components/exactness.html", "exactness")(place)).strip()
    note_untranslated(place.name, current_language())
    reading = reading_of(place.name, place.kana)
    own = "" if html_language() == "ja" and (note or inexact) else reading
    notes = [text for text in (own, note, inexact) if text]
    return ShownPlace(place.name, dot().join(notes), place.lon, place.lat)


@bp.post("/map/places")
@allow(PUBLIC)
def find_places() -> str:
    """The places that words may mean, to choose from at the question whose path is posted. Nothing is kept, and nothing stands in an address."""
    form = FindPlacesForm()
    if not form.place.data or len(form.place.data) > _MAX_PATH:
        raise NotFound
    page = FieldPage(language=current_language(), environment=current_app.jinja_env)
    return place_list(page, form.place.data, finder()(form.words.data), "")
