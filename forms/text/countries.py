"""Countries and regions outside Japan, by ISO 3166-1 code, in the words of the reader's language."""

from functools import cache
from pathlib import Path

from forms.text.files import texts_in
from forms.text.localized import Text


@cache
def countries() -> dict[str, Text]:
    """Every country and region but Japan: code (`DE`) → name."""
    names_by_code = texts_in(Path(__file__).with_name("countries.yaml"))
    return {code: Text.model_validate(names) for code, names in names_by_code.items()}


def country_name(code: str, language: str) -> str:
    """The name of a country; the code itself where it is none."""
    names = countries().get(code)
    return names.for_language(language) if names else code


@cache
def country_choices(language: str) -> tuple[tuple[str, str], ...]:
    """Code and name of every country, in the order of their names."""
    named = ((code, names.for_language(language)) for code, names in countries().items())
    return tuple(sorted(named, key=lambda pair: pair[1]))
