"""Sentences whose wording follows a number: one form for each plural of the CLDR, as in `{one: "{n} day", other: "{n} days"}`."""

import string
from collections.abc import Mapping
from typing import Any, TypeAlias

from forms.text.ways import ways_of

Sentence: TypeAlias = str | Mapping[str, str]
"""A sentence, or its forms by their plural (`one`, `few`, `other` …, of which `other` is always there)."""


def forms_of(sentence: Sentence) -> tuple[str, ...]:
    """Every form that a sentence has."""
    return (sentence,) if isinstance(sentence, str) else tuple(sentence.values())


def placeholders(text: str) -> list[str]:
    """The names that a sentence has in braces, in their order."""
    return [name for _, name, _, _ in string.Formatter().parse(text) if name]


def form_for(sentence: Sentence, source: str, values: Mapping[str, Any], language: str) -> str:
    """The form that fits the values. The first number that the Japanese `source` names decides."""
    if isinstance(sentence, str):
        return sentence
    numbers = (values.get(name) for name in placeholders(source))
    number = next((number for number in numbers if isinstance(number, int)), None)
    category = "other" if number is None else ways_of(language).plural_category(number)
    return sentence.get(category, sentence["other"])
