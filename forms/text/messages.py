"""The text of every error a field can report, from `messages.yaml`."""

from functools import cache
from pathlib import Path

from forms.text.files import texts_in
from forms.text.localized import Text, note_untranslated


@cache
def messages() -> dict[str, Text]:
    """Every message by its code."""
    texts_by_code = texts_in(Path(__file__).with_name("messages.yaml"))
    return {code: Text.model_validate(texts) for code, texts in texts_by_code.items()}


def message(code: str, language: str, **values: str | int) -> str:
    """The message `code` in `language`, with `values` in its braces. KeyError for an unknown code."""
    texts = messages()[code]
    if texts.has(language):
        return texts.for_language(language).format(**values)
    filled = texts.ja.format(**values)
    note_untranslated(filled, language)
    return filled
