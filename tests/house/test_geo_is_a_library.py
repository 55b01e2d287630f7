"""`geo` knows places and nothing of what a city does with them: the portal passes its tables to it as sources."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.files import ROOT, name_of, nodes, ours

#: Words of the portal, as they would appear in an identifier or in the name of a table or column.
PORTAL_WORDS = {
    "applicant",
    "application",
    "assignee",
    "case",
    "cases",
    "clerk",
    "department",
    "desk",
    "due",
    "fee",
    "permit",
    "portal",
    "procedure",
    "resident",
    "status",
    "statuses",
}
#: `CASE WHEN` of SQL, and SQLAlchemy's function for it.
CASE_OF_SQL = {"case"}


def words(identifier: str) -> set[str]:
    """The words of a snake_case or CamelCase name."""
    return {part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", identifier)}


def identifiers(path: Path) -> Iterator[str]:
    """Every name in a module that is of our choosing, and every string that is a name."""
    for node in nodes(path):
        match node:
            case ast.ImportFrom(module=str(module)) if module.startswith("sqlalchemy"):
                continue
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.alias(name=name):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.Constant(value=str(text)) if text.isidentifier():
                yield text


def test_no_module_of_geo_names_anything_of_the_portal() -> None:
    violations = {
        f"{name_of(path)}: {name}"
        for path in ours(".py")
        if path.is_relative_to(ROOT / "geo")
        for name in identifiers(path)
        if name not in CASE_OF_SQL and words(name) & PORTAL_WORDS
    }
    assert sorted(violations) == []


def test_no_statement_of_geo_reads_a_table_of_the_portal() -> None:
    violations = {
        f"{name_of(path)}: {name}"
        for path in ours(".sql")
        if path.is_relative_to(ROOT / "geo")
        for name in re.findall(r"[a-z_]+", re.sub(r"--.*", "", path.read_text(encoding="utf-8")))
        if name not in CASE_OF_SQL and words(name) & PORTAL_WORDS
    }
    assert sorted(violations) == []
