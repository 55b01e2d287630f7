"""What a definition may say about the layers that its cases make on maps: what programs read of them, and what everybody sees."""

from typing import Literal, Self

from pydantic import Field, model_validator

from forms.definition.strict_model import Id, Key, StrictModel
from forms.text.localized import Text


class CaseLayer(StrictModel):
    """The answers that programs with a key read of the cases at a place, beside number, state, days and department.

    A question that says who somebody is may be among them: nothing but this list hands it out.
    """

    answers: tuple[Id, ...] = Field(min_length=1, max_length=40)


class PublicLayer(StrictModel):
    """The layer of the places of cases that everybody sees while a case is in one of `states`.

    It shows a case from `days_before` the first day of its period (without it: from the moment of the state) until `days_after` the last
    one; a case without a period as long as it is in the state, or until `days_after` the day on which it was closed.

    `exactness` says where: the place itself, the nearest of `streets` (a map layer) within a square, or the square alone. Squares have
    sides of `cell_m` metres in the plane of the city.
    """

    title: Text
    description: Text | None = None
    states: tuple[Id, ...] = Field(min_length=1, max_length=20)
    answers: tuple[Id, ...] = Field(default=(), max_length=40)
    exactness: Literal["exact", "street", "grid"] = "grid"
    streets: Key | None = None
    cell_m: int = Field(100, ge=20, le=5000)
    days_before: int | None = Field(None, ge=0, le=366)
    days_after: int | None = Field(None, ge=0, le=3660)

    @model_validator(mode="after")
    def _streets_are_of_a_layer(self) -> Self:
        if (self.exactness == "street") != (self.streets is not None):
            raise ValueError("streets(道の地図の層)は、exactness: street のときだけ、必ず書いてください。")
        return self
