"""Chinese and Korean are complete: one list, for each language, of every text for residents that lacks it.

A text that is missing is shown in Japanese and marked so; the list says what translators have to do.
"""

import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import forms
import portal
from forms.text.messages import messages
from portal.core.text import catalogue
from tests.unit.residents.test_sentences import resident_sentences

LANGUAGES = ("zh", "ko")
MAILS = Path(portal.__file__).parent / "templates" / "notifications"
VOCABULARIES = Path(forms.__file__).parent / "catalogue"


def braces(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def texts_of_vocabularies() -> Iterator[tuple[str, dict[str, str]]]:
    """What residents read of facts, items and workflows: the texts that are in やさしい日本語."""
    for name in ("facts", "items", "windows", "workflows"):
        todo: list[object] = [YAML(typ="safe").load((VOCABULARIES / f"{name}.yaml").read_text("utf-8"))]
        while todo:
            part = todo.pop()
            if isinstance(part, dict) and {"ja", "ja-easy"} <= part.keys():
                yield f"forms/catalogue/{name}.yaml", part
            elif isinstance(part, dict | list):
                todo += part.values() if isinstance(part, dict) else part


def missing(language: str) -> Iterator[str]:
    sentences = {*resident_sentences(), *catalogue("en")}
    for sentence in sorted(sentences - catalogue(language).keys()):
        yield f"portal/text/{language}.yaml: {sentence}"
    for code, text in messages().items():
        if not text.has(language):
            yield f"forms/text/messages.yaml: {code}: {text.ja}"
    for file, texts in texts_of_vocabularies():
        if language not in texts:
            yield f"{file}: {texts['ja']}"
    for mail in sorted((MAILS / "ja").iterdir()):
        if not (MAILS / language / mail.name).exists():
            yield f"portal/templates/notifications/{language}/{mail.name}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_for_residents_is_there(language: str) -> None:
    lacking = list(missing(language))
    assert not lacking, f"{len(lacking)} texts lack {language}:\n" + "\n".join(lacking)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_in_what_the_japanese_does(language: str) -> None:
    sentences = catalogue(language).items()
    others = [(text.ja, text.root[language]) for text in messages().values() if text.has(language)]
    assert [source for source, translation in [*sentences, *others] if braces(source) != braces(translation)] == []
