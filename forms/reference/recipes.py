"""The cookbook: short parts of definitions, each with a need from the counter and an example that runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from forms.definition.source import read_source

_FOLDER = Path(__file__).parent / "recipes"

#: What a part lacks to be a whole definition.
_REST: Mapping[str, Any] = {
    "procedure": "recipe",
    "kind": "notification",
    "title": {"ja": "見本"},
    "department": "residents",
    "workflow": {"preset": "notification"},
}


@dataclass(frozen=True)
class Recipe:
    """One recipe: the need in `title` and `need`, and the part of a definition that meets it, as YAML."""

    title: str
    need: str
    part: str

    @property
    def definition(self) -> dict[str, Any]:
        """The part as a whole definition."""
        return whole(self.part)


@dataclass(frozen=True)
class Chapter:
    """The recipes of one subject."""

    title: str
    recipes: Sequence[Recipe]


@cache
def chapters() -> Sequence[Chapter]:
    """The cookbook, in its order."""
    documents = [YAML(typ="safe").load(path) for path in sorted(_FOLDER.glob("*.yaml"))]
    return tuple(
        Chapter(
            document["title"],
            tuple(Recipe(entry["title"], entry["need"], entry["part"].strip()) for entry in document["recipes"]),
        )
        for document in documents
    )


def whole(part: str) -> dict[str, Any]:
    """A definition with what the part says, and the rest that every definition needs."""
    tree = read_source(part).tree
    return {**_REST, **tree} if isinstance(tree, dict) else {}


def with_question(question: str) -> dict[str, Any]:
    """A definition of one page that asks one question, given as YAML."""
    step = {"id": "page", "title": {"ja": "見本"}, "fields": [read_source(question).tree]}
    return {**_REST, "steps": [step]}
