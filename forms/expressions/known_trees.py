"""Trees of expressions that were checked before: the same text over the same names, in another version, city or question.

To check one takes a millisecond; a definition has some hundred, and most are the same from one look of its editor to the next.
"""

import re
from collections import OrderedDict
from collections.abc import Collection, Mapping
from threading import Lock
from typing import Final

from forms.expressions.syntax import Node

#: CEL's package of the messages that describe rows.
ROW_PACKAGE: Final = "row"
Key = tuple[str, tuple[tuple[str, str], ...]]

_SIZE: Final = 2048
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

_trees: OrderedDict[Key, Node] = OrderedDict()
_lock: Final = Lock()


def key_of(text: str, types: Mapping[str, str], rows: Collection[str], functions: Collection[str]) -> Key | None:
    """Return all that the tree of a text follows from: the text, and the types of the names that can stand in it.

    None where more decides: what the rows have that it goes over, or what the definition's own functions take.
    """
    words = frozenset(_NAME.findall(text))
    if not words.isdisjoint(functions) or (rows and not words.isdisjoint({*rows, ROW_PACKAGE})):
        return None
    return text, tuple((name, kind) for name, kind in types.items() if name.split(".", 1)[0] in words)


def known_tree(key: Key | None) -> Node | None:
    """The tree, if that expression was checked before and has not been pushed out by others."""
    if key is None:
        return None
    with _lock:
        if tree := _trees.get(key):
            _trees.move_to_end(key)
        return tree


def keep_tree(key: Key | None, tree: Node) -> None:
    """Keep the tree of an expression that has passed the check."""
    if key is None:
        return
    with _lock:
        _trees[key] = tree
        if len(_trees) > _SIZE:
            _trees.popitem(last=False)
