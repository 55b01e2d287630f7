"""Finding a procedure by the words people use: width, case, kana and okurigana make no difference, synonyms come from the definition."""

import re
from collections.abc import Iterable
from functools import lru_cache

from forms import Definition
from portal.procedures import Offer
from writing.folding import SEARCH

_KANA = re.compile(r"[ァ-ヺー]+")
_READING = re.compile(r"[㐀-鿿豈-﫿々]+\(([ぁ-んァ-ヶー]+)\)")
_MAX_LENGTH = 100

_TITLE, _SYNONYM, _BODY = 6, 4, 2
# fmt: off
_LITTLE = frozenset({
    "a", "an", "and", "at", "can", "do", "for", "from", "get", "got", "has", "have", "how", "i", "in", "is", "it",
    "me", "my", "need", "new", "of", "old", "on", "our", "please", "the", "to", "want", "was", "we", "where", "with",
    *map(SEARCH, ("料金", "費用", "値段", "手続き", "手続", "申請", "申込", "申し込み", "方法", "やり方", "必要なもの")),
})
# fmt: on
"""Words that say nothing about what is looked for: small ones of English, and what is asked of every procedure."""


def fold(text: str) -> str:
    """A text as it is compared, see `writing.folding.SEARCH`."""
    return SEARCH(text)


def skeleton(text: str) -> str:
    """What is left of a folded text without kana: 引っ越し and 引越し are both 引越."""
    return _KANA.sub("", text).replace(" ", "")


def search(offers: Iterable[Offer], query: str, *, place: Iterable[str] = ()) -> list[Offer]:
    """The procedures in which every word of the query is found, best first; all of them for an empty query.

    `place`: names of the city itself, which say nothing either.
    """
    if not query.strip():
        return list(offers)
    words = fold(query[:_MAX_LENGTH]).split()
    ignored = _LITTLE.union(word for name in place for word in fold(name).split())
    terms = [word for word in words if word not in ignored] or words
    scored = [(_score(offer.definition, terms), offer) for offer in offers]
    matches = [entry for entry in scored if entry[0]]
    return [offer for _score_, offer in sorted(matches, key=lambda entry: -entry[0])]


def _score(definition: Definition, terms: list[str]) -> int:
    """The sum of the best place of each term; 0 as soon as one is found nowhere, or when there is none."""
    places = (
        (_TITLE, tuple(_said(definition.title))),
        (_SYNONYM, definition.search_words),
        (_BODY, tuple(_said(definition.summary))),
    )
    total = 0
    for term in terms:
        bare = skeleton(term)
        best = max((weight for weight, texts in places if any(_holds(text, term, bare) for text in texts)), default=0)
        best = best or (_SYNONYM - 1) * any(_named_in(text, term, bare) for text in definition.search_words)
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


def _named_in(text: str, term: str, bare: str) -> bool:
    """Whether a whole sentence was typed that names this (足場を組みたい, 八王子から引っ越してきた)."""
    ways = _forms(text)
    return any(
        (len(folded) >= 2 and folded in term) or (len(without_kana) >= 2 and without_kana in bare)
        for folded, without_kana in ways
    )
