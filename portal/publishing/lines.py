"""Two versions of a text line by line: what was added, what was taken away, and a little of what stands around it."""

from difflib import unified_diff


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    """(`add`, `remove`, `same` or `place`) and the line, as a unified difference with three lines of surroundings."""
    found: list[tuple[str, str]] = []
    for line in unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3):
        if line.startswith(("---", "+++")):
            continue
        kind = {"+": "add", "-": "remove", "@": "place"}.get(line[:1], "same")
        found.append((kind, line if kind == "place" else line[1:]))
    return found
