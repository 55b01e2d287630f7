"""The windows of the first page: moments of life by which people look for a procedure. A city may keep its own."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Annotated, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter
from ruamel.yaml import YAML

from forms.catalogue.vocabulary import CATALOGUE
from forms.definition.procedure import Definition, Kind
from forms.text.localized import Text
from writing.folding import SEARCH

Picture = Literal["moving", "child", "mourning", "marriage", "disaster", "home", "road", "certificate"]
PICTURES: Final[tuple[Picture, ...]] = get_args(Picture)
#: More windows than this are a list, and no first page.
MAX_WINDOWS: Final = 24

_Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
_Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
_Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
_NAMES = re.compile("[・·、]")
"""What stands between the names in one title: 出産・子育て."""


class Window(BaseModel):
    """A moment of life. Its procedures name one of its `life_events` in `routing`, or are of its `kinds`.

    `facts` is what is known of whoever comes by it; `words` is what people say when it has happened, besides the title.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: _Key
    title: Text
    examples: Text
    picture: Picture
    life_events: tuple[_Name, ...] = ()
    kinds: tuple[Kind, ...] = ()
    facts: Mapping[_Name, bool] = Field(default_factory=dict)
    words: tuple[_Word, ...] = Field(default=(), max_length=100)

    def holds(self, definition: Definition) -> bool:
        """Whether a procedure stands behind this window."""
        named = definition.routing.life_events if definition.routing else ()
        return definition.kind in self.kinds or not set(self.life_events).isdisjoint(named)

    def is_named_in(self, folded: str) -> bool:
        """Whether a query, folded for searching, speaks of this moment, by its title in any language or by what people say."""
        titles = (name for title in self.title.root.values() for name in _NAMES.split(title))
        return any(SEARCH(word) in folded for word in (*titles, *self.words))


WINDOWS: Final = TypeAdapter(tuple[Window, ...])


def windows_named(windows: Iterable[Window], query: str) -> list[Window]:
    """The windows of which a query speaks."""
    folded = SEARCH(query[:100])
    return [window for window in windows if folded and window.is_named_in(folded)]


@cache
def shipped_windows() -> Sequence[Window]:
    """The windows that come with Madoguchi, in their order."""
    document = YAML(typ="safe").load(CATALOGUE / "windows.yaml")
    return WINDOWS.validate_python([{"key": key, **window} for key, window in document.items()])
