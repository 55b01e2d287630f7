"""Finding entries by the words people use: a score for each entry from the words that the query and the entry share, and from names that sound or
look like the query.

Words are compared in their usual form, so that okurigana, kana, width, endings and the like make no difference; where a word is known nowhere,
one that differs in a letter stands for it. Names are compared as wholes, by their writing and by their sound: 住民表 sounds as 住民票.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from writing.folding import SEARCH
from writing.words import Word, loanwords_of, reading_of, reading_of_latin, short_sounds, words_of

Kind = Literal["procedure", "window", "department", "person"]
MAX_QUERY = 100
"""Letters of a query that are read."""

_SAME_SOUND, _SYNONYM, _LETTER_OFF, _PART = 0.8, 0.75, 0.6, 0.5
_CALLED, _CHOICE, _SUMMARY, _DETAIL = 0.92, 0.7, 0.45, 0.25
_NAMES, _WORDS, _ORDER = 1.2, 1.0, 0.12
"""What names, words and the city's own order count."""
_ALIKE = 0.72
"""Names that are less alike are others."""
_LEAST, _BESIDE_BEST = 0.28, 0.35
"""Least score of what counts as found, and least part of the best score."""
_LITTLE_WEIGHT, _UNKNOWN = 0.08, 0.5
_ENDING = 2
"""Letters of an ending of a Latin word."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be found. `titles` are what it is called, `names` what people call it, `summary` and `details` what is said about it, `choices`
    what can be chosen in it: the things that are collected, the papers that are copied.
    """

    kind: Kind
    key: str
    titles: tuple[str, ...]
    names: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry with its score, which only compares hits of one query."""

    entry: Entry
    score: float


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as it is written, as it sounds, and as it sounds in Latin letters; and its words that no other word is part of (ペット in カーペット)."""

    written: str
    sound: str
    short: str
    whole: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Words that stand for each other: each phrase folded, with its words. Those that are one word find entries by their words, the others by
    their names.
    """

    phrases: tuple[tuple[str, frozenset[str]], ...]
    words: frozenset[str]
    names: tuple[str, ...]

    def is_in(self, folded: str, texts: set[str]) -> bool:
        """Whether a query, folded and in words, holds one of them: in its words, or as written where that is long enough to mean only this."""
        return any(
            (own and own <= texts) or (len(phrase) >= 3 and not phrase.isascii() and phrase in folded)
            for phrase, own in self.phrases
        )


class Index:
    """Entries that stand in the order in which the city lists them. `synonyms` are groups of words; `little` are words that say nothing."""

    def __init__(self, entries: Sequence[Entry], synonyms: Iterable[Sequence[str]], little: Iterable[str]) -> None:
        self._entries = entries
        self._little = frozenset(word.text for text in little for word in words_of(text)) | set(map(SEARCH, little))
        self._holders: dict[str, dict[int, float]] = defaultdict(dict)
        self._by_sound: dict[str, set[str]] = defaultdict(set)
        self._names: list[tuple[_Name, int, float]] = []
        for number, entry in enumerate(entries):
            for word, strength in _words_in(entry).items():
                self._holders[word.text][number] = max(self._holders[word.text].get(number, 0), strength)
                if len(word.reading) >= 3:
                    self._by_sound[word.reading].add(word.text)
            self._names += [(_named(name), number, 1.0) for name in entry.titles]
            self._names += [(_named(name), number, _CALLED) for name in entry.names]
        self._written = [name.written for name, _number, _strength in self._names]
        self._sounds = [name.sound for name, _number, _strength in self._names]
        self._by_pair = _by_pair(self._written), _by_pair(self._sounds)
        self._known = [text for text in self._holders if len(text) >= 4]
        self._groups = [_group(texts) for texts in synonyms]

    def search(self, query: str, *, ignored: Iterable[str] = ()) -> list[Hit]:
        """The entries that the query means, best first. `ignored`: names that say nothing here, those of the city itself."""
        query = query[:MAX_QUERY].strip()
        if not query:
            return []
        nothing = {word.text for text in ignored for word in words_of(text)}
        words = [word for word in words_of(query) if word.text not in nothing]
        folded, texts = SEARCH(query), {word.text for word in words}
        groups = [group for group in self._groups if group.is_in(folded, texts)]
        by_words = self._by_words(words, groups)
        by_names = self._by_names(query, groups)
        hits = [
            Hit(self._entries[number], _WORDS * by_words.get(number, 0.0) + _NAMES * by_names.get(number, 0.0))
            for number in by_words.keys() | by_names.keys()
        ]
        best = max((hit.score for hit in hits), default=0.0)
        place = {id(entry): number for number, entry in enumerate(self._entries)}
        ranked = [
            Hit(hit.entry, hit.score + _ORDER * (1 - place[id(hit.entry)] / len(self._entries)))
            for hit in hits
            if hit.score >= max(_LEAST, _BESIDE_BEST * best)
        ]
        return sorted(ranked, key=lambda hit: -hit.score)

    def _by_words(self, words: Sequence[Word], groups: Sequence[_Group]) -> dict[int, float]:
        """For each entry the part of the query's words that it holds, by what they tell."""
        texts = {word.text for word in words}
        terms = [(word, self._alternatives(word, groups), 1.0) for word in words]
        others = {text for group in groups for text in group.words if text in self._holders} - texts
        terms += [
            (Word(text), {text: _SYNONYM}, 0.0)
            for text in others
            if not any(text in alternatives for _word, alternatives, _counts in terms)
        ]
        total, held = 0.0, defaultdict[int, float](float)
        for word, alternatives, counts in terms:
            tells = word.weight * (_LITTLE_WEIGHT if word.text in self._little else 1.0)
            best: dict[int, float] = {}
            rarest = 0.0
            for text, quality in alternatives.items():
                holders = self._holders[text]
                rare = self._rarity(len(holders))
                rarest = max(rarest, rare)
                for number, strength in holders.items():
                    best[number] = max(best.get(number, 0.0), strength * quality * rare)
            total += tells * counts * (rarest or _UNKNOWN)
            for number, strength in best.items():
                held[number] += tells * strength * (counts or 0.5)
        return {number: min(strength / total, 1.0) for number, strength in held.items()} if total else {}

    def _rarity(self, holders: int) -> float:
        return math.log(1 + len(self._entries) / holders) / math.log(1 + len(self._entries))

    def _alternatives(self, word: Word, groups: Sequence[_Group]) -> Mapping[str, float]:
        """The words of entries that the word of a query may mean."""
        meant = {
            text: _SYNONYM
            for group in groups
            if word.text in group.words
            for text in group.words
            if text in self._holders
        }
        if word.text in self._holders:
            meant[word.text] = 1.0
        if len(word.reading) >= 3:
            for text in self._by_sound.get(word.reading, ()):
                meant.setdefault(text, _SAME_SOUND)
        if not meant and len(word.text) >= 4:
            alike = process.extract(
                word.text, self._known, scorer=OSA.distance, score_cutoff=1 if len(word.text) < 8 else 2, limit=3
            )
            meant = {text: _LETTER_OFF for text, _distance, _place in alike}
        if not meant and len(word.text) >= 3:
            meant = {text: _PART for text in self._known if word.text in text}
        return meant

    def _by_names(self, query: str, groups: Sequence[_Group]) -> dict[int, float]:
        """For each entry how much its best name is like the query, one of the parts between spaces, or what stands for them."""
        best: dict[int, float] = defaultdict(float)
        parts = {query: 1.0} | {part: 0.75 for part in query.split() if len(part) > 1 and part != query}
        for part, counts in parts.items():
            if SEARCH(part) in self._little:
                continue
            name = _named(part)
            short = short_sounds(reading_of_latin(part))
            for place, like in (*self._alike(name), *self._off_by_letters(name), *self._in_latin(short)):
                _name, number, strength = self._names[place]
                best[number] = max(best[number], counts * like * strength)
        for text in {text for group in groups for text in group.names}:
            for place, like in self._alike(_named(text)):
                _name, number, strength = self._names[place]
                best[number] = max(best[number], _SYNONYM * like * strength)
        return best

    def _alike(self, query: _Name) -> Iterator[tuple[int, float]]:
        """Names that the query holds, or begins, as they are written or as they sound."""
        for own, texts, by_pair, counts in (
            (query.written, self._written, self._by_pair[0], 1.0),
            (query.sound, self._sounds, self._by_pair[1], 0.95),
        ):
            for place in {place for pair in _pairs(own) for place in by_pair.get(pair, ())}:
                if like := _contains(own, texts[place], query.whole, self._names[place][0].whole):
                    yield place, counts * like

    def _off_by_letters(self, query: _Name) -> Iterator[tuple[int, float]]:
        """Names that differ from the query in a letter or two."""
        for own, texts in ((query.written, self._written), (query.sound, self._sounds)):
            if len(own) >= 4:
                alike = process.extract(own, texts, scorer=OSA.normalized_similarity, score_cutoff=_ALIKE, limit=None)
                yield from ((place, 0.9 * like) for _text, like, place in alike)

    def _in_latin(self, short: str) -> Iterator[tuple[int, float]]:
        if len(short) >= 3:
            yield from (
                (place, 0.9) for place, (name, _number, _strength) in enumerate(self._names) if name.short == short
            )


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)} or {text}


def _by_pair(texts: Sequence[str]) -> Mapping[str, list[int]]:
    """The places of texts by every two letters that they hold."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        for pair in _pairs(text) if text else ():
            places[pair].append(place)
    return dict(places)


def _contains(query: str, name: str, whole_of_query: Sequence[str], whole_of_name: Sequence[str]) -> float:
    """How much of one another two writings hold: 1 for the same, less for a name within a longer question or a part of a longer name.

    What is part of a whole word is not held.
    """
    if query == name:
        return 1.0
    if len(name) >= 2 and _holds(query, name, whole_of_query):
        return (0.45 if len(name) >= 3 else 0.35) + 0.5 * len(name) / len(query)
    if len(query) >= 2 and _holds(name, query, whole_of_name):
        return 0.45 + 0.45 * len(query) / len(name)
    return 0.0


def _holds(text: str, part: str, whole: Sequence[str]) -> bool:
    if part not in text:
        return False
    for word in whole:
        # the beginning of a Latin word may be the word that is meant without its ending (dogs)
        is_ending = word.isascii() and word.startswith(part) and len(word) - len(part) <= _ENDING
        if part in word and part != word and not is_ending:
            text = text.replace(word, "\0")
    return part in text


@lru_cache(maxsize=20_000)
def _named(text: str) -> _Name:
    sound = reading_of(text)
    written = SEARCH(text)
    if not written.isascii():
        written = written.replace(" ", "")
    return _Name(written, sound, short_sounds(sound), loanwords_of(text))


@lru_cache(maxsize=5_000)
def _words_in(entry: Entry) -> Mapping[Word, float]:
    """Every word of an entry with the strength of where it stands."""
    words: dict[Word, float] = {}
    parts = (
        (entry.details, _DETAIL),
        (entry.summary, _SUMMARY),
        (entry.choices, _CHOICE),
        (entry.names, _CALLED),
        (entry.titles, 1.0),
    )
    for texts, strength in parts:
        for text in texts:
            words |= {word: strength * min(1.0, 0.4 + word.weight) for word in words_of(text)}
    return words


def _group(texts: Sequence[str]) -> _Group:
    phrases = tuple((SEARCH(text), frozenset(word.text for word in words_of(text))) for text in texts)
    words = frozenset(next(iter(own)) for _phrase, own in phrases if len(own) == 1)
    return _Group(
        phrases, words, tuple(text for text, (_phrase, own) in zip(texts, phrases, strict=True) if len(own) != 1)
    )
