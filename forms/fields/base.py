"""What every field type is: one question, its settings, and how its answer is read, checked, shown and seen by CEL."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Protocol, Self, TypedDict

from pydantic import (
    BaseModel,
    ConfigDict,
    JsonValue,
    PrivateAttr,
    StrictBool,
    StrictFloat,
    StrictInt,
    StringConstraints,
    model_validator,
)

from common.geometry import Position
from common.plane import Plane, planes_at
from forms.catalogue.vocabulary import Item, Vocabulary, shipped
from forms.fields.day_offer import DayRule
from forms.fields.details import Details
from forms.fields.path import joined
from forms.fields.picture import Picture
from forms.fields.reader import FormReader
from forms.text.addresses import HomeCity
from forms.text.localized import Text
from forms.text.messages import message

FieldId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
CelType = Literal["bool", "int", "double", "string", "timestamp", "list<string>"]


@dataclass(frozen=True)
class FieldError:
    """One thing to correct in an answer.

    `code` names a text of `messages.yaml`; `values` fill its braces. `path` says where inside the field it is
    (`""` the field itself, `family`, `0.kind`). `text` holds the definition's own words where it has some.
    """

    code: str
    path: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)
    text: Text | None = None

    def message(self, language: str) -> str:
        """What the resident reads: how to fix it, in `language`."""
        return self.text.for_language(language) if self.text else message(self.code, language, **self.values)

    def under(self, part: str) -> "FieldError":
        """The same error seen from the field that holds this one as `part`."""
        return FieldError(self.code, joined(part, self.path), self.values, self.text)


@dataclass(frozen=True)
class Reading:
    """What was read from a posted form: a canonical value (None = nothing usable) and what to correct.

    `shown` has, for a field of rows, the conditional questions that the rows show as far as their answers go (`0.other`,
    with the number that the row has in the form), whether the whole is valid or not. `rows` are those numbers for each row of the
    value, `sound` what is valid in each of them, even where the whole is not, and `unfinished` those that have something to correct.
    `inner_rows` are such numbers of the groups in its rows, by their paths in the form (`2.schools`).
    """

    value: JsonValue = None
    errors: tuple[FieldError, ...] = ()
    shown: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    sound: JsonValue = None
    unfinished: frozenset[int] = frozenset()
    inner_rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


Rows = Sequence[Mapping[str, JsonValue]]


def _all_of(group: "FieldType", rows: Rows, number: int) -> "Sequence[FieldType]":  # noqa: ARG001 - the signature of `shown_in_row`
    fields: Sequence[FieldType] = getattr(group, "fields", ())
    return fields


def _nothing_of_its_own(group: "FieldType", rows: Rows, number: int) -> None:  # noqa: ARG001 - the signature of `in_row`
    return None


def _no_rule_of_days(question: "FieldType") -> None:  # noqa: ARG001 - the signature of `day_rule`
    return None


def _withholds_nothing(question: "FieldType", option: Any) -> bool:  # noqa: ARG001 - the signature of `withholds`
    return False


Side = Literal["near", "north", "east", "south", "west"]
"""A side of a road: the one that is nearer to a place, or the one in a direction."""


class Features(Protocol):
    """The city's map: features of its layers as options, what lies at a place, and how a road runs there."""

    def name_near(self, position: Position) -> str:
        """What a place is called after what is nearest: 曙町二丁目17番. Empty where the map knows no name."""

    def strip(
        self, question: Any, position: Position, length: float, width: float, side: Side
    ) -> list[Position] | None:
        """The ring of a strip (metres) along a side of the road at a position, of the roads that the rules of a place speak of; None where
        there is none.
        """

    def find(self, question: Any, option_id: str) -> Any | None:
        """The option of an id; None where the layer has none."""

    def search(self, question: Any, text: str, most: int, near: Mapping[str, Any] | None) -> Sequence[Any]:
        """The best options for what was typed, those nearest to a drawn place first."""


class StoredFile(TypedDict):
    """A stored file as an answer refers to it; size in bytes."""

    id: str
    name: str
    size: int
    media_type: str


@dataclass(frozen=True)
class ReadContext:
    """What an answer is judged against besides the field itself.

    `shown_in_row(group, rows, number)` gives the questions that one of a group's rows asks, as far as the answers go; the
    evaluator gives it, and without one every question of a row shows; `in_row` what the questions of one row are judged against, where
    that is something else. `files` are the
    stored files that this applicant may refer to, by id: a posted form only names them. `plane` is the system in which the
    city measures; without a city (a definition being tried) a place is measured in the one made for where it lies. `home` is that
    city as addresses name it.

    `withholds(question, option)` says that a condition keeps an option from being offered, `row_options(question)` gives those that
    answers to other questions are; the evaluator gives both. `features` are those of the city's map, as far as it can be asked, and `answers` those
    to other questions, as far as they go. `day_rule(question)` says which weekdays answers leave to a question that offers days, with the words
    of the definition; the evaluator gives it, and without one only what the question itself says holds.
    """

    today: date
    language: str = "ja"
    shown_in_row: Callable[["FieldType", Rows, int], "Sequence[FieldType]"] = _all_of
    files: Mapping[str, "StoredFile"] = field(default_factory=dict)
    plane: Plane | None = None
    home: HomeCity = field(default_factory=HomeCity)
    in_row: Callable[["FieldType", Rows, int], "ReadContext | None"] = _nothing_of_its_own
    withholds: Callable[["FieldType", Any], bool] = _withholds_nothing
    row_options: Callable[["FieldType"], Sequence[Any]] | None = None
    day_rule: Callable[["FieldType"], DayRule | None] = _no_rule_of_days
    features: Features | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)

    def within(self, group: "FieldType", rows: Rows, number: int) -> "ReadContext":
        """What the questions in one row of a group are judged against."""
        return self.in_row(group, rows, number) or self

    def plane_at(self, position: Position) -> Plane:
        """The plane in which something at this place is measured."""
        return self.plane or planes_at(*position)[0]


class FieldType(BaseModel):
    """One question of a procedure. A subclass adds `type: Literal["…"]`, its own settings and its behaviour."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: False for a field that asks nothing and so has no answer (`statement`).
    is_question: ClassVar[bool] = True
    #: True for a field whose answer is a place; `geo` measures it and gives its facts.
    is_place: ClassVar[bool] = False
    #: False for a field that people must answer themselves: a signature, a file.
    takes_default: ClassVar[bool] = True
    #: The message of `messages.yaml` for a question left empty: whether to write, to choose or to add.
    missing_code: ClassVar[str] = "required"

    id: FieldId
    type: str
    label: Text | None = None
    help: Text | None = None
    details: Details | None = None
    picture: Picture | None = None
    required: bool = True
    required_when: str | None = None
    default: StrictBool | StrictInt | StrictFloat | str | None = None
    read_only: bool = False
    item: str | None = None
    show_when: str | None = None
    sensitive: bool = False

    #: The shared item as the city words it; without one it is the item that comes with Madoguchi.
    _item: Item | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _demanded_by_condition(cls, data: Any) -> Any:
        """With `required_when` the condition alone says whether an answer is demanded."""
        if not isinstance(data, dict) or data.get("required_when") is None:
            return data
        if data.get("required") is True:
            raise ValueError("required と required_when は、どちらか1つだけを書いてください。")
        return {**data, "required": False}

    @model_validator(mode="after")
    def _default_is_possible(self) -> Self:
        if self.default is not None and not self.takes_default:
            raise ValueError("この種類の質問には、default を書けません。")
        if self.read_only and self.default is None:
            raise ValueError("read_only の質問には、default に値の決め方を書いてください。")
        return self

    def take_item(self, vocabulary: Vocabulary) -> None:
        """Take the shared item from a city's vocabulary."""
        self._item = vocabulary.items.get(self.item) if self.item is not None else None

    def demanded(self) -> "FieldType":
        """The same question where an answer is demanded."""
        return self if self.required else self.model_copy(update={"required": True})

    @abstractmethod
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        """Read posted strings into a canonical value. Never raises, whatever was posted."""

    @abstractmethod
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        """Return the errors of a canonical value, which may be imported or from an old draft. Never raises, whatever the value."""

    def normalized(self, value: Any, context: ReadContext) -> Any:  # noqa: ARG002 - fields with options use it
        """A canonical value for one that an example or an import writes shorter."""
        return value

    def taken(self, value: Any) -> Any:
        """What this question takes of an answer that was given to a wider one of its type."""
        return value

    @abstractmethod
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        """What the HTML inputs hold for a canonical value: part (`""`, `family`, `0.kind`) -> text."""

    @abstractmethod
    def show(self, value: JsonValue, language: str) -> str:
        """Return the answer as text for the review page, the desk and documents."""

    def cel_types(self) -> dict[str, CelType]:
        """CEL variables of this field: `""` is the value itself, `months` is seen as `<id>.months`."""
        return {}

    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG002 - fields with facts use it
        """The variables of `cel_types` for one answer; unknown values are left out."""
        return {}

    def label_in(self, language: str) -> str:
        """Return the question's own label, else that of its item, else its id."""
        text = self.label
        if text is None and self.item is not None:
            item = self._item or shipped().items.get(self.item)
            text = item.label if item else None
        return text.for_language(language) if text else self.id

    def missing(self) -> list[FieldError]:
        """Return the errors of an absent answer: one if the question must be answered."""
        return [FieldError(self.missing_code)] if self.required else []

    def absent(self) -> Reading:
        """The reading of a field left empty."""
        return Reading(None, tuple(self.missing()))
