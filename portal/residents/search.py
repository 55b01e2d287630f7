"""Finding a procedure by the words people use: width, case, kana and okurigana make no difference, synonyms come from the definition."""

import re
from collections.abc import Iterable
from functools import lru_cache

from forms import Definition
from portal.procedures.queries import Offer
from writing.folding import SEARCH

_KANA = re.compile(r"[ァ-ヺー]+")
_READING = re.compile(r"[㐀-鿿豈-﫿々]+\(([ぁ-んァ-ヶー]+)\)")
_LONGEST = 100

_TITLE, _SYNONYM, _BODY = 3, 2, 1


def fold(text: str) -> str:
    """A text as it is compared, see `writing.folding.SEARCH`."""
    return SEARCH(text)


def skeleton(text: str) -> str:
    """What is left of a folded text without kana: 引っ越し and 引越し are both 引越."""
    return _KANA.sub("", text).replace(" ", "")


def search(offers: Iterable[Offer], query: str) -> list[Offer]:
    """The procedures in which every word of the query is found, best first; all of them for an empty query."""
    if not query.strip():
        return list(offers)
    terms = fold(query[:_LONGEST]).split()
    scored = [(_score(offer.definition, terms), offer) for offer in offers]
    found = [entry for entry in scored if entry[0]]
    return [offer for _score_, offer in sorted(found, key=lambda entry: -entry[0])]


def _score(definition: Definition, terms: list[str]) -> int:
    """The sum of the best place of each term; 0 as soon as one is found nowhere, or when there is none."""
    places = (
        (_TITLE, _said(definition.title)),
        (_SYNONYM, definition.search_words),
        (_BODY, _said(definition.summary)),
    )
    total = 0
    for term in terms:
        bare = skeleton(term)
        best = max((weight for weight, texts in places if any(_holds(text, term, bare) for text in texts)), default=0)
        if not best:
            return 0
        total += best
    return total


def _said(text: object) -> Iterable[str]:
    """A text in every language."""
    return getattr(text, "root", {}).values()


@lru_cache(maxsize=10_000)
def _forms(text: str) -> tuple[tuple[str, str], ...]:
    """A text of a definition, folded and without kana; also with the readings of やさしい日本語 in place of the kanji.

    Kept, because every search and every visit of the first page compares the same few hundred texts.
    """
    ways = [fold(text)]
    if "(" in text:
        ways.append(fold(_READING.sub(r"\1", text)).replace(" ", ""))
    return tuple((way, skeleton(way)) for way in ways)


def _holds(text: str, term: str, bare: str) -> bool:
    return any(term in folded or (len(bare) >= 2 and bare in without_kana) for folded, without_kana in _forms(text))
