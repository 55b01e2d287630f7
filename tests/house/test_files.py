"""House rules for every file: short, documented, finished, and free of things that do not belong in the project."""

import ast
import os
import re
from pathlib import Path

import pytest

from tests.house.files import ROOT, name_of, nodes, ours, program

MAX_LINES = 400
JUNK_DRAWERS = {"utils", "util", "helpers", "helper", "misc", "common", "tools"}
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
SOMEBODYS_MACHINE = re.compile(r"(/Users/|/work" + r"/|[.]library|C:\\\\)")
SEEING = {"expect", "look", "sees", "stands_at"}
"""What people of the browser journeys do, each with an assertion inside."""
TEXT = (".py", ".js", ".css", ".html", ".md", ".yaml", ".yml", ".sql", ".toml", ".sh", "")


def test_no_source_file_is_long() -> None:
    long = {
        name_of(path): lines
        for path in ours(".py", ".js", ".html", ".css")
        if path.parent.name != "versions" and (lines := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    }
    assert long == {}


def test_the_tree_is_described_and_holds_nothing_else() -> None:
    """A folder that a process left behind (an instance with its keys, say) is not part of the project."""
    described = (ROOT / "docs" / "develop" / "tree.md").read_text(encoding="utf-8")
    folders = {path.relative_to(ROOT).parts[0] for path in ours() if path.parent != ROOT}
    assert [name for name in sorted(folders) if not name.startswith(".") and f"{name}/ " not in described] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [name_of(path) for path in ours(".py") if (module := program(path)).body and not ast.get_docstring(module)]
    assert silent == []


def test_nothing_is_called_a_junk_drawer() -> None:
    assert [name_of(path) for path in ours(".py") if path.stem in JUNK_DRAWERS] == []


def test_nothing_is_left_unfinished() -> None:
    assert [name_of(path) for path in ours(*TEXT) if _has(path, UNFINISHED)] == []


def test_no_file_names_a_developers_machine() -> None:
    assert [name_of(path) for path in ours(*TEXT) if _has(path, SOMEBODYS_MACHINE)] == []


def test_every_suppressed_check_gives_its_reason_on_the_same_line() -> None:
    suppression, reason = (
        re.compile(r"# (?:noqa|type: ignore)\b"),
        re.compile(r"# (?:noqa: [A-Z]+\d+(?:, [A-Z]+\d+)* - \S|type: ignore\[[\w, -]+\] # \S)"),
    )
    silent = [
        f"{name_of(path)}:{number}"
        for path in ours(".py")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if suppression.search(line) and not reason.search(line)
    ]
    assert silent == []


def test_a_test_is_never_skipped_without_a_reason() -> None:
    mark = re.compile(r"pytest\.(skip\(\)|mark\.(skip|xfail)\b(?!.*reason=))")
    assert [name_of(path) for path in ours(".py") if _has(path, mark)] == []


def test_every_test_asserts_something() -> None:
    """`assert`, `pytest.raises`, a call that asserts (as its name or `SEEING` says); or that nothing breaks, for any input."""
    empty = [
        f"{name_of(path)}::{function.name}"
        for path in ours(".py")
        if path.name.startswith("test_")
        for function in nodes(path)
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_") and not _asserts(function)
    ]
    assert empty == []


@pytest.mark.parametrize("script", [path for path in ours("") if path.parent.name in ("scripts", ".ci")], ids=name_of)
def test_scripts_can_be_run_and_stop_at_the_first_failure(script: Path) -> None:
    assert os.access(script, os.X_OK)
    lines = script.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert lines[1].startswith("# ")
    assert "set -euo pipefail" in lines


def test_nothing_is_big() -> None:
    big = [name_of(path) for path in ours() if path.stat().st_size > 2_000_000]
    assert big == []


def _has(path: Path, mark: re.Pattern[str]) -> bool:
    if path.name == "package-lock.json" or path == Path(__file__):
        return False
    try:
        return bool(mark.search(path.read_text(encoding="utf-8")))
    except UnicodeDecodeError:
        return False


def _asserts(function: ast.FunctionDef) -> bool:
    if any("given" in ast.unparse(decorator) for decorator in function.decorator_list):
        return True
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Attribute) and node.attr == "raises")
        or (isinstance(node, ast.Call) and _claims(ast.unparse(node.func)))
        for node in ast.walk(function)
    )


def _claims(called: str) -> bool:
    return "assert" in called or called.rpartition(".")[2] in SEEING
