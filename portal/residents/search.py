"""Finding a procedure by the words people use: width, case, kana and okurigana make no difference, synonyms come from the definition."""

import re
import unicodedata
from collections.abc import Iterable

import jaconv

from forms import Definition
from portal.procedures.queries import Offer

_KANA = re.compile(r"[ァ-ヺー]+")
_READING = re.compile(r"[㐀-鿿豈-﫿々]+\(([ぁ-んァ-ヶー]+)\)")
_APART = re.compile(r"[\W_]+")
_LONGEST = 100

_TITLE, _SYNONYM, _BODY = 3, 2, 1


def fold(text: str) -> str:
    """A text as it is compared: NFKC, lower case, hiragana as katakana, without punctuation."""
    folded = jaconv.hira2kata(unicodedata.normalize("NFKC", text).casefold())
    return _APART.sub(" ", folded).strip()


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
    titles, summaries = _texts(definition.title), _texts(definition.summary)
    places = (
        (_TITLE, titles),
        (_SYNONYM, [fold(word) for word in definition.search_words]),
        (_BODY, summaries),
    )
    total = 0
    for term in terms:
        best = max((weight for weight, texts in places if any(_holds(text, term) for text in texts)), default=0)
        if not best:
            return 0
        total += best
    return total


def _texts(text: object) -> list[str]:
    """Every language of a text, and the readings in brackets of やさしい日本語 in place of the kanji."""
    spoken = list(getattr(text, "root", {}).values())
    return [fold(words) for words in spoken] + [
        fold(_READING.sub(r"\1", words)).replace(" ", "") for words in spoken if "(" in words
    ]


def _holds(text: str, term: str) -> bool:
    if term in text:
        return True
    bare = skeleton(term)
    return len(bare) >= 2 and bare in skeleton(text)
