"""Which name somebody meant: near in spelling, word by word, and never the opposite in meaning."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from itertools import combinations
from types import MappingProxyType

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[^\W_A-Za-z0-9]+")
_MAX_LENGTH = 60
#: Letters that the forms of an English word have in common: `move`, `moves`, `moved`.
_STEM = 3

#: Words of which none may be suggested for another.
OPPOSITES: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "inside outside",
        "in out",
        "within without",
        "with without",
        "from to",
        "into from",
        "before after since until",
        "start end begin finish",
        "first last",
        "min max minimum maximum",
        "up down",
        "ceil floor round",
        "above below",
        "over under",
        "more less",
        "show hide",
        "visible hidden",
        "all any none",
        "born died",
        "acquired lost",
        "married divorced",
        "open closed close",
        "accept accepted reject rejected refuse refused return returned withdraw withdrawn",
        "approve approved reject rejected refuse refused",
        "include exclude",
        "required optional",
        "true false",
        "yes no",
        "has lacks",
        "old new",
        "previous next",
        "applies waived",
        "arrive leave",
        "immigrated emigrated",
        "import export",
        "earned spent",
        "submission approved",
    )
)
_NEGATIONS = ("un", "in", "im", "ir", "non", "no", "not", "dis", "ex", "anti")

#: What other programs call our settings and types. Only those that are allowed at a place are suggested there.
SYNONYMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "attachment": ("file",),
        "bool": ("yes_no",),
        "boolean": ("yes_no",),
        "checkbox": ("yes_no", "choices"),
        "checkboxes": ("choices",),
        "condition": ("show_when", "applies_when"),
        "currency": ("money",),
        "datetime": ("date",),
        "decimal": ("number",),
        "default": (),
        "description": ("help", "summary"),
        "dropdown": ("choice",),
        "enum": ("choice",),
        "float": ("number",),
        "hint": ("help",),
        "html": ("statement",),
        "if": ("show_when", "applies_when"),
        "image": ("photo",),
        "int": ("integer",),
        "kana": ("person_kana",),
        "list": ("group",),
        "location": ("point",),
        "mail": ("email",),
        "mandatory": ("required",),
        "multiselect": ("choices",),
        "name": ("person_name", "label"),
        "note": ("statement",),
        "picture": ("photo",),
        "price": ("amount", "money"),
        "question": ("label",),
        "questions": ("fields",),
        "radio": ("choice",),
        "repeat": ("group",),
        "rows": ("group",),
        "select": ("choice",),
        "str": ("text",),
        "string": ("text",),
        "table": ("group",),
        "tel": ("phone",),
        "telephone": ("phone",),
        "textarea": ("long_text",),
        "upload": ("file",),
        "visible_when": ("show_when",),
        "when": ("show_when", "applies_when"),
        "yen": ("money",),
    }
)


def near_name(word: object, names: Iterable[str]) -> str | None:
    """Return the one of `names` that is meant with some certainty; None where the nearest means something else."""
    text = str(word)
    if not text or len(text) > _MAX_LENGTH:
        return None
    choices = set(names)
    distances = {name: distance for name in choices if (distance := _distance(text, name)) is not None}
    if not distances:
        return next((name for name in SYNONYMS.get(text.lower(), ()) if name in choices), None)
    least = min(distances.values())
    nearest = [name for name, distance in distances.items() if distance == least]
    if any(are_opposite(first, second) for first, second in combinations(nearest, 2)):
        return None  # `mix` may be `min` or `max`
    return min(nearest, key=lambda name: (-SequenceMatcher(None, text, name).ratio(), name))


def by_shared_words(written: object, names: Iterable[str]) -> list[str]:
    """The names, those first that share most words with what is written, in whatever form: `moves` is in `moved_on`. Else in their order."""
    stems = {word[:_STEM] for word in _words(str(written)[:_MAX_LENGTH]) if len(word) >= _STEM}
    shared = {name: len(stems & {word[:_STEM] for word in _words(name)}) for name in names}
    return sorted(shared, key=lambda name: -shared[name])


def are_opposite(name: str, second: str) -> bool:
    """Whether two names say the opposite in some word: `outside` and `inside`, `moved_to` and `moved_from`, `married` and `unmarried`."""
    left, right = _words(name), _words(second)
    only_left, only_right = set(left) - set(right), set(right) - set(left)
    return any(_opposite_words(a, b) for a in only_left for b in only_right)


def _opposite_words(left: str, right: str) -> bool:
    if any(left in group and right in group for group in OPPOSITES):
        return True
    short, long = sorted((left, right), key=len)
    return any(long == negation + short for negation in _NEGATIONS)


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(name)]


def _distance(written: str, name: str) -> int | None:
    """How many slips lie between two names; None where it is more than slips."""
    left, right = _words(written), _words(name)
    if not left or not right or are_opposite(written, name):
        return None
    joined_left, joined_right = "".join(left), "".join(right)
    whole = edit_distance(joined_left, joined_right)
    if whole == 0 or (len(left) != len(right) and whole <= min(1, _allowed(joined_right))):
        return whole
    return min((slips for pairs in _aligned(left, right) if (slips := _slips(pairs)) is not None), default=None)


def _aligned(left: list[str], right: list[str]) -> Iterator[list[tuple[str, str]]]:
    """The words of both in pairs; one word of the longer may have been left out."""
    short, long = sorted((left, right), key=len)
    if len(short) == len(long):
        yield list(zip(left, right, strict=True))
    elif len(long) - len(short) == 1 and len(short) > 1:
        for kept in combinations(long, len(short)):
            yield list(zip(short, kept, strict=True))


def _slips(pairs: list[tuple[str, str]]) -> int | None:
    slips = 0
    for left, right in pairs:
        distance = edit_distance(left, right)
        if distance > min(_allowed(left), _allowed(right)):
            return None
        slips += distance
    return slips


def _allowed(word: str) -> int:
    """How many slips a word may have: a short one is another word soon."""
    if len(word) <= 2:
        return 0
    return 1 if len(word) <= 5 else 2


def edit_distance(left: str, right: str) -> int:
    """Letters to change, add, leave out or swap with their neighbour."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for place, letter in enumerate(left, 1):
        older, before, row = before, row, [place]
        for position, match in enumerate(right, 1):
            cost = min(before[position] + 1, row[position - 1] + 1, before[position - 1] + (letter != match))
            if place > 1 and position > 1 and letter == right[position - 2] and left[place - 2] == match:
                cost = min(cost, older[position - 2] + 1)
            row.append(cost)
    return row[-1]
