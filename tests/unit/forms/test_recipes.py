"""Every recipe of the cookbook is loaded, its examples are worked out, and what it says comes out."""

import json

import pytest

from forms import check
from forms.reference.recipes import Recipe, chapters

RECIPES = [recipe for chapter in chapters() for recipe in chapter.recipes]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_what_a_recipe_says_comes_out(recipe: Recipe) -> None:
    diagnostics = check(json.dumps(recipe.definition))
    assert [str(diagnostic) for diagnostic in diagnostics if diagnostic.severity == "error"] == []


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_an_example_of_a_recipe_expects_something(recipe: Recipe) -> None:
    assert recipe.definition["examples"]
    for example in recipe.definition["examples"]:
        assert example["expect"]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_a_recipe_needs_no_answers_to_be_made_up(recipe: Recipe) -> None:
    made_up = [diagnostic for diagnostic in check(json.dumps(recipe.definition)) if "answers" in diagnostic.path]
    assert made_up == []


def test_there_are_thirty_different_recipes() -> None:
    titles = [recipe.title for recipe in RECIPES]
    assert len(titles) == len(set(titles)) >= 30
