"""The windows of the first page: moments of life by which people look for a procedure. A city may keep its own."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter
from ruamel.yaml import YAML

from forms.catalogue.vocabulary import CATALOGUE
from forms.definition.procedure import Definition, Kind
from forms.text.localized import Text

Picture = Literal["moving", "child", "mourning", "marriage", "disaster", "home", "road", "certificate"]
PICTURES: Final[tuple[Picture, ...]] = get_args(Picture)
#: More windows than this are a list, and no first page.
MAX_WINDOWS: Final = 24

_Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
_Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
_Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


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


WINDOWS: Final = TypeAdapter(tuple[Window, ...])


@cache
def shipped_windows() -> Sequence[Window]:
    """The windows that come with Madoguchi, in their order."""
    document = YAML(typ="safe").load(CATALOGUE / "windows.yaml")
    return WINDOWS.validate_python([{"key": key, **window} for key, window in document.items()])
