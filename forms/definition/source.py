"""A text in YAML 1.2 or JSON, read into a plain tree that remembers the line of every part.

Read from parser events with a stack, so that neither depth nor anchors nor sheer size can hurt. Scalars follow the
YAML 1.2 core schema: a date stays a text, `no` stays a text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from yaml import YAMLError as LibyamlError

from forms.definition.diagnostics import DefinitionError, Diagnostic, shown
from forms.definition.quoting import WRITTEN, Correction, Flow, Split, corrections, quote
from forms.definition.yaml_events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    end_of,
    is_plain,
    plain_value,
    quick_events,
    reads_alike,
    start_of,
    yaml_events,
)

Tree = None | bool | int | float | str | list["Tree"] | dict[str, "Tree"]
Path = tuple[str | int, ...]

#: Characters, however many bytes they take.
MAX_BYTES = 400_000
MAX_DEPTH = 24
MAX_PARTS = 30_000

_UNREADABLE = "YAMLとして読めません。"
#: How often a text is parsed again to see whether a corrected line makes sense, and how many characters that may be in all.
_MAX_ROUNDS = 20
_CHARACTERS_AGAIN = 200_000
#: A text that was cut may hold another one.
_SPLIT_ROUNDS = 2

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class Source:
    """A parsed text: its tree, and the line of each part. `unread` are parts that say nothing, because they refer to others."""

    tree: dict[str, Tree]
    lines: dict[Path, int]
    unread: frozenset[Path] = frozenset()

    def line(self, path: Path) -> int:
        """Return the line (from 1) of a part, or of the nearest enclosing part that the text has."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


@dataclass(frozen=True)
class Reading:
    """What could be read of a text: its parts where it is YAML, or nearly so, and what had to be guessed or could not be read."""

    source: Source | None
    diagnostics: tuple[Diagnostic, ...] = ()


def read_source(text: str | bytes) -> Source:
    """Read a definition's text. DefinitionError for anything that is not one mapping of plain values."""
    reading = read(text)
    if reading.source is None or reading.diagnostics:
        raise DefinitionError(reading.diagnostics)
    return reading.source


@lru_cache(maxsize=8)
def read(text: str | bytes) -> Reading:
    """Read a text as far as it goes, with every fault of its spelling. Lines that can be put right are read as they are meant.

    The newest few are kept, for one request of the editor checks, tries and shows the same text; nobody may change a tree.
    """
    diagnostics: list[Diagnostic] = []
    try:
        cleaned = _clean(text)
        builder = _read_on(cleaned, diagnostics)
        cleaned = builder.source
        for _ in range(_SPLIT_ROUNDS):
            for split in reversed(builder.splits):
                diagnostic, cleaned = _joined(split, cleaned)
                diagnostics.append(diagnostic)
            if builder.splits:
                builder = _read_on(cleaned, diagnostics)
                cleaned = builder.source
        if not isinstance(builder.root, dict):
            actual = "空です" if builder.root is None else "項目の並びではありません"
            raise _error(1, f"手続きの定義が{actual}。", "「procedure: 手続きのID」から始めてください。")
    except DefinitionError as error:
        return Reading(None, tuple(sorted({*diagnostics, *error.diagnostics}, key=lambda item: item.line)))
    return Reading(
        Source(builder.root, builder.lines, frozenset(builder.unread)),
        tuple(sorted((*diagnostics, *builder.faults), key=lambda item: item.line)),
    )


def _read_on(text: str, diagnostics: list[Diagnostic]) -> "_TreeBuilder":
    """Parse a text; a line that can be put right is reported and read as it is meant. Raises Unreadable for any other."""
    rounds = min(_MAX_ROUNDS, _CHARACTERS_AGAIN // (len(text) + 1))
    result = _parsed(text)
    while isinstance(result, Unreadable):
        for place, correction in _corrections(text, result):
            if not rounds:
                raise DefinitionError([_corrected(place, correction)])
            rounds -= 1
            lines = text.split("\n")
            lines[place] = correction.line
            again = _parsed("\n".join(lines))
            if not isinstance(again, Unreadable) or again.places[0][0] > result.places[0][0]:
                diagnostics.append(_corrected(place, correction))
                text, result = "\n".join(lines), again
                break
        else:
            raise result
    return result


def _parsed(text: str) -> "_TreeBuilder | Unreadable":
    return _quickly_parsed(text) or _thoroughly_parsed(text)


def _quickly_parsed(text: str) -> "_TreeBuilder | None":
    """The parts of a text that has no fault. Anything else is left to the parser whose faults are told."""
    if not reads_alike(text):
        return None
    builder = _TreeBuilder(text)
    try:
        for event in quick_events(text):
            builder.take(event)
    except (LibyamlError, DefinitionError, ValueError):
        return None
    return None if builder.faults or builder.splits else builder


def _thoroughly_parsed(text: str) -> "_TreeBuilder | Unreadable":
    builder = _TreeBuilder(text)
    try:
        for event in yaml_events(text):
            builder.take(event)
    except MarkedYAMLError as error:
        marks = [mark for mark in (error.problem_mark, error.context_mark) if mark]
        places = tuple((mark.line, mark.column) for mark in marks) or ((0, 0),)
        return Unreadable(_error(places[0][0] + 1, _UNREADABLE, _syntax_remedy(error)), places)
    except Unreadable as error:
        return error
    except (YAMLError, ValueError, AttributeError, IndexError, TypeError, RecursionError) as error:
        if isinstance(error, DefinitionError):
            raise
        near = _error(builder.line, _UNREADABLE, "この行の近くの書き方を確かめてください。")
        return Unreadable(near, ((builder.line - 1, 0),))
    return builder


def _corrections(text: str, error: "Unreadable") -> Iterator[tuple[int, Correction]]:
    """Lines that may be meant, by their number from 0: where the fault was noticed, and where what it is in began."""
    lines = text.split("\n")
    (first, column), (last, _) = error.places[0], error.places[-1]
    numbers = [first, *(number for number in range(first - 1, max(last, first - 3) - 1, -1)), last]
    for number in dict.fromkeys(numbers):
        if 0 <= number < len(lines):
            for correction in corrections(lines[number], column if number == first else len(lines[number])):
                yield number, correction


def _corrected(place: int, correction: Correction) -> Diagnostic:
    reason = f"{correction.cause}は、引用符で囲んでください。" if correction.cause else ""
    remedy = f"{reason}この行は、次のように書きます：{shown(correction.line, 300)}"
    return Diagnostic("", place + 1, _UNREADABLE, remedy)


def _joined(split: Split, text: str) -> tuple[Diagnostic, str]:
    """The diagnostic of a text that a comma has cut, and the source with it in quotes."""
    whole = quote(" ".join(text[split.start : split.end].split()))
    broken = text.count("\n", split.start, split.end)
    joined = text[: split.start] + whole + text[split.end :]
    end = joined.find("\n", split.start)
    line = joined[joined.rfind("\n", 0, split.start) + 1 : end if end >= 0 else len(joined)]
    remedy = f'「,」を含む文は引用符 " で囲んでください。この行は、次のように書きます：{shown(line, 300)}'
    message = f"「,」の後の「{shown(split.key)}」が、別の見出しになっています。"
    if broken and end >= 0:  # the lines that follow keep their numbers
        joined = joined[:end] + "\n" * broken + joined[end:]
    return Diagnostic(dotted(split.path), split.line, message, remedy), joined


def _clean(text: str | bytes) -> str:
    """Decode the text, and reject characters that a definition may not contain."""
    if len(text) > (4 * MAX_BYTES if isinstance(text, bytes) else MAX_BYTES):
        raise _too_long(len(text))
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise _error(line, "UTF-8ではない文字があります。", "UTF-8で保存してください。") from error
        if len(text) > MAX_BYTES:
            raise _too_long(len(text))
    return _without_control(text.removeprefix("\ufeff"))


def _too_long(length: int) -> DefinitionError:
    return _error(1, f"文書が大きすぎます({length:,}文字)。", f"{MAX_BYTES:,}文字までにしてください。")


def _without_control(text: str) -> str:
    for pattern, name in ((_CONTROL, "制御文字"), (_SURROGATE, "壊れた文字")):
        if match := pattern.search(text):
            line = text.count("\n", 0, match.start()) + 1
            raise _error(line, f"{name}(U+{ord(match.group()):04X})があります。", "その文字を消してください。")
    return text


def _error(line: int, message: str, remedy: str = "", path: Path = ()) -> DefinitionError:
    return DefinitionError([Diagnostic(dotted(path), line, message, remedy)])


class Unreadable(DefinitionError):
    """A text that is not YAML. `places` are lines and columns from 0: where it was noticed, and where what it is in began."""

    def __init__(self, error: DefinitionError, places: tuple[tuple[int, int], ...]) -> None:
        super().__init__(error.diagnostics)
        self.places = places


def _syntax_remedy(error: MarkedYAMLError) -> str:
    problem = str(error.problem or "")
    if "\\t" in problem or "'\t'" in problem:
        return "字下げはタブではなく、空白にしてください。"
    if "mapping values are not allowed" in problem:
        return '「:」を含む文は引用符 " で囲んでください。字下げも確かめてください。'
    if "expected" in problem and ("]" in problem or "}" in problem or "','" in problem):
        return "閉じる括弧 ] } とコンマを確かめてください。"
    if "quoted scalar" in str(error.context or ""):
        return "閉じる引用符があるか確かめてください。"
    return "字下げと記号を確かめてください。"


def dotted(path: Path) -> str:
    """`("steps", 0, "id")` as people write it: `steps.0.id`."""
    return ".".join(shown(part, 40) for part in path)


@dataclass
class _Open:
    """A mapping or sequence that is still being read."""

    path: Path
    value: dict[str, Tree] | list[Tree]
    key: str | None = None
    flow: Flow | None = None


@dataclass
class _TreeBuilder:
    """Builds the tree from parser events."""

    source: str
    root: Tree = None
    lines: dict[Path, int] = field(default_factory=dict)
    line: int = 1
    column: int = 0
    splits: list[Split] = field(default_factory=list)
    faults: list[Diagnostic] = field(default_factory=list)
    unread: set[Path] = field(default_factory=set)
    _stack: list[_Open] = field(default_factory=list)
    _parts: int = 0
    _documents: int = 0

    def take(self, event: Event) -> None:
        """Take the next event; DefinitionError for what a definition may not hold."""
        start = start_of(event)
        self.line, self.column = start.line + 1, start.column
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _error(self.line, "文書が2つあります。", "「---」で区切らず、1つの手続きだけを書いてください。")
        elif isinstance(event, AliasEvent):
            self._refuse_alias()
            self.unread.add(self._place(None))
        else:
            if getattr(event, "anchor", None):
                self._refuse_alias()
            self._part(event)

    def _refuse_alias(self) -> None:
        error = self._unreadable("別名(& と *)は使えません。", "同じ内容でも、その場所に書いてください。")
        if self._stack and self._stack[-1].key in WRITTEN:
            raise error  # an expression without quotes, more likely
        self.faults += error.diagnostics

    def _part(self, event: Event) -> None:
        if isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            self._refuse_tag(event.tag)
            is_mapping = isinstance(event, MappingStartEvent)
            self._open({} if is_mapping else [], Flow(self.source) if is_mapping and event.flow_style else None)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._stack.pop()

    def _refuse_tag(self, tag: object) -> None:
        if tag is not None:
            raise self._unreadable(f"「{shown(tag)}」のような型の指定は使えません。", "「!」を消してください。")

    def _unreadable(self, message: str, remedy: str) -> Unreadable:
        return Unreadable(_error(self.line, message, remedy), ((self.line - 1, self.column),))

    def _scalar(self, event: ScalarEvent) -> None:
        self._refuse_tag(event.tag)
        text = _joined_surrogates(event.value, self.line)
        top = self._stack[-1] if self._stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self._key(top, text)
            if top.flow:
                top.flow.key(event)
        else:
            if top is not None and top.flow and top.key is not None and (cut := top.flow.value(event)):
                self._split(top, *cut)
            self._place(plain_value(text) if is_plain(event) else text)

    def _split(self, top: _Open, first: ScalarEvent, last: ScalarEvent) -> None:
        """Note a text that commas cut, once for all its pieces."""
        start, end = start_of(first).index, end_of(last).index
        path = (*top.path, str(top.key))
        if self.splits and self.splits[-1].start == start:
            self.splits[-1] = replace(self.splits[-1], end=end)
        else:
            self.splits.append(Split(path, str(top.key), self.line, start, end))

    def _key(self, top: _Open, key: str) -> None:
        path = (*top.path, key)
        if key in top.value:
            remedy = f"前は{self.lines[path]}行目です。片方を消してください。"
            self.faults += _error(self.line, f"「{shown(key)}」が2回あります。", remedy, path).diagnostics
        else:
            self.lines[path] = self.line
        top.key = key

    def _place(self, value: Tree) -> Path:
        """Add a value to the tree, and return its path."""
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise _error(self.line, "項目が多すぎます。", f"全部で{MAX_PARTS:,}個までにしてください。")
        if not self._stack:
            self.root = value
            return ()
        top = self._stack[-1]
        if isinstance(top.value, list):
            path: Path = (*top.path, len(top.value))
            self.lines[path] = self.line
            top.value.append(value)
            return path
        if top.key is None:
            raise _error(self.line, "見出しが文字ではありません。", "「名前: 値」の形で書いてください。")
        path = (*top.path, top.key)
        top.value.setdefault(top.key, value)  # of a key that stands there twice the first counts
        top.key = None
        return path

    def _open(self, value: dict[str, Tree] | list[Tree], flow: Flow | None = None) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise _error(self.line, f"入れ子が{MAX_DEPTH}段を超えています。", "字下げを減らしてください。")
        top = self._stack[-1] if self._stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            raise _error(self.line, "見出しが文字ではありません。", "「名前: 値」の形で書いてください。")
        if top is not None and top.flow:
            top.flow.value(None)
        self._stack.append(_Open(self._place(value), value, flow=flow))


def _joined_surrogates(text: str, line: int) -> str:
    """JSON writes 😀 as two escapes; make them one character again, and reject half of one."""
    if not _SURROGATE.search(text) and not _CONTROL.search(text):
        return text
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _SURROGATE.search(text) else text
    if "\ufffd" in text or _CONTROL.search(text):
        raise _error(line, "表示できない文字があります。", "その文字を消してください。")
    return text
