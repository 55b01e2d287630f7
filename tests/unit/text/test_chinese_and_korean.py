"""Chinese and Korean are complete: one list, for each language, of every text for residents that lacks it.

A text that is missing is shown in Japanese and marked so; the list says what translators have to do.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from ruamel.yaml import YAML

import forms
import portal
from forms.text.messages import messages, sentences
from forms.text.plurals import forms_of, placeholders
from portal.core.text import catalogue
from tests.unit.residents.test_sentences import resident_sentences

LANGUAGES = ("zh", "ko")
TEXT = Path(portal.__file__).parent / "text"
MAILS = Path(portal.__file__).parent / "templates" / "notifications"
VOCABULARIES = Path(forms.__file__).parent / "catalogue"


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


@pytest.mark.parametrize("language", ["en", "ja-easy", *LANGUAGES])
def test_a_translation_fills_in_what_the_japanese_does(language: str) -> None:
    """A form for one may leave the number out: "Add this entry"."""
    others = [(texts["ja"], texts[language]) for texts in sentences().values() if language in texts]
    filled = [
        (source, form if isinstance(translation, str) else translation["other"])
        for source, translation in [*catalogue(language).items(), *others]
        for form in forms_of(translation)
    ]
    assert [source for source, form in filled if set(placeholders(source)) != set(placeholders(form))] == []


@pytest.mark.parametrize("language", ["en", "ja-easy", *LANGUAGES])
def test_a_sentence_is_translated_once(language: str) -> None:
    """Of two translations of one sentence only the last would count."""
    tree = yaml.compose(TEXT.joinpath(f"{language}.yaml").read_text("utf-8"), yaml.CBaseLoader)
    keys = Counter(key.value for key, _value in tree.value)
    assert [key for key, count in keys.items() if count > 1] == []
