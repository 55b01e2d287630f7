"""The text of every error a field can report, from `messages.yaml`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from forms.text.files import texts_in
from forms.text.localized import Text, note_untranslated
from forms.text.plurals import Sentence, form_for
from forms.text.ways import ways_of


@cache
def sentences() -> Mapping[str, Mapping[str, Sentence]]:
    """Every message by its code and language; where its wording follows a number, with a form for each plural."""
    return texts_in(Path(__file__).with_name("messages.yaml"))


@cache
def messages() -> dict[str, Text]:
    """Every message by its code, in its form for many."""
    return {
        code: Text.model_validate(
            {key: text if isinstance(text, str) else text["other"] for key, text in texts.items()}
        )
        for code, texts in sentences().items()
    }


def message(code: str, language: str, **values: str | int) -> str:
    """The message `code` in `language`, with `values` in its braces. KeyError for an unknown code."""
    texts = messages()[code]
    if texts.has(language):
        filled = form_for(sentences()[code][language], texts.ja, values, language).format(**values)
        return ways_of(language).when_filled(filled)
    filled = texts.ja.format(**values)
    note_untranslated(filled, language)
    return filled
