"""In which languages a procedure can be read, and what a page says once when parts of it stay Japanese."""

from collections.abc import Iterable

from flask import Flask
from markupsafe import Markup

from forms import Definition, Step
from forms.definition.source import Path
from portal.core.text import LANGUAGES, _, current_language, html_language, listed
from portal.residents.definition_texts import words


def readable_in(definition: Definition) -> Markup:
    """The languages in which every text of a procedure is there, each by its own name and marked as of that language."""
    names = Markup('<span lang="{}">{}</span>')
    languages = definition.completeness.languages
    marked = (names.format(html_language(language), LANGUAGES[language]) for language in languages)
    return Markup(listed(marked))  # noqa: S704 - each name is escaped, and what stands between them is ours


def language_note(definition: Definition, step: Step | None = None) -> str:
    """That a page has texts in Japanese for want of the reader's language, and which parts; nothing where all is there.

    With `step` it speaks of the page of these questions, else of the procedure as a whole.
    """
    places = [path for path, _text in definition.completeness.lacking(current_language())]
    if step is not None:
        here = next((number for number, other in enumerate(definition.steps) if other.id == step.id), None)
        return _("このページの一部は、日本語です。") if any(path[:2] == ("steps", here) for path in places) else ""
    if not places:
        return ""
    if definition.completeness.is_untranslated(current_language()):
        return _("この手続きの文は、日本語だけです。")
    return _("この手続きの一部は、日本語です({parts})。", parts=listed(_parts(definition, places)))


def _parts(definition: Definition, places: Iterable[Path]) -> list[str]:
    """The parts of a procedure that these places belong to, in the order in which residents meet them."""
    heads = {path[:2] if path[0] == "steps" else path[:1] for path in places}
    pages = [words(step.title) for number, step in enumerate(definition.steps) if ("steps", number) in heads]
    names = {"title": _("手続きの案内"), "summary": _("手続きの案内"), "routing": _("手続きの案内"), "fee": _("料金")}
    others = {names.get(str(head[0]), _("送ったあとのお知らせ")) for head in heads if head[0] != "steps"}
    before = [name for name in dict.fromkeys(names.values()) if name in others]
    return [*before[:1], *pages, *before[1:], *(others - set(before))]


def install(app: Flask) -> None:
    """Give the templates these words as filters."""
    app.jinja_env.filters.update(readable_in=readable_in, language_note=language_note)
