"""What can be found: the procedures that the city offers, its windows, its departments, and a person to ask."""

import re
import weakref
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from forms import Definition
from forms.catalogue.windows import Window
from forms.definition.procedure import questions_in
from forms.fields.offering import OffersOptions
from forms.text.localized import Text
from portal.identity import Department
from portal.search.index import Entry

_ENDING = re.compile("(の事前入力|の(認定)?請求|の(交付|支給)?申請|の(提出|届出)|の申込|申請|の交付)$")
_READ = re.compile(r"[㐀-鿿豈-﫿々]+[（(]([ぁ-んァ-ヶー]+)[)）]")
_WITHOUT_READINGS = re.compile(r"[（(][ぁ-んァ-ヶー]+[)）]")
PERSON = "person"
_made: dict[int, Entry] = {}
_NAMED = {"window": "life:", "department": "office:"}


class ShippedWords(BaseModel):
    """What the search knows of how people ask, besides the words of procedures and of the city."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    little: tuple[str, ...]
    asking: dict[str, tuple[str, ...]]
    person: tuple[str, ...]
    synonyms: tuple[tuple[str, ...], ...]


@cache
def shipped_words() -> ShippedWords:
    """The words that come with Madoguchi."""
    return ShippedWords.model_validate(YAML(typ="safe").load(Path(__file__).with_name("words.yaml")))


def entries(
    definitions: Iterable[Definition], windows: Iterable[Window], departments: Iterable[Department] = ()
) -> list[Entry]:
    """Everything that can be found, in the order given."""
    return [
        *(_procedure(definition) for definition in definitions),
        *(_window(window) for window in windows),
        *(Entry("department", department.key, tuple(department.title.values())) for department in departments),
        Entry("person", PERSON, shipped_words().person),
    ]


def name_of(entry: Entry) -> str:
    """How an entry is named in files of queries: a procedure by its key, a window as `life:KEY`, a department as `office:KEY`, a person as `person`."""
    return _NAMED.get(entry.kind, "") + entry.key


def _procedure(definition: Definition) -> Entry:
    """The entry of a definition, kept as long as that is: definitions never change, and are read at every search."""
    number = id(definition)
    if number not in _made:
        _made[number] = _entry_of(definition)
        weakref.finalize(definition, _made.pop, number, None).atexit = False
    return _made[number]


def _entry_of(definition: Definition) -> Entry:
    return Entry(
        "procedure",
        definition.procedure,
        titles=tuple(_titles(definition.title)),
        names=definition.search_words,
        summary=tuple(_said(definition.summary)),
        details=tuple(_details(definition)),
        choices=tuple(_choices(definition)),
    )


def _window(window: Window) -> Entry:
    return Entry(
        "window", window.key, tuple(_titles(window.title)), window.words, summary=tuple(_said(window.examples))
    )


def _details(definition: Definition) -> Iterator[str]:
    """What is asked and what is brought along."""
    for thing in definition.routing.bring if definition.routing else ():
        yield from _said(thing)
    for step in definition.steps:
        yield from _said(step.title)
    for question in definition.fields.values():
        yield question.label_in("ja")
    for office in definition.offices:
        yield from _said(office.name)


def _choices(definition: Definition) -> Iterator[str]:
    """What can be chosen at its own questions, in Japanese as these are; what every form asks alike (the prefecture) says nothing about one."""
    for field in definition.fields.values():
        for question in questions_in(field):
            if isinstance(question, OffersOptions) and question.item is None:
                yield from (option.label.ja for option in question.written_options)


def _titles(title: Text) -> Iterator[str]:
    """A title in every language, and in Japanese without what most titles end with, the names in it one by one, and as it is read."""
    yield from _said(title)
    for part in re.split("[・、（）()／]", title.ja):
        yield _ENDING.sub("", part)
    if easy := title.root.get("ja-easy"):
        yield from (_READ.sub(r"\1", part) for part in re.findall(r"（(.+?)）$", easy) or [easy])


def _said(text: Text | None) -> Sequence[str]:
    """A text in every language; やさしい日本語 without its readings in brackets."""
    return [_WITHOUT_READINGS.sub("", said) for said in text.root.values()] if text is not None else []
