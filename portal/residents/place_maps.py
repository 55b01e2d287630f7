"""Maps to draw on: where they open, and those that stand at their question, on pages that have no room for one beside them all."""

from collections.abc import Callable
from typing import Any

from flask import render_template

from common.geometry import Position
from forms import Step
from forms.definition.procedure import questions_in
from forms.fields import FieldType
from forms.fields.shown import FindPlaces
from portal.core.tenancy import current_city
from portal.maps import base_map_options
from portal.residents.draft_application import DraftApplication
from portal.residents.drawing_starts import start_of
from portal.residents.place_finding import finder

CLOSE, AT_START = 17, 19
"""The zoom at which a drawing map opens on the middle of the city, and where it is known about where the place is."""

Drawer = Callable[[FieldType, str, str], str]


def asks_place(step: Step) -> bool:
    """Whether a page asks for a place, in rows too."""
    return any(question.is_place for field in step.fields for question in questions_in(field))


def finder_of(application: DraftApplication, step: Step) -> FindPlaces | None:
    """Looks for places on a page that asks for one, and offers those that are known of who applies."""
    if not asks_place(step):
        return None
    return finder(lambda: application.known_places)


def start_for(application: DraftApplication, step: Step) -> Position | None:
    """Where the maps of a page open: where the application was begun on the map, else at the first place that is known of who applies."""
    start = start_of(application.public_id)
    if start is not None or not asks_place(step):
        return start
    known = application.known_places
    return (known[0].lon, known[0].lat) if known else None


def base_from(start: Position | None) -> dict[str, Any]:
    """What a drawing map opens with: about the place where one is known, else the middle of the city."""
    if start is None:
        return base_map_options(current_city(), zoom=CLOSE)
    longitude, latitude = start
    return base_map_options(current_city(), zoom=AT_START) | {"center": [latitude, longitude]}


def drawer(
    live_address: str | None,
    start: Position | None = None,
    picture_at: Callable[[str], str | None] = lambda _path: None,
) -> Drawer:
    """Draws a question's map, opened at `start`; what is drawn is told to `live_address`, if there is one.

    `picture_at` says where the picture of the place lies that was saved at a path.
    """

    def draw(question: FieldType, path: str, geometry_id: str) -> str:
        return render_template(
            "residents/place_map.html",
            kind=question.type,
            path=path,
            geometry_id=geometry_id,
            live_address=live_address,
            base=base_from(start),
            picture=picture_at(path),
        )

    return draw
