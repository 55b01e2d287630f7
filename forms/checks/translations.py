"""Which texts of a definition are not translated: one list of work for each language."""

from collections.abc import Iterator

from pydantic import BaseModel

from forms.definition.diagnostics import UnlocatedDiagnostic, UnlocatedItem
from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.definition.workflow import StageForm
from forms.text.localized import Text

_LANGUAGES = {"ja-easy": "やさしい日本語", "en": "英語"}


def translation_advice(definition: Definition) -> list[UnlocatedDiagnostic]:
    """One piece of advice for each language, with every text that residents read and that lacks it, in the order of the grammar."""
    texts = list(_texts(definition, ()))
    advice = []
    for language, name in _LANGUAGES.items():
        items = tuple(UnlocatedItem(path, text.ja) for path, text in texts if not text.has(language))
        if items:
            message = f"{name}({language})の訳がない文が{len(items)}個あります。"
            remedy = f"それぞれの文に「{language}: …」を加えてください。"
            advice.append(UnlocatedDiagnostic((), message, remedy, "advice", items=items))
    return advice


def _texts(part: object, path: Path) -> Iterator[tuple[Path, Text]]:
    """The texts in a part, but for the forms of stages, which only the office reads."""
    if isinstance(part, Text):
        yield path, part
    elif isinstance(part, BaseModel) and not isinstance(part, StageForm):
        for name, info in type(part).model_fields.items():
            yield from _texts(getattr(part, name), (*path, info.alias or name))
    elif isinstance(part, tuple | list):
        for number, inner in enumerate(part):
            yield from _texts(inner, (*path, number))
