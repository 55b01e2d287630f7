"""The page of recipes."""

from itertools import count

from forms.reference.markdown import page, yaml
from forms.reference.prose import prose
from forms.reference.recipes import chapters


def cookbook_page() -> str:
    """Every recipe, numbered, with its examples."""
    entry = prose()["cookbook"]
    numbers = count(1)
    blocks = []
    for chapter in chapters():
        blocks.append(f"## {chapter.title}")
        blocks += [
            f"### {next(numbers)}. {recipe.title}\n\n{recipe.need}\n\n{yaml(recipe.part)}" for recipe in chapter.recipes
        ]
    return page(entry["title"], entry["text"], *blocks)
