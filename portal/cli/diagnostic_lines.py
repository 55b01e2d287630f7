"""Files of definitions as arguments, and their diagnostics as lines."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from forms import Diagnostic

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def diagnostic_line(file: Path, diagnostic: "Diagnostic") -> str:
    """A diagnostic as compilers write theirs: file:line: path: what — remedy."""
    kind = "advice: " if diagnostic.severity == "advice" else ""
    path = f"{diagnostic.path}: " if diagnostic.path else ""
    remedy = f" — {diagnostic.remedy}" if diagnostic.remedy else ""
    return f"{file}:{diagnostic.line}: {kind}{path}{diagnostic.message}{remedy}"


def item_lines(file: Path, diagnostic: "Diagnostic") -> list[str]:
    """The places of a diagnostic that is a list of work, one a line: file:line: path: the text."""
    return [f"{file}:{item.line}: {item.path}: {' '.join(item.text.split())}" for item in diagnostic.items]
