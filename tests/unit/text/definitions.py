"""The texts of the catalogue, by language, as their files write them: of procedures, facts, items, windows, workflows and shared phrases."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import forms
from forms.text.files import texts_in
from forms.text.plurals import forms_of

_FORMS = Path(forms.__file__).parent
_SHOWN_AS_TYPED = frozenset({"example", "examples", "search_words", "words"})
"""What somebody in Japan writes into a box, or into the search."""


def of_definitions(language: str) -> Iterator[tuple[str, str]]:
    """Each text in that language with its Japanese."""
    for texts in _texts():
        if language in texts:
            for form in forms_of(texts[language]):
                yield str(texts["ja"]), form


@cache
def _texts() -> tuple[dict[str, str], ...]:
    files = [*sorted((_FORMS / "catalogue").rglob("*.yaml")), _FORMS / "text" / "phrases.yaml"]
    return tuple(texts for file in files for texts in _texts_in(texts_in(file)))


def _texts_in(part: object) -> Iterator[dict[str, str]]:
    if isinstance(part, list):
        for inner in part:
            yield from _texts_in(inner)
    elif isinstance(part, dict):
        if isinstance(part.get("ja"), str):
            yield part
        for name, inner in part.items():
            if name not in _SHOWN_AS_TYPED:
                yield from _texts_in(inner)
