"""A text in YAML 1.2 or JSON, read into a plain tree that remembers the line of every part.

Read from parser events with a stack, so that neither depth nor anchors nor sheer size can hurt. Scalars follow the
YAML 1.2 core schema: a date stays a text, `no` stays a text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from forms.definition.diagnostics import DefinitionError, Diagnostic, shown

Tree = None | bool | int | float | str | list["Tree"] | dict[str, "Tree"]
Path = tuple[str | int, ...]

#: Characters, however many bytes they take.
MAX_BYTES = 400_000
MAX_DEPTH = 24
MAX_PARTS = 30_000

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))([eE][-+]?[0-9]{1,2})?")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class Source:
    """A parsed text: its tree, and the line of each part."""

    tree: dict[str, Tree]
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """Return the line (from 1) of a part, or of the nearest enclosing part that the text has."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


@lru_cache(maxsize=8)
def read_source(text: str | bytes) -> Source:
    """Read a definition's text. DefinitionError for anything that is not one mapping of plain values.

    The newest few are kept, for one request of the editor checks, tries and shows the same text; nobody may change a tree.
    """
    builder = _TreeBuilder()
    try:
        for event in _events(_clean(text)):
            builder.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _error(mark.line + 1 if mark else 1, "YAMLとして読めません。", _syntax_remedy(error)) from error
    except (YAMLError, ValueError, AttributeError, IndexError, TypeError, RecursionError) as error:
        if isinstance(error, DefinitionError):
            raise
        raise _error(builder.line, "YAMLとして読めません。", "この行の近くの書き方を確かめてください。") from error
    if not isinstance(builder.root, dict):
        actual = "空です" if builder.root is None else "項目の並びではありません"
        raise _error(1, f"手続きの定義が{actual}。", "「procedure: 手続きのID」から始めてください。")
    return Source(builder.root, builder.lines)


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


def _events(text: str) -> Iterator[Event]:
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    yield from yaml.parse(text)


def _error(line: int, message: str, remedy: str = "", path: Path = ()) -> DefinitionError:
    return DefinitionError([Diagnostic(dotted(path), line, message, remedy)])


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


@dataclass
class _TreeBuilder:
    """Builds the tree from parser events."""

    root: Tree = None
    lines: dict[Path, int] = field(default_factory=dict)
    line: int = 1
    _stack: list[_Open] = field(default_factory=list)
    _parts: int = 0
    _documents: int = 0

    def take(self, event: Event) -> None:
        """Take the next event; DefinitionError for what a definition may not hold."""
        self.line = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _error(self.line, "文書が2つあります。", "「---」で区切らず、1つの手続きだけを書いてください。")
        elif isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise _error(self.line, "別名(& と *)は使えません。", "同じ内容でも、その場所に書いてください。")
        elif isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            self._refuse_tag(event.tag)
            self._open({} if isinstance(event, MappingStartEvent) else [])
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._stack.pop()

    def _refuse_tag(self, tag: object) -> None:
        if tag is not None:
            raise _error(self.line, f"「{shown(tag)}」のような型の指定は使えません。", "「!」を消してください。")

    def _scalar(self, event: ScalarEvent) -> None:
        self._refuse_tag(event.tag)
        text = _joined_surrogates(event.value, self.line)
        top = self._stack[-1] if self._stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self._key(top, text)
        else:
            self._place(_plain(text) if event.style is None and event.implicit[0] else text)

    def _key(self, top: _Open, key: str) -> None:
        path = (*top.path, key)
        if key in top.value:
            remedy = f"前は{self.lines[path]}行目です。片方を消してください。"
            raise _error(self.line, f"「{shown(key)}」が2回あります。", remedy, path)
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
        top.value[top.key] = value
        top.key = None
        return path

    def _open(self, value: dict[str, Tree] | list[Tree]) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise _error(self.line, f"入れ子が{MAX_DEPTH}段を超えています。", "字下げを減らしてください。")
        top = self._stack[-1] if self._stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            raise _error(self.line, "見出しが文字ではありません。", "「名前: 値」の形で書いてください。")
        self._stack.append(_Open(self._place(value), value))


def _joined_surrogates(text: str, line: int) -> str:
    """JSON writes 😀 as two escapes; make them one character again, and reject half of one."""
    if not _SURROGATE.search(text) and not _CONTROL.search(text):
        return text
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _SURROGATE.search(text) else text
    if "\ufffd" in text or _CONTROL.search(text):
        raise _error(line, "表示できない文字があります。", "その文字を消してください。")
    return text


def _plain(text: str) -> Tree:
    """An unquoted scalar by the YAML 1.2 core schema, without octal, hexadecimal, infinity and not-a-number."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
