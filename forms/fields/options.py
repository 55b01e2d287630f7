"""What questions offer to choose from: options that the definition writes, and those that it takes from elsewhere."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    Tag,
    model_validator,
)

from forms.definition.strict_model import Expression
from forms.fields.base import CelType, FieldId
from forms.text.localized import Text

OptionId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
OptionValue = StrictBool | StrictInt | StrictFloat | StrictStr
ColumnId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
ValueType = Literal["bool", "int", "double", "string"]

_CEL: dict[type, CelType] = {bool: "bool", int: "int", float: "double", str: "string"}
#: The value of an option under which its price is known.
PRICE = "price"


class Option(BaseModel):
    """One thing to choose. `values: {fee: 800}` is seen in expressions as `<field>.fee` when it is chosen.

    `price` in yen stands beside the label, and is seen as `<field>.price`. Where others of a question with one answer have one, an option
    without is one whose price the office tells: what depends on it is not decided. An option whose `show_when` does not hold is
    not offered.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: OptionId
    label: Text
    help: Text | None = None
    price: int | None = Field(None, ge=0, le=100_000_000)
    values: dict[FieldId, OptionValue] = Field(default_factory=dict)
    show_when: str | None = None

    @property
    def all_values(self) -> Mapping[str, OptionValue]:
        """What expressions see of the option, its price included."""
        return self.values if self.price is None else {**self.values, PRICE: self.price}


class FeatureValue(BaseModel):
    """A property of a map feature that expressions see as `<field>.<as>` when the feature is chosen."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    property: Annotated[str, Field(min_length=1, max_length=100)]
    as_: Annotated[ColumnId, Field(alias="as")]
    type: ValueType = "string"


class OptionsFrom(BaseModel):
    """Options that stand elsewhere: in a table, among the features of a map layer, or in the answers to a question of rows.

    Of a table `label`, `help`, `price` and `search` are columns, and the key is the id; all its columns are values. Of a layer
    they are properties, `id` among them, and `near` is the place question nearest to which comes first. `where` is a condition
    over the row and the other answers.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: ColumnId | None = None
    layer: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)] | None = None
    answers: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", max_length=81)] | None = None
    id: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    label: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    label_en: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    help: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    price: ColumnId | None = None
    search: tuple[ColumnId, ...] = Field(default=(), max_length=5)
    values: tuple[FeatureValue, ...] = Field(default=(), max_length=20)
    near: FieldId | None = None
    where: Expression | None = None

    @model_validator(mode="after")
    def _is_from_one_place(self) -> Self:
        sources = [name for name in ("table", "layer", "answers") if getattr(self, name) is not None]
        if len(sources) != 1:
            raise ValueError("options には、table、layer、answers のどれか1つを書いてください。")
        allowed = {
            "table": {"label", "label_en", "help", "price", "search", "where"},
            "layer": {"id", "label", "label_en", "help", "values", "near"},
            "answers": {"where"},
        }[sources[0]]
        empty = type(self).model_fields
        other = [name for name in empty if name not in allowed | {sources[0]} and getattr(self, name) not in (None, ())]
        if other:
            raise ValueError(f"{sources[0]} の選択肢に、{'、'.join(other)} は書けません。")
        if sources[0] == "layer" and (self.id is None or self.label is None):
            raise ValueError("layer の選択肢には、id と label に、地図の層の項目の名前を書いてください。")
        if sources[0] == "table" and self.label is None:
            raise ValueError("table の選択肢には、label に、名前の列を書いてください。")
        return self

    @property
    def group(self) -> str:
        """The question of rows whose answers are offered; empty for other sources."""
        return self.answers.partition(".")[0] if self.answers else ""


def _kind(value: Any) -> str:
    return "from" if isinstance(value, dict | OptionsFrom) else "written"


#: Beyond this options are kept in a table.
MAX_WRITTEN = 1000
Options = Annotated[
    Annotated[list[Option], Field(min_length=1, max_length=MAX_WRITTEN), Tag("written")]
    | Annotated[OptionsFrom, Tag("from")],
    Discriminator(_kind),
]


def ids_differ(options: Sequence[Option]) -> Sequence[Option]:
    """Reject two options with one id."""
    seen: set[str] = set()
    for option in options:
        if option.id in seen:
            raise ValueError(f"選択肢 {option.id} が2回あります。")
        seen.add(option.id)
    return options


def value_types(options: Sequence[Option], *, some_unpriced: bool = False) -> dict[str, CelType]:
    """CEL types of the options' values. Every option must give the same names with the same types; with `some_unpriced` not every one a price."""
    for option in options:
        if option.price is not None and PRICE in option.values:
            raise ValueError(f"選択肢 {option.id} の price は、values と両方には書けません。")
    given = [option.values if some_unpriced else option.all_values for option in options]
    types = {name: _CEL[type(value)] for name, value in given[0].items()}
    for option, values in zip(options[1:], given[1:], strict=True):
        if {name: _CEL[type(value)] for name, value in values.items()} != types:
            raise ValueError(
                f"選択肢 {option.id} の values と price は、{options[0].id} と同じ名前と型にしてください。"
            )
    return types | {PRICE: "int"} if any(option.price is not None for option in options) else types
