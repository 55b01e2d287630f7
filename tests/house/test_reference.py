"""The committed reference is what the models, functions and descriptions make of it, and its examples load."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

import pytest

from forms import check, reference_pages
from forms.expressions.functions import FUNCTIONS
from forms.fields import FIELD_TYPES
from forms.reference.descriptions import parts, question_types
from forms.reference.prose import prose
from forms.reference.recipes import chapters, whole
from forms.reference.sections import PARTS_OF_PAGE

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
NAMES = sorted(path.name for path in FOLDER.iterdir())


@pytest.fixture(scope="module")
def pages() -> Mapping[str, str]:
    """The pages as they are made now: not while tests are collected, which every process does."""
    return reference_pages()


def test_the_committed_pages_are_those_that_are_made(pages: Mapping[str, str]) -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert committed.keys() == pages.keys()
    stale = [name for name, text in pages.items() if committed[name] != text]
    assert stale == [], "write them again: madoguchi procedure reference docs/reference"


def test_every_part_stands_on_one_page() -> None:
    placed = [part for names in PARTS_OF_PAGE.values() for part in names]
    assert sorted(placed) == sorted(parts())


def test_every_question_type_and_every_function_is_in_the_reference(pages: Mapping[str, str]) -> None:
    types, expressions = pages["question-types.md"], pages["expressions.md"]
    assert [name for name in FIELD_TYPES if f"\n## {name}\n" not in types] == []
    assert [function.usage for function in FUNCTIONS.values() if f"`{function.usage}`" not in expressions] == []


def test_every_setting_is_in_the_reference(pages: Mapping[str, str]) -> None:
    text = "\n".join(pages.values())
    settings = [part.settings for part in parts().values()] + [kind.part.settings for kind in question_types().values()]
    assert [name for names in settings for name in names if f"| `{name}` |" not in text] == []


def test_every_recipe_is_in_the_cookbook(pages: Mapping[str, str]) -> None:
    recipes = [recipe for chapter in chapters() for recipe in chapter.recipes]
    headings = re.findall(r"^### \d+\. (.+)$", pages["cookbook.md"], re.M)
    assert headings == [recipe.title for recipe in recipes]


@pytest.mark.parametrize("name", [name for name, entry in prose().items() if "example" in entry])
def test_the_example_of_a_page_has_no_errors(name: str) -> None:
    diagnostics = check(json.dumps(whole(prose()[name]["example"]), default=str))
    assert [str(diagnostic) for diagnostic in diagnostics if diagnostic.severity == "error"] == []


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_a_heading(name: str, pages: Mapping[str, str]) -> None:
    for target, anchor in re.findall(r"\]\(([\w-]*(?:\.md)?)#([^)]+)\)", pages[name]):
        headings = re.findall(r"^#+ (.+)$", pages[target or name], re.M)
        anchors = {heading.lower().replace(" ", "-") for heading in headings}
        assert unquote(anchor) in anchors, f"{target}#{anchor}"
