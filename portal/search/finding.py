"""One search in a city: what is offered, the windows, the departments and the city's own words, put together and asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session

from forms.catalogue.windows import Window
from portal.core.tenancy import City
from portal.identity import Department, list_departments
from portal.procedures import Offer, offers, windows_in_force
from portal.search.entries import entries, shipped_words
from portal.search.index import MAX_QUERY, Entry, Hit, Index
from portal.search.synonyms import synonyms
from writing.folding import SEARCH


@dataclass(frozen=True)
class SearchResult:
    """What a query means, best first in each list. `hits` are all of it in one order; `topics` are what is asked about a procedure
    (`fee`, `bring`, `deadline`, `days`, `where`); `person`: whether somebody to ask is what is looked for.
    """

    hits: Sequence[Hit]
    procedures: Sequence[Offer]
    windows: Sequence[Window]
    departments: Sequence[Department]
    topics: Sequence[str]
    person: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing but a person is there."""
        return not (self.procedures or self.windows or self.departments)


def find(session: Session, city: City, query: str) -> SearchResult:
    """What a query means in a city."""
    offered, windows, departments = offers(session), windows_in_force(session), list_departments(session)
    groups = (*shipped_words().synonyms, *(tuple(group.words) for group in synonyms(session)))
    findable = entries([offer.definition for offer in offered], windows, departments)
    hits = _index(tuple(findable), groups).search(
        query, ignored=(city.name, city.name.removesuffix(city.name[-1]), city.name_en)
    )
    by_key = {offer.key: offer for offer in offered}
    by_window = {window.key: window for window in windows}
    by_department = {department.key: department for department in departments}
    return SearchResult(
        hits,
        [by_key[hit.entry.key] for hit in hits if hit.entry.kind == "procedure"],
        [by_window[hit.entry.key] for hit in hits if hit.entry.kind == "window"],
        [by_department[hit.entry.key] for hit in hits if hit.entry.kind == "department"],
        questions_in(query),
        any(hit.entry.kind == "person" for hit in hits),
    )


def questions_in(query: str) -> list[str]:
    """What a query asks about a procedure: its fee, what to bring, until when, how long, where."""
    folded = SEARCH(query[:MAX_QUERY])
    return [
        about for about, phrases in shipped_words().asking.items() if any(_in(SEARCH(text), folded) for text in phrases)
    ]


def _in(phrase: str, folded: str) -> bool:
    return f" {phrase} " in f" {folded} " if phrase.isascii() else phrase in folded


@lru_cache(maxsize=16)
def _index(findable: tuple[Entry, ...], groups: tuple[tuple[str, ...], ...]) -> Index:
    """The index of what can be found; it holds for exactly this, so nothing of it can be out of date."""
    return Index(findable, groups, shipped_words().little)
