"""Every recipe of the cookbook is loaded, its examples are worked out, and what it says comes out."""

import json

import pytest

from forms import check
from forms.reference.recipes import Recipe, chapters

RECIPES = [recipe for chapter in chapters() for recipe in chapter.recipes]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_what_a_recipe_says_comes_out_and_no_answers_are_made_up_for_it(recipe: Recipe) -> None:
    diagnostics = check(json.dumps(recipe.definition))
    assert [str(diagnostic) for diagnostic in diagnostics if diagnostic.severity == "error"] == []
    assert [diagnostic for diagnostic in diagnostics if "answers" in diagnostic.path] == []


def test_an_example_of_a_recipe_expects_something() -> None:
    assert [recipe.title for recipe in RECIPES if not recipe.definition["examples"]] == []
    examples = [(recipe.title, example) for recipe in RECIPES for example in recipe.definition["examples"]]
    assert [title for title, example in examples if not example["expect"]] == []


def test_there_are_thirty_different_recipes() -> None:
    titles = [recipe.title for recipe in RECIPES]
    assert len(titles) == len(set(titles)) >= 30
