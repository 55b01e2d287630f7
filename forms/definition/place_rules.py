"""What a definition may say about a drawn place: where it must lie, and what the map tells about it."""

import builtins
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator

from forms.definition.strict_model import Id, Key, StrictModel
from forms.text.localized import Text

LookUpType = Literal["any", "bool", "int", "double", "string", "list"]
LayerRelation = Literal[
    "inside", "intersects", "touches", "outside", "covers", "nearer", "farther", "share", "length", "count"
]
Take = Literal["largest", "nearest", "all", "distance", "share", "area", "length", "count", "touches"]
PropertyName = Annotated[str, Field(min_length=1, max_length=100)]
PropertyValue = StrictBool | StrictInt | StrictFloat | StrictStr
PropertyValues = Annotated[tuple[PropertyValue, ...], Field(min_length=1, max_length=50)]
Metres = Annotated[float, Field(ge=0, le=20_000, allow_inf_nan=False)]

RELATIONS: Final[tuple[LayerRelation, ...]] = get_args(LayerRelation)
_WITHIN: Final = frozenset({"nearer", "farther", "count"})
_BOUNDED: Final = frozenset({"share", "length", "count"})


class ClearOf(StrictModel):
    """Other cases that a place must not overlap, in space and, with `during`, in time.

    `states` are workflow states of those cases. `during` names a date or date range field of this procedure.
    """

    procedure: Key
    states: tuple[Id, ...] = Field(min_length=1)
    during: Id | None = None


class PlaceRule(StrictModel):
    """One condition on a place: exactly one relation to a map layer (its key), or `clear_of`.

    `within` are the metres of nearer, farther and count; share (per cent), length (metres) and count keep between `at_least` and
    `at_most`. Of the layer only features count whose properties have one of the values in `only`, and, with `since` and `until` (names
    of properties with days), those that last at some time of `during`, a date or date range field. A `firm` rule holds a place back
    also where the applicant says that the map is wrong: the border of the city is not for an applicant to move.
    """

    inside: Key | None = None
    intersects: Key | None = None
    touches: Key | None = None
    outside: Key | None = None
    covers: Key | None = None
    nearer: Key | None = None
    farther: Key | None = None
    share: Key | None = None
    length: Key | None = None
    count: Key | None = None
    within: Metres | None = None
    at_least: Metres | None = None
    at_most: Metres | None = None
    only: dict[PropertyName, PropertyValues] = Field(default={}, max_length=5)
    since: PropertyName | None = None
    until: PropertyName | None = None
    during: Id | None = None
    clear_of: ClearOf | None = None
    firm: bool = False
    message: Text | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        written = [name for name in (*RELATIONS, "clear_of") if getattr(self, name) is not None]
        if len(written) != 1:
            raise ValueError(f"{'、'.join(RELATIONS)}、clear_of のどれか1つだけを書いてください。")
        return self

    @model_validator(mode="after")
    def _measured(self) -> Self:
        if (self.kind in _WITHIN - {"count"}) and self.within is None:
            raise ValueError(f"{self.kind} には、within に距離(m)を書いてください。")
        if self.within is not None and self.kind not in _WITHIN:
            raise ValueError(f"within は、nearer、farther、count だけに書けます。{self.kind} では消してください。")
        bounded = self.at_least is not None or self.at_most is not None
        if bounded != (self.kind in _BOUNDED):
            raise ValueError("at_least か at_most は、share、length、count に書き、ほかには書きません。")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("at_least を at_most より大きくしないでください。")
        return self

    @model_validator(mode="after")
    def _chosen_in_a_layer(self) -> Self:
        if self.clear_of is not None and (self.only or self.since or self.until or self.during):
            raise ValueError(
                "only、since、until、during は、地図の層の決まりに書きます。clear_of の期間は clear_of のなかに書きます。"
            )
        if (self.during is not None) != (self.since is not None or self.until is not None):
            raise ValueError(
                "図形の期間を比べるには、during と、since か until(日の項目)とをいっしょに書いてください。"
            )
        return self

    @model_validator(mode="after")
    def _of_a_layer(self) -> Self:
        if self.firm and self.clear_of is not None:
            raise ValueError("clear_of はいつも守るので、firm を消してください。")
        return self

    @property
    def kind(self) -> LayerRelation | Literal["clear_of"]:
        """Which of the conditions this is."""
        return next((name for name in RELATIONS if getattr(self, name) is not None), "clear_of")

    @property
    def layer(self) -> str | None:
        """The key of the layer that it is about; None for one about other cases."""
        return next((key for name in RELATIONS if (key := getattr(self, name)) is not None), None)

    @property
    def contestable(self) -> bool:
        """Whether the applicant's words against the map lift it."""
        return self.layer is not None and not self.firm

    @property
    def period(self) -> str | None:
        """The field with the time that it is about."""
        return self.clear_of.during if self.clear_of else self.during


_TAKEN_TYPES: Final[dict[Take, str]] = {
    "all": "list<string>",
    "distance": "double",
    "share": "double",
    "area": "double",
    "length": "double",
    "count": "int",
    "touches": "bool",
}
_WRITTEN: Final[dict[str, LookUpType]] = {"list<string>": "list", "double": "double", "int": "int", "bool": "bool"}
_BY_PROPERTY: Final = frozenset({"largest", "nearest", "all"})
_BY_DISTANCE: Final = frozenset({"nearest", "distance", "count"})


class LookUp(StrictModel):
    """What a map layer gives for the place, seen in expressions as `<field>.<as>`: a property, or with `take` another measure.

    With a `type` expressions over it are checked when the definition is published; with `any` only when they run. `default`
    is its value where the layer has nothing at the place. Without one, a check or a fee that needs it stays undecided there.
    `law` names the property that lists towns and numbers, which decides for a place with an address.
    """

    layer: Key
    property: PropertyName | None = None
    as_: Id = Field(alias="as")
    take: Take = "largest"
    within: Metres | None = None
    only: dict[PropertyName, PropertyValues] = Field(default={}, max_length=5)
    law: PropertyName | None = None
    type: LookUpType = "any"
    default: StrictBool | StrictInt | StrictFloat | StrictStr | None = None

    @builtins.property  # the field of that name hides it here
    def value_type(self) -> str:
        """The type of its value in expressions."""
        return _TAKEN_TYPES.get(self.take) or ("list<string>" if self.type == "list" else self.type)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.take in _BY_PROPERTY) != (self.property is not None):
            raise ValueError("property は、take が largest、nearest、all のときに書き、ほかには書きません。")
        if (self.take in _BY_DISTANCE) != (self.within is not None):
            raise ValueError("within(m)は、take が nearest、distance、count のときに書き、ほかには書きません。")
        if self.law is not None and self.take != "largest":
            raise ValueError("law は、take が largest のときだけ書けます。")
        taken = _TAKEN_TYPES.get(self.take)
        if self.type != "any" and taken is not None and self.type != _WRITTEN[taken]:
            raise ValueError(
                f"take: {self.take} の type は {_WRITTEN[taken]} です。type を消すか、そう書いてください。"
            )
        if self.type == "list" and taken is None:
            raise ValueError("type: list は、take: all のときだけ書けます。")
        return self

    @model_validator(mode="after")
    def _default_is_of_its_type(self) -> Self:
        if self.default is None:
            return self
        if self.take not in {"largest", "nearest", "distance"}:
            raise ValueError(f"take: {self.take} にはいつも値があるので、default を消してください。")
        kinds: dict[str, tuple[type, ...]] = {"bool": (bool,), "int": (int,), "double": (int, float), "string": (str,)}
        allowed = kinds.get(self.value_type)
        if allowed is None:
            return self
        if not isinstance(self.default, allowed) or (isinstance(self.default, bool) and self.value_type != "bool"):
            raise ValueError(f"default を、type({self.value_type})に合う値にしてください。")
        return self
