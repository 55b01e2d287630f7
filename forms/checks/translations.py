"""Which texts of a definition are not translated: one list of work for each language."""

from collections.abc import Callable, Iterator
from typing import Literal

from forms.definition.diagnostics import UnlocatedDiagnostic, UnlocatedItem
from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.text.localized import Language
from forms.text.ways import ways_of

_USUAL: tuple[Language, ...] = ("ja-easy", "en")
"""The languages that are advised where a definition declares none."""


def translation_faults(definition: Definition, is_written: Callable[[Path], bool]) -> list[UnlocatedDiagnostic]:
    """For each language that the definition declares, every text that residents read and that lacks it.

    `is_written` says whether a text stands in the definition, or stands in for one that could not be read.
    """
    return list(_lists(definition, definition.languages or (), "error", is_written))


def translation_advice(definition: Definition) -> list[UnlocatedDiagnostic]:
    """The same for the usual languages, as advice, where the definition declares none."""
    return list(_lists(definition, _USUAL if definition.languages is None else (), "advice", lambda _path: True))


def _lists(
    definition: Definition,
    languages: tuple[Language, ...],
    severity: Literal["error", "advice"],
    is_written: Callable[[Path], bool],
) -> Iterator[UnlocatedDiagnostic]:
    for language in languages:
        lacking = definition.completeness.lacking(language)
        items = tuple(UnlocatedItem(path, text.ja) for path, text in lacking if is_written(path))
        if not items:
            continue
        message = f"{ways_of(language).in_japanese}({language})の訳がない文が{len(items)}個あります。"
        remedy = f"それぞれの文に「{language}: …」を加えてください。"
        if severity == "error":
            remedy += f"まだ訳さないときは、languages から {language} を消してください。"
        place = ("languages", languages.index(language)) if severity == "error" else ()
        yield UnlocatedDiagnostic(place, message, remedy, severity, items=items)
