"""The files of the project, as the house rules see them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def ours(*suffixes: str) -> list[Path]:
    """Files that are part of the project (tracked, or new and not ignored), with one of the suffixes."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    names = {name.decode() for name in listed.split(b"\0") if name}
    paths = [ROOT / name for name in sorted(names)]
    return [path for path in paths if path.is_file() and (not suffixes or path.suffix in suffixes)]


def name_of(path: Path) -> str:
    """Path relative to the repository, as text."""
    return str(path.relative_to(ROOT))


@cache
def program(path: Path) -> ast.Module:
    """A Python file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything in a Python file, in the order of `ast.walk`."""
    return tuple(ast.walk(program(path)))
