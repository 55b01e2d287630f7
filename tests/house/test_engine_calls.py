"""The portal evaluates answers for a city; a call that forgets it would leave the definition's city checks undecided."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.files import nodes

PORTAL = Path(__file__).parents[2] / "portal"
JUDGES = {"evaluate", "read_step", "check"}


def calls() -> Iterator[tuple[Path, ast.Call]]:
    for path in PORTAL.rglob("*.py"):
        names = {
            alias.name
            for node in nodes(path)
            if isinstance(node, ast.ImportFrom) and node.module == "forms"
            for alias in node.names
        }
        for node in nodes(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names & JUDGES:
                yield path, node


def test_every_evaluation_names_its_city() -> None:
    evaluations = list(calls())
    assert len(evaluations) >= 10
    without = [
        f"{path.relative_to(PORTAL.parent)}:{node.lineno}"
        for path, node in evaluations
        if not any(keyword.arg == "city" for keyword in node.keywords)
    ]
    # `procedure check` runs at a terminal without a city.
    assert [place for place in without if not place.startswith("portal/cli/procedure.py")] == []
