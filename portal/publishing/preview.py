"""How the preview is looked at (page, language, screen), and the preview itself, drawn by the residents' own renderer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from flask import render_template, request
from markupsafe import Markup

from forms import Definition
from portal.core.marked_japanese import marking
from portal.core.text import LANGUAGES, _, using_language
from portal.publishing.preview_page import PreviewPage, preview_page
from portal.publishing.preview_rows import RowTurn

SCREENS = ("phone", "pc")
TRIED = "draft-tried"
"""Posted by a preview into which somebody has typed; until then it holds the definition's own example."""


class LookArguments(TypedDict):
    """A `PreviewOptions` as arguments of an address; None leaves one out."""

    step: str | None
    language: str | None
    screen: str | None


@dataclass(frozen=True)
class PreviewOptions:
    """One way to look at a draft."""

    step: str = ""
    language: str = "ja"
    screen: str = "phone"

    def address(self) -> LookArguments:
        """The parameters that lead here, without those that say nothing."""
        return {
            "step": self.step or None,
            "language": self.language if self.language != "ja" else None,
            "screen": self.screen if self.screen != "phone" else None,
        }


def preview_options() -> PreviewOptions:
    """How this request wants to look: a button pressed (`to-…`) goes before what was open."""
    source: Mapping[str, str] = request.form if request.method == "POST" else request.args
    prefix = "draft-" if request.method == "POST" else ""

    def chosen(name: str, allowed: Sequence[str] | None, otherwise: str) -> str:
        value = source.get(f"to-{name}") or source.get(prefix + name, otherwise)
        return value if allowed is None or value in allowed else otherwise

    return PreviewOptions(
        chosen("step", None, ""), chosen("language", tuple(LANGUAGES), "ja"), chosen("screen", SCREENS, "phone")
    )


def typed_answers() -> dict[str, list[str]]:
    """What was typed into the preview's page, if anything was and the same page is still asked for."""
    if "to-step" in request.form or not (TRIED in request.form or row_turn().changes_rows):
        return {}
    posted = request.form.to_dict(flat=False)
    return {name: values for name, values in posted.items() if "-" not in name and name != "csrf_token"}


def row_turn() -> RowTurn:
    """Which row with a page of its own the preview shows, and what was pressed there."""
    return RowTurn.posted(request.form)


def typed_searches() -> dict[str, str]:
    """What was typed into the preview to look for options, by the path of the question."""
    if TRIED not in request.form or "to-step" in request.form:
        return {}
    texts = {
        name.removeprefix("find-"): request.form[name].strip() for name in request.form if name.startswith("find-")
    }
    return {path: text for path, text in texts.items() if text and path != "options"}


@dataclass(frozen=True)
class Preview:
    """The middle of the editor: a page as its resident would see it, or nothing while the text cannot be read."""

    look: PreviewOptions
    page: PreviewPage | None
    drawn: Markup


def draw_preview(definition: Definition | None, view: PreviewOptions, typed: Mapping[str, Sequence[str]]) -> Preview:
    """Draw the preview in its own language."""
    if definition is None:
        return Preview(view, None, Markup(""))
    if not definition.has_form:
        words = _(
            "この種類の手続きには、フォームがありません。公開すると、手続きのページと計画に、行くところが出ます。"
        )
        return Preview(view, None, Markup('<div class="device__page"><p>{}</p></div>').format(words))
    with using_language(view.language), marking() as marked:
        page = preview_page(definition, view.step, typed, typed_searches(), row_turn())
        drawn = Markup(marked(render_template("publishing/_page.html", page=page, tried=bool(typed))))  # noqa: S704 - a template's
    return Preview(PreviewOptions(page.step.id, view.language, view.screen), page, drawn)
