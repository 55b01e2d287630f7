"""Phrases that procedures share, with their translations: a definition writes the Japanese, `phrases.yaml` knows the rest."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from forms.text.files import texts_in


@cache
def phrases() -> Mapping[str, Mapping[str, str]]:
    """The translations of each phrase by its Japanese, the Japanese among them."""
    entries = _book()
    return {text["ja"]: text for text in (*(page["title"] for page in entries["pages"]), *entries["phrases"])}


@cache
def short_forms() -> Mapping[str, Mapping[str, str]]:
    """For the title of a page the few letters that name it in the row of steps, by the Japanese of the title."""
    return {page["title"]["ja"]: page["short"] for page in _book()["pages"]}


def translated(text: str) -> Mapping[str, str]:
    """A text written in Japanese alone, with the translations that its phrase has."""
    return phrases().get(text.strip()) or {"ja": text}


@cache
def plural_forms() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """For a phrase that is counted its forms by language, by its Japanese."""
    return {unit.pop("ja"): unit for unit in (dict(entry) for entry in _book()["units"])}


@cache
def _book() -> Mapping[str, list[Any]]:
    return texts_in(Path(__file__).with_name("phrases.yaml"))
