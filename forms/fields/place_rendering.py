"""Parts of a place question as HTML by themselves: its search, and the places to choose from."""

from typing import Any

from markupsafe import Markup

from forms.fields.base import FieldType
from forms.fields.rendering import FieldPage, Inputs
from forms.fields.shown import ShownPlaces


def place_finder(page: FieldPage, question: FieldType, path: str, inputs: Inputs) -> Markup:
    """The search of a place question."""
    return Markup(_macros(page).finder(question, path, inputs, page))  # noqa: S704 - macros escape


def place_list(page: FieldPage, path: str, places: ShownPlaces, chosen: str) -> Markup:
    """Places to choose from, to take the place of those that a page shows."""
    return Markup(_macros(page).listed(path, places, chosen, page))  # noqa: S704 - macros escape


def _macros(page: FieldPage) -> Any:
    return page.environment.get_template("fields/_place.html").module
