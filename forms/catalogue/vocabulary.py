"""The shared vocabulary: items (questions asked once) and facts (what decides which procedures apply).

Its base comes with Madoguchi; a city adds entries of its own and may word those of the base in its own way.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Vocabulary:
    """The words that the definitions of a city share: items and facts by name.

    The order of the facts breaks ties between questions that settle equally many procedures: those of the base first, then the
    city's own. `own_items` and `own_facts` are the names of the entries that the city wrote itself.
    """

    items: Mapping[str, Item]
    facts: Mapping[str, Fact]
    own_items: frozenset[str] = frozenset()
    own_facts: frozenset[str] = frozenset()

    def with_own(self, items: Mapping[str, Item], facts: Mapping[str, Fact]) -> "Vocabulary":
        """This vocabulary with a city's entries. One of a name that is there already takes its place."""
        return Vocabulary(
            MappingProxyType({**self.items, **items}),
            MappingProxyType({**self.facts, **facts}),
            self.own_items | items.keys(),
            self.own_facts | facts.keys(),
        )

    def own(self, names: Collection[str]) -> dict[str, dict[str, Any]]:
        """The city's own entries of these names as plain data, which `vocabulary_of` reads."""
        kinds: tuple[tuple[str, Mapping[str, _Entry], frozenset[str]], ...] = (
            ("items", self.items, self.own_items),
            ("facts", self.facts, self.own_facts),
        )
        own = {
            kind: {
                name: entry.model_dump(mode="json", exclude_defaults=True)
                for name, entry in entries.items()
                if name in written and name in names
            }
            for kind, entries, written in kinds
        }
        return {kind: entries for kind, entries in own.items() if entries}


@cache
def shipped() -> Vocabulary:
    """The vocabulary that comes with Madoguchi, in the order of `items.yaml` and `facts.yaml`."""
    return Vocabulary(
        MappingProxyType({name: Item.model_validate(entry) for name, entry in _document("items.yaml").items()}),
        MappingProxyType({name: Fact.model_validate(entry) for name, entry in _document("facts.yaml").items()}),
    )


def vocabulary_of(own: Mapping[str, Mapping[str, Any]]) -> Vocabulary:
    """The vocabulary of a city whose own entries are `own` (`{"items": {…}, "facts": {…}}`). Raises ValueError for a faulty entry."""
    items = {name: Item.model_validate(entry) for name, entry in own.get("items", {}).items()}
    facts = {name: Fact.model_validate(entry) for name, entry in own.get("facts", {}).items()}
    return shipped().with_own(items, facts) if items or facts else shipped()


def procedure_files() -> list[Path]:
    """The definitions that come with Madoguchi, one file each."""
    return sorted(path for path in _HERE.glob("*.yaml") if path.stem not in _SHARED)
