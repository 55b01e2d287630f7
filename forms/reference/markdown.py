"""Pieces of Markdown."""

from collections.abc import Iterable, Sequence


def cell(text: str) -> str:
    """A text inside a table."""
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """A text as code inside a line or a table; none stays empty."""
    return f"`{cell(text)}`" if text else ""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells are Markdown already."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def yaml(text: str) -> str:
    """A block of YAML."""
    return f"```yaml\n{text.strip()}\n```"


def page(title: str, *blocks: str) -> str:
    """A whole page; empty blocks are left out."""
    note = "<!-- `madoguchi procedure reference docs/reference` がつくるページです。直すところは forms/reference/ にあります。 -->"
    return "\n\n".join([note, f"# {title}", *(block for block in blocks if block)]) + "\n"
