"""What a definition may say about a drawn place: where it must lie, and what the map tells about it."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator

from forms.definition.strict_model import Id, Key, StrictModel
from forms.text.localized import Text

LookUpType = Literal["any", "bool", "int", "double", "string"]


class ClearOf(StrictModel):
    """Other cases that a place must not overlap, in space and, with `during`, in time.

    `states` are workflow states of those cases. `during` names a date or date range field of this procedure.
    """

    procedure: Key
    states: tuple[Id, ...] = Field(min_length=1)
    during: Id | None = None


class PlaceRule(StrictModel):
    """One condition on a place: exactly one of `inside`, `intersects` (keys of map layers) or `clear_of`."""

    inside: Key | None = None
    intersects: Key | None = None
    clear_of: ClearOf | None = None
    message: Text | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "PlaceRule":
        if sum(part is not None for part in (self.inside, self.intersects, self.clear_of)) != 1:
            raise ValueError("inside、intersects、clear_of のどれか1つだけを書いてください。")
        return self

    @property
    def kind(self) -> Literal["inside", "intersects", "clear_of"]:
        """Which of the three conditions this is."""
        if self.inside is not None:
            return "inside"
        return "intersects" if self.intersects is not None else "clear_of"


class LookUp(StrictModel):
    """A property that a map layer gives for the place, seen in expressions as `<field>.<as>`.

    With a `type` expressions over it are checked when the definition is published; with `any` only when they run. `default`
    is its value where the layer has nothing at the place. Without one, a check or a fee that needs it stays undecided there.
    """

    layer: Key
    property: Annotated[str, Field(min_length=1, max_length=100)]
    as_: Id = Field(alias="as")
    type: LookUpType = "any"
    default: StrictBool | StrictInt | StrictFloat | StrictStr | None = None

    @model_validator(mode="after")
    def _default_is_of_its_type(self) -> "LookUp":
        kinds: dict[LookUpType, tuple[type, ...]] = {
            "bool": (bool,),
            "int": (int,),
            "double": (int, float),
            "string": (str,),
        }
        allowed = kinds.get(self.type)
        if self.default is None or allowed is None:
            return self
        if not isinstance(self.default, allowed) or (isinstance(self.default, bool) and self.type != "bool"):
            raise ValueError(f"default を、type({self.type})に合う値にしてください。")
        return self
