"""Local names say what they hold."""

import ast
from collections.abc import Iterator

from tests.house.files import name_of, nodes, ours

SAY_NOTHING = frozenset({"asked", "found", "one", "wanted"})
"""Names that say how a value came about, and not what it is: a match, a case, the ids that were chosen."""


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.arg(arg=name) | ast.FunctionDef(name=name):
            yield name


def test_values_are_named_by_what_they_are() -> None:
    assert [
        f"{name_of(path)}:{node.lineno} {name}"
        for path in ours(".py")
        for node in nodes(path)
        for name in _names(node)
        if name in SAY_NOTHING and isinstance(node, ast.expr | ast.arg | ast.FunctionDef)
    ] == []


def test_the_version_that_a_change_expects_is_called_so() -> None:
    """`seen` is what a page showed (`SeenVersion`); a bare number of a version says what it is for."""
    assert [
        f"{name_of(path)}:{node.lineno}"
        for path in ours(".py")
        for node in nodes(path)
        if isinstance(node, ast.arg) and node.arg == "seen" and node.annotation is not None
        if ast.unparse(node.annotation) in ("int", "int | None")
    ] == []
