"""Writing one new part into the text of a definition where it belongs; nothing else of the text changes, its comments neither."""

import json
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from forms.definition.diagnostics import DefinitionError
from forms.definition.source import Path, read_source


class NoPlace(ValueError):
    """The text has no place for the part: what should hold it is not there, or the part is there already."""


@dataclass(frozen=True)
class Edit:
    """`text` comes in at `offset`, a count of characters from the beginning of the text as it is."""

    offset: int
    text: str


def insert(source: str, path: Path, value: JsonValue, order: Sequence[str] = ()) -> list[Edit]:
    """The edits, from the beginning of the text on, that put `value` at `path`. `apply` carries them out.

    The last part of the path is a key that is not there yet; mappings on the way that are missing are made. The key comes after the
    nearest one of those before it in `order`, or at the end, in the style (block, flow, JSON) and the indentation of its neighbours.
    Raises NoPlace, and DefinitionError for a text that cannot be read.
    """
    tree = read_source(source).tree
    mapping, key, inside = _place(composed(source), path)
    for name in reversed(inside):
        value = {name: value}
    expected = _with(tree, path[: len(path) - len(inside)], value)
    for edits in _edits(source, mapping, key, json.dumps(value, ensure_ascii=False), order):
        try:
            if read_source(apply(source, edits)).tree == expected:
                return edits
        except DefinitionError:
            continue
    raise NoPlace(path)


def apply(source: str, edits: Sequence[Edit]) -> str:
    """The text after all edits."""
    for edit in sorted(edits, key=lambda edit: edit.offset, reverse=True):
        source = source[: edit.offset] + edit.text + source[edit.offset :]
    return source


def composed(source: str) -> Node:
    """The nodes of a definition's text, which know their places in it."""
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    node: Node = yaml.compose(source)
    return node


def _place(node: Node, path: Path) -> tuple[MappingNode, str, Sequence[str]]:
    """The deepest mapping on the path that is there, the key that it lacks, and the keys below that one."""
    for position, part in enumerate(path):
        if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            continue
        below = path[position + 1 :]
        if not isinstance(node, MappingNode) or not isinstance(part, str):
            raise NoPlace(path)
        children = {key.value: value for key, value in node.value}
        if part not in children:
            if not all(isinstance(name, str) for name in below):
                raise NoPlace(path)
            return node, part, [str(name) for name in below]
        node = children[part]
    raise NoPlace(path)


def _with(tree: Any, path: Path, value: JsonValue) -> Any:
    tree = deepcopy(tree)
    node = tree
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = value
    return tree


def _edits(source: str, mapping: MappingNode, key: str, value: str, order: Sequence[str]) -> Iterator[list[Edit]]:
    """Ways to write it, the best-looking first."""
    names = [name.value for name, _value in mapping.value]
    before = set(order[: order.index(key)]) if key in order else set()
    position = max((place for place, name in enumerate(names, 1) if name in before), default=len(names))
    if not mapping.flow_style:
        entry = f"{' ' * mapping.value[0][0].start_mark.column}{key}: {value}\n"
        end = _end(source, mapping.value[position - 1][1])
        for offset in _line_ends(source, end):
            broken = offset and source[offset - 1] != "\n"  # the last line of a file may have no end
            yield [Edit(offset, ("\n" if broken else "") + entry)]
        return
    is_json = source.lstrip().startswith("{")
    quoted = any(name.style == '"' for name, _value in mapping.value) if names else is_json
    entry = f"{json.dumps(key) if quoted else key}: {value}"
    yield from _in_flow(source, mapping, position, entry)


def _in_flow(source: str, mapping: MappingNode, position: int, entry: str) -> Iterator[list[Edit]]:
    """`{a: 1, b: 2}`, on one line or with each entry on a line of its own."""
    if not mapping.value:
        yield [Edit(mapping.start_mark.index + 1, entry)]
        return
    if position < len(mapping.value):
        following = mapping.value[position][0].start_mark
        yield [Edit(following.index, f"{entry},{_break(source, following.index)}")]
        return
    last_key, last_value = mapping.value[-1]
    end, line_break = _end(source, last_value), _break(source, last_key.start_mark.index)
    line_end = source.find("\n", end)
    if line_break != " " and 0 <= line_end < mapping.end_mark.index - 1:
        comma = source[end:].lstrip(" ").startswith(",")
        yield (
            [Edit(line_end, f"{line_break}{entry},")]
            if comma
            else [
                Edit(end, ","),
                Edit(line_end, f"{line_break}{entry}"),
            ]
        )
    yield [Edit(end, f",{line_break}{entry}")]


def _break(source: str, offset: int) -> str:
    """Return the separator before an entry: a line break with the indentation at `offset` if a line begins there, else a space."""
    indentation = source[source.rfind("\n", 0, offset) + 1 : offset]
    return f"\n{indentation}" if not indentation.strip() else " "


def _end(source: str, node: Node) -> int:
    """Return the offset where the text of a node ends. The end mark of a block collection lies behind the comments that follow."""
    if isinstance(node, ScalarNode) or getattr(node, "flow_style", False) or not node.value:
        return len(source[: node.end_mark.index].rstrip(" "))
    last = node.value[-1]
    return _end(source, last[1] if isinstance(node, MappingNode) else last)


def _line_ends(source: str, end: int) -> Iterator[int]:
    """The beginnings of the line after `end`: first before the blank lines that a text over several lines ended with, then behind them."""
    if end and source[end - 1] == "\n":  # such a text
        yield len(source[:end].rstrip(" \n")) + 1
        yield end
        return
    line_end = source.find("\n", end)
    yield len(source) if line_end < 0 else line_end + 1
