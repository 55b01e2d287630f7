"""The shared vocabulary: items (questions asked once), facts (what decides which procedures apply) and the roles of staff.

Its base comes with Madoguchi; a city adds entries of its own and may word those of the base in its own way.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from common.roles import ROLES
from forms.definition.place_rules import Metres
from forms.definition.source import read_source
from forms.text.localized import Text

CATALOGUE: Final = Path(__file__).parent
_SHARED = frozenset({"items", "facts", "windows", "workflows"})
#: What a question is called, and when it is asked, each procedure says itself.
_NOT_OF_AN_ITEM = frozenset({"id", "type", "item", "label", "help", "show_when", "required_when", "default", "fields"})


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Topic = Literal["who", "where", "when", "household", "children"]
"""What a shared question is about, in the order in which people think of it."""


class Item(_Entry):
    """A question that means the same everywhere. `type` is the field type that asks it.

    `profile` says that the answer fills later forms of the same resident, `topic` on which page it is asked where several
    procedures are applied for together. There it asks the same as the item `same_as`, if that is asked too: who moves lives at the
    new address. A point that is the `place_of` an address of another item begins with what a plan knows of that. `question` are the settings
    of a question that writes the item and no type; `sample` is what somebody could answer, for examples that do not care.
    """

    label: Text
    help: Text | None = None
    type: str
    question: dict[str, JsonValue] = Field(default_factory=dict)
    sample: JsonValue = None
    profile: bool = False
    topic: Topic | None = None
    same_as: str | None = None
    place_of: str | None = None

    @model_validator(mode="after")
    def _question_has_settings_of_its_own(self) -> Self:
        if unusable := sorted(_NOT_OF_AN_ITEM & self.question.keys()):
            raise ValueError(f"question に {'、'.join(unusable)} は書けません。それぞれの手続きで書きます。")
        return self

    def reworded(self, own: "Item") -> "Item":
        """The item as a city words it: what shapes the question stays where the city writes nothing of it."""
        if own.type != self.type:
            return own
        kept = {name: getattr(self, name) for name in ("question", "sample") if not getattr(own, name)}
        return own.model_copy(update=kept)


class FactSource(_Entry):
    """The map layer that answers a fact for an address: a `property` of it, or whether the address lies there at all.

    `at` is the fact of type `place` whose answer is that address. The property is that of the feature which is there, or with `within`
    that of the nearest in so many metres; without one the fact says whether a feature is there, or with `within` so near. Only features
    count whose properties have one of the values in `only`. `law` names the property that lists towns and numbers. What does not `asks` is told
    where the address is known, and nobody is asked for an address for its sake.
    """

    layer: str
    property: str | None = None
    at: str | None = None
    within: Metres | None = None
    only: dict[str, tuple[bool | int | float | str, ...]] = Field(default_factory=dict)
    law: str | None = None
    asks: bool = True

    @model_validator(mode="after")
    def _law_is_of_a_property(self) -> Self:
        if self.law is not None and (self.property is None or self.within is not None):
            raise ValueError("from_map の law は、property といっしょに、within なしで書きます。")
        return self


class AccountSource(_Entry):
    """What somebody's account says of a fact of yes or no: that a `case` of that procedure came to its good end, or that they keep an `item`.

    With `aged_from` and `born_within_years` an item of rows counts while somebody in them is that old, and was born so few years ago.
    It only says yes; else one is asked.
    """

    case: str | None = None
    item: str | None = None
    born_within_years: int | None = Field(default=None, ge=1, le=130)
    aged_from: int | None = Field(default=None, ge=1, le=130)

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.case is None) == (self.item is None):
            raise ValueError("from_account には、case か item のどちらか1つを書きます。")
        if (self.born_within_years or self.aged_from) and self.item is None:
            raise ValueError("born_within_years と aged_from は、item といっしょに書きます。")
        return self


class Fact(_Entry):
    """Something that decides which procedures apply: a plain question to ask, or a map layer that knows.

    `question` is asked in words, `label` names it in lists; `options` are the answers of a `choice` fact. `because` says each answer
    as part of a reason (「犬を飼っている」): `yes` and `no`, the options, or `known` for other types.
    `asked_when` is CEL over other facts: where it does not hold, the fact does not arise and is not asked. `computed` is CEL too: a
    fact of type bool that follows from others, or from the calendar, and is asked of nobody.
    Questions of yes or no with the same `asked_with` are asked on one page, where one ticks what is so.
    A place `fills` the shared item of an address as far as it is known: prefecture, city and town.
    """

    type: Literal["bool", "int", "string", "date", "choice", "place"]
    label: Text | None = None
    question: Text | None = None
    help: Text | None = None
    options: dict[str, Text] = Field(default_factory=dict)
    because: dict[str, Text] = Field(default_factory=dict)
    asked_with: str | None = Field(default=None, pattern="^[a-z][a-z0-9_]*$", max_length=60)
    asked_when: str | None = Field(default=None, min_length=1, max_length=2000)
    computed: str | None = Field(default=None, min_length=1, max_length=2000)
    from_map: FactSource | None = None
    from_account: AccountSource | None = None
    fills: str | None = None

    @model_validator(mode="after")
    def _can_be_known(self) -> Self:
        if self.computed is not None and (self.question or self.from_map or self.type != "bool"):
            raise ValueError("computed は、type: bool の事実に、question や from_map なしで書きます。")
        if self.from_account is not None and (self.type != "bool" or self.question is None):
            raise ValueError("from_account は、type: bool で question のある事実だけに書きます。")
        if self.fills is not None and self.type != "place":
            raise ValueError("fills は、type: place の事実だけに書きます。")
        if self.asked_with is not None and (self.type != "bool" or self.label is None):
            raise ValueError("asked_with は、type: bool で label のある事実だけに書きます。")
        if self.question is None and self.from_map is None and self.computed is None:
            raise ValueError("事実には、たずねる文（question）、地図（from_map）、式（computed）のどれかが必要です。")
        if self.from_map is not None and self.question is None and self.from_map.at is None:
            raise ValueError("地図だけが答える事実には、住所をたずねる事実（from_map の at）が必要です。")
        if (self.type == "choice") != bool(self.options):
            raise ValueError("options は、type: choice の事実だけに書きます。")
        if unknown := self.because.keys() - self.reasons:
            listed = "、".join(sorted(unknown))
            raise ValueError(f"because に「{listed}」は書けません。使えるのは {'、'.join(self.reasons)} です。")
        return self

    @property
    def reasons(self) -> tuple[str, ...]:
        """The keys that `because` may have."""
        if self.type == "bool":
            return ("yes", "no")
        return tuple(self.options) or ("known",)


def _document(name: str) -> dict[str, Any]:
    return read_source((CATALOGUE / name).read_bytes()).tree


@dataclass(frozen=True)
class Vocabulary:
    """The words that the definitions of a city share: items and facts by name, and what each role of its staff is called.

    The order of the facts breaks ties between questions that settle equally many procedures: those of the base first, then the
    city's own. `own_items`, `own_facts` and `own_roles` are the names of the entries that the city wrote itself.
    """

    items: Mapping[str, Item]
    facts: Mapping[str, Fact]
    own_items: frozenset[str] = frozenset()
    own_facts: frozenset[str] = frozenset()
    roles: Mapping[str, str] = field(default_factory=lambda: ROLES)
    own_roles: frozenset[str] = frozenset()

    def with_own(self, items: Mapping[str, Item], facts: Mapping[str, Fact], roles: Mapping[str, str]) -> "Vocabulary":
        """This vocabulary with a city's entries. One of a name that is there already takes its place."""
        return Vocabulary(
            MappingProxyType(
                {**self.items}
                | {name: self.items[name].reworded(own) if name in self.items else own for name, own in items.items()}
            ),
            MappingProxyType({**self.facts, **facts}),
            self.own_items | items.keys(),
            self.own_facts | facts.keys(),
            MappingProxyType({**self.roles, **roles}),
            self.own_roles | roles.keys(),
        )

    def own(self, names: Collection[str]) -> dict[str, dict[str, Any]]:
        """The city's own entries of these names as plain data, which `vocabulary_of` reads."""
        kinds: tuple[tuple[str, Mapping[str, _Entry], frozenset[str]], ...] = (
            ("items", self.items, self.own_items),
            ("facts", self.facts, self.own_facts),
        )
        own: dict[str, dict[str, Any]] = {
            kind: {
                name: entry.model_dump(mode="json", exclude_defaults=True)
                for name, entry in entries.items()
                if name in written and name in names
            }
            for kind, entries, written in kinds
        }
        own["roles"] = {name: title for name, title in self.roles.items() if name in self.own_roles and name in names}
        return {kind: entries for kind, entries in own.items() if entries}


@cache
def shipped() -> Vocabulary:
    """The vocabulary that comes with Madoguchi, in the order of `items.yaml` and `facts.yaml`."""
    return Vocabulary(
        MappingProxyType({name: Item.model_validate(entry) for name, entry in _document("items.yaml").items()}),
        MappingProxyType({name: Fact.model_validate(entry) for name, entry in _document("facts.yaml").items()}),
    )


def vocabulary_of(own: Mapping[str, Mapping[str, Any]]) -> Vocabulary:
    """The vocabulary of a city whose own entries are `own` (`{"items": {…}, "facts": {…}, "roles": {…}}`).

    Raises ValueError for a faulty entry.
    """
    items = {name: Item.model_validate(entry) for name, entry in own.get("items", {}).items()}
    facts = {name: Fact.model_validate(entry) for name, entry in own.get("facts", {}).items()}
    roles = {name: str(title) for name, title in own.get("roles", {}).items()}
    return shipped().with_own(items, facts, roles) if items or facts or roles else shipped()


def procedure_files() -> list[Path]:
    """The definitions that come with Madoguchi, one file each, in folders by life event."""
    return sorted(path for path in CATALOGUE.rglob("*.yaml") if path.stem not in _SHARED)
