"""The shared vocabulary: items (questions asked once) and facts (what decides which procedures apply)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from ruamel.yaml import YAML

from forms.text.localized import Text

_HERE = Path(__file__).parent
_SHARED = frozenset({"items", "facts", "workflows"})


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(_Entry):
    """A question that means the same everywhere. `type` is the field type that asks it.

    `profile` says that the answer fills later forms of the same resident.
    """

    label: Text
    help: Text | None = None
    type: str
    profile: bool = False


class FactSource(_Entry):
    """The map layer that answers a fact for an address: a `property` of it, or whether it is there at all."""

    layer: str
    property: str | None = None


class Fact(_Entry):
    """Something that decides which procedures apply: a plain question to ask, or a map layer that knows.

    `question` is asked in words; `options` are the answers of a `choice` fact.
    """

    type: Literal["bool", "int", "string", "date", "choice"]
    question: Text | None = None
    help: Text | None = None
    options: dict[str, Text] = Field(default_factory=dict)
    from_map: FactSource | None = None

    @model_validator(mode="after")
    def _can_be_known(self) -> Self:
        if self.question is None and self.from_map is None:
            raise ValueError("事実には、たずねる文（question）か地図（from_map）が必要です。")
        if (self.type == "choice") != bool(self.options):
            raise ValueError("options は、type: choice の事実だけに書きます。")
        return self


def _document(name: str) -> dict[str, Any]:
    document: dict[str, Any] = YAML(typ="safe").load(_HERE / name)
    return document


@cache
def items() -> Mapping[str, Item]:
    """Every item by its name (`person.name`), in the order of `items.yaml`."""
    return MappingProxyType({name: Item.model_validate(entry) for name, entry in _document("items.yaml").items()})


@cache
def facts() -> Mapping[str, Fact]:
    """Every fact by its name (`has_dog`), in the order of `facts.yaml`, which breaks ties between questions."""
    return MappingProxyType({name: Fact.model_validate(entry) for name, entry in _document("facts.yaml").items()})


def procedure_files() -> list[Path]:
    """The definitions that come with Madoguchi, one file each."""
    return sorted(path for path in _HERE.glob("*.yaml") if path.stem not in _SHARED)
