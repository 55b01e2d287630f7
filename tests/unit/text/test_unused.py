"""No sentence is translated that nobody says: each key of the texts stands in a source as a whole."""

import ast
import re
from pathlib import Path

import portal
from portal.core.text import catalogue
from tests.house.files import nodes

ROOT = Path(portal.__file__).parents[1]
QUOTED = (re.compile(r"'([^'\n]*)'"), re.compile(r'"([^"\n]*)"'))


def texts_of_code(path: Path) -> set[str]:
    """Every string of a module; those that are written one after another are one."""
    return {node.value for node in nodes(path) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def texts_of_template(path: Path) -> set[str]:
    """What stands between quotation marks: a sentence stands in an attribute, too, inside the marks of the other kind."""
    page = path.read_text("utf-8")
    return {text.replace("\\n", "\n") for marks in QUOTED for text in marks.findall(page)}


def said() -> set[str]:
    code = (
        texts_of_code(path)
        for package in ("portal", "common", "geo", "forms")
        for path in (ROOT / package).rglob("*.py")
    )
    pages = (texts_of_template(path) for path in (ROOT / "portal" / "templates").rglob("*.html"))
    return set().union(*code, *pages)


def test_every_sentence_is_said_somewhere() -> None:
    sources = said()
    unused = {
        sentence
        for language in ("en", "ja-easy", "zh", "ko")
        for sentence in catalogue(language)
        if sentence not in sources
    }
    assert sorted(unused) == []
