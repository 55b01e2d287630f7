"""In which languages a procedure can be read: the texts of a definition that residents read, and those that lack a language."""

from collections.abc import Iterator

from pydantic import BaseModel

from forms.definition.source import Path
from forms.definition.workflow import StageForm
from forms.text.localized import LANGUAGES, Language, Text


def texts_for_residents(part: object, path: Path = ()) -> Iterator[tuple[Path, Text]]:
    """The texts in a part, in the order of the grammar, but for the forms of stages, which only the office reads."""
    if isinstance(part, Text):
        yield path, part
    elif isinstance(part, BaseModel) and not isinstance(part, StageForm):
        for name, info in type(part).model_fields.items():
            yield from texts_for_residents(getattr(part, name), (*path, info.alias or name))
    elif isinstance(part, tuple | list):
        for number, inner in enumerate(part):
            yield from texts_for_residents(inner, (*path, number))


class Completeness:
    """Which texts of a definition lack which language."""

    def __init__(self, definition: BaseModel) -> None:
        texts = tuple(texts_for_residents(definition))
        self._count = len(texts)
        self._lacking = {
            language: tuple((path, text) for path, text in texts if not text.has(language)) for language in LANGUAGES
        }

    def lacking(self, language: str) -> tuple[tuple[Path, Text], ...]:
        """The texts that are not there in a language, with their places."""
        return next((texts for known, texts in self._lacking.items() if known == language), ())

    def is_untranslated(self, language: str) -> bool:
        """Whether not one text is there in a language."""
        return len(self.lacking(language)) == self._count

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages in which every text is there."""
        return tuple(language for language in LANGUAGES if not self.lacking(language))
