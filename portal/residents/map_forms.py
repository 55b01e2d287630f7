"""What the forms of the residents' map send: what is looked for, and a place in words or as a point."""

import math

from common.geometry import Position
from portal.core.forms import Form, HiddenField, StringField
from portal.residents.map_lists import Choice, choice_of


class MapForm(Form):
    """What the page looks for, and the place around which."""

    need = HiddenField()
    hazard = HiddenField()
    open = HiddenField()
    place = HiddenField()

    @property
    def choice(self) -> Choice:
        """What is looked for."""
        return choice_of({name: self[name].data for name in ("need", "hazard", "open")})


class MapPlaceForm(MapForm):
    """Words, or a point and whether it is where the person stands (`here`); `chosen` says that the words are the whole name of a place."""

    words = StringField()
    chosen = HiddenField()
    lon = HiddenField()
    lat = HiddenField()
    origin = HiddenField()

    @property
    def position(self) -> Position | None:
        """The point; None without one, or for numbers that are none on the globe."""
        try:
            longitude, latitude = float(self.lon.data), float(self.lat.data)
        except ValueError:
            return None
        on_globe = (
            math.isfinite(longitude) and abs(longitude) <= 180 and math.isfinite(latitude) and abs(latitude) <= 90
        )
        return (longitude, latitude) if on_globe else None


class ApplyHereForm(Form):
    """A feature of a layer, or the place of the page."""

    layer = HiddenField()
    feature = HiddenField()
    place = HiddenField()


class FindPlacesForm(Form):
    """Words that may mean a place, and the path of the question that asks for one."""

    place = HiddenField()
    words = StringField()


class PostalCodeForm(Form):
    """A postal code as it was typed, and what is written of the address beside it."""

    code = StringField()
    prefecture = StringField()
    city = StringField()
    town = StringField()
