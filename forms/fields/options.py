"""Options that `choice` and `choices` offer, each with the values that fees and rules may use."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from forms.fields.base import CelType, FieldId
from forms.text.localized import Text

OptionId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
OptionValue = StrictBool | StrictInt | StrictFloat | StrictStr

_CEL: dict[type, CelType] = {bool: "bool", int: "int", float: "double", str: "string"}


class Option(BaseModel):
    """One thing to choose. `values: {fee: 800}` is seen in expressions as `<field>.fee` when it is chosen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: OptionId
    label: Text
    help: Text | None = None
    values: dict[FieldId, OptionValue] = Field(default_factory=dict)


def ids_differ(options: Sequence[Option]) -> Sequence[Option]:
    """Reject two options with one id."""
    seen: set[str] = set()
    for option in options:
        if option.id in seen:
            raise ValueError(f"選択肢 {option.id} が2回あります。")
        seen.add(option.id)
    return options


def value_types(options: Sequence[Option]) -> dict[str, CelType]:
    """CEL types of the options' values. Every option must give the same names with the same types."""
    types = {name: _CEL[type(value)] for name, value in options[0].values.items()}
    for option in options[1:]:
        if {name: _CEL[type(value)] for name, value in option.values.items()} != types:
            raise ValueError(f"選択肢 {option.id} の values は、{options[0].id} と同じ名前と型にしてください。")
    return types
