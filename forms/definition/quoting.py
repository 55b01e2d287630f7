"""Texts that YAML cuts because they stand without quotes, and the line as it has to be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ruamel.yaml.error import YAMLError

from forms.definition.yaml_events import ScalarEvent, end_of, is_plain, yaml_events

#: Settings whose value is an expression or a text, whatever sign it begins with.
WRITTEN = frozenset(
    {"show_when", "required_when", "applies_when", "waived_when", "amount", "assert", "by", "value", "valid_until"}
    | {"ja", "ja-easy", "en", "zh", "ko"}
)
_KEY = re.compile(r"(?:^|(?<=[\s{,\[]))([A-Za-z][\w-]*):\s+")
_NEXT_KEY = re.compile(r",\s*[A-Za-z][\w-]*\s*:\s")
#: What no key of a definition has in it, but expressions do.
FRAGMENT = re.compile(r"[()'\"?<>=&|\[\]]")
#: With these no text begins without quotes, and these cut it.
_STARTS = "!&*@`%{[|>'\""
_SIGNS = (": ", " #", ",")
_MAX_LINE = 2000
_PAIRS = {"}": "{", "]": "["}


@dataclass(frozen=True)
class Correction:
    """One line with a text put in quotes, or with what closes it; `cause` says what YAML took for something else."""

    line: str
    cause: str


def corrections(line: str, column: int) -> Iterator[Correction]:
    """Ways to make sense of a line that YAML stumbles over at a column (from 0), the likeliest first."""
    if len(line) > _MAX_LINE:
        return
    closed = line.rstrip() + _missing_closers(line)
    if closed != line.rstrip() and closed[-1:] in "\"'" and _reads(closed):
        yield Correction(closed, "")
    keys = sorted(_KEY.finditer(line), key=lambda key: (key.end() > column + 1, -key.start()))
    for key in keys:
        start = key.end()
        if line[start : start + 1] in ("[", "{", "&", "*", "!") and key[1] not in WRITTEN:
            continue
        for end in _ends(line, start):
            text = line[start:end].strip()
            quoted = f"{line[:start]}{quote(text)}{line[end:]}"
            if text and _is_cut(text) and _is_whole(text) and _reads(quoted, key[1], text):
                yield Correction(quoted, _cause(text))
    if closed != line.rstrip() and _reads(closed):
        yield Correction(closed, "")


def quote(text: str) -> str:
    """The text in quotes, as YAML reads it back."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _ends(line: str, start: int) -> list[int]:
    """Where a text that begins at `start` may end: before a next key, before closing brackets, at the end of the line."""
    end = len(line.rstrip())
    ends = {match.start() for match in _NEXT_KEY.finditer(line, start)}
    ends.add(end)
    while end > start and line[end - 1] in "}], ":
        end -= 1
        ends.add(end)
    return sorted(ends)


def _is_whole(text: str) -> bool:
    """Whether brackets and quotes of an expression are closed in it."""
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", text)
    return not set(bare) & set("\"'") and all(
        bare.count(left) == bare.count(right) for left, right in ("()", "[]", "{}")
    )


def _is_cut(text: str) -> bool:
    """Whether there is something in a text that YAML takes for its own."""
    return text[0] in _STARTS or any(sign in text for sign in _SIGNS)


def _reads(line: str, key: str = "", text: str = "") -> bool:
    """Whether a line is sound YAML by itself, with this text under this key, and nothing in it is a fragment of a text."""
    body = line.strip()
    before, after = _brackets(body)
    try:
        events = list(yaml_events("".join(before) + body + after))
    except (YAMLError, ValueError, AttributeError, IndexError, TypeError, RecursionError):
        return False
    if any(getattr(event, "tag", None) or getattr(event, "anchor", None) for event in events):
        return False
    scalars = [event for event in events if isinstance(event, ScalarEvent)]
    if any(is_plain(event) and FRAGMENT.search(event.value) and _is_key(body, event) for event in scalars):
        return False
    return not key or any(name.value == key and value.value == text for name, value in pairwise(scalars))


def _is_key(body: str, event: ScalarEvent) -> bool:
    return body[end_of(event).index :].lstrip().startswith(":")


def _brackets(body: str) -> tuple[list[str], str]:
    """What opens and closes around a line that is part of something over several lines."""
    before: list[str] = []
    inside: list[str] = []
    for sign in _signs(body):
        if sign in "{[":
            inside.append(sign)
        elif inside and inside[-1] == _PAIRS[sign]:
            inside.pop()
        else:
            before.insert(0, _PAIRS[sign])
    return before, "".join("}" if sign == "{" else "]" for sign in reversed(inside))


def _signs(body: str) -> str:
    bare = re.sub(r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"", "", body)
    return "".join(character for character in bare if character in "{}[]")


def _missing_closers(line: str) -> str:
    """What a line lacks at its end; nothing where more was to follow."""
    body = line.strip()
    if body.endswith(("[", "{", ",", ":")):
        return ""
    for mark in "\"'":
        if body.count(mark) % 2 and re.search(rf"(?:^|[\s{{,\[:]){mark}[^{mark}]*$", body):
            return mark
    before, after = _brackets(body)
    return "" if before else after


def _cause(text: str) -> str:
    if text[0] in _STARTS:
        return f"「{text[0]}」で始まる文"
    return next(f"「{sign.strip()}」を含む文" for sign in _SIGNS if sign in text)


@dataclass(frozen=True)
class Split:
    """A text in a flow mapping that a comma has cut: from `start` to `end` in the source; `key` is what stands behind the comma."""

    path: tuple[str | int, ...]
    key: str
    line: int
    start: int
    end: int


class Flow:
    """Watches a flow mapping for texts that commas cut: entries without a colon, or whose key is part of an expression."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._value: ScalarEvent | None = None
        self._key: ScalarEvent | None = None

    def key(self, event: ScalarEvent) -> None:
        """Take a key."""
        self._key = event

    def value(self, event: ScalarEvent | None) -> tuple[ScalarEvent, ScalarEvent] | None:
        """Take a value (None: not a scalar); the first and the last scalar of a text that was cut, if this ends one."""
        key, before = self._key, self._value
        plain = event is not None and is_plain(event)
        is_part = key is not None and is_plain(key) and plain and self._is_fragment(key)
        if is_part and before is not None and event is not None and key is not None:
            last = event if event.value else key
            return before, last
        self._value = event if plain and event is not None and event.value else None
        return None

    def _is_fragment(self, key: ScalarEvent) -> bool:
        return not self._source[end_of(key).index :].lstrip().startswith(":") or bool(FRAGMENT.search(key.value))
