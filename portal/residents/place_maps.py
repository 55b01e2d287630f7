"""Maps that stand at their question, on pages that have no room for one beside them all."""

from collections.abc import Callable

from flask import render_template

from forms.fields import FieldType
from portal.core.tenancy import current_city
from portal.maps import base_map_options

Drawer = Callable[[FieldType, str, str], str]

CLOSE = 17
"""The zoom at which a drawing map opens on the middle of the city."""


def drawer(live_address: str | None) -> Drawer:
    """Draws a question's map; what is drawn is told to `live_address`, if there is one."""

    def draw(question: FieldType, path: str, geometry_id: str) -> str:
        return render_template(
            "residents/place_map.html",
            kind=question.type,
            path=path,
            geometry_id=geometry_id,
            live_address=live_address,
            base=base_map_options(current_city(), zoom=CLOSE),
        )

    return draw
