"""Where something is done in person: a counter of the city hall, or the office of another body."""

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from forms.definition.strict_model import Key, StrictModel
from forms.text.localized import Text

Longitude = Annotated[float, Field(ge=122, le=154)]
Latitude = Annotated[float, Field(ge=20, le=46)]


class Office(StrictModel):
    """An office that people go to, call, or find on the web. It is shown in the `cities` named, in every city without them.

    `sample` marks what the city has not confirmed yet; pages say so.
    """

    name: Text
    cities: tuple[Key, ...] = ()
    address: Text | None = None
    position: tuple[Longitude, Latitude] | None = None
    window: Text | None = None
    hours: Text | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^[0-9+][0-9-]{2,19}$")] | None = None
    link: Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$", max_length=300)] | None = None
    sample: bool = False

    @model_validator(mode="after")
    def _can_be_reached(self) -> "Office":
        if not (self.address or self.window or self.phone or self.link):
            raise ValueError("address、window、phone、link のどれか1つは書いてください。")
        return self
