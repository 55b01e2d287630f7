"""Renders a kind of mail and its values as subject and text, in the reader's language, from `templates/notifications`."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from forms.text.ruby import by_number
from forms.text.ways import ways_of
from portal.core.office_places import place_in_words
from portal.core.tenancy import City
from portal.core.text import LANGUAGES, _, date_ja, labelled, listed, using_language

_BLANK_LINES = re.compile(r"\n{3,}")
"""What parts of a template that are left out leave behind."""
_TEMPLATES = Path(__file__).resolve().parents[1] / "templates" / "notifications"


@dataclass(frozen=True)
class Content:
    """The content of a mail."""

    subject: str
    body: str


def _day(value: date, language: str) -> str:
    with using_language(language):
        return date_ja(value, year=True)


_environment = Environment(  # noqa: S701 - plain text, there is no markup to escape
    loader=FileSystemLoader(_TEMPLATES),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_environment.filters["day"] = _day
_environment.filters["listed"] = listed
_environment.filters["translated"] = _
_environment.globals["labelled"] = labelled
_environment.filters["place_in_words"] = place_in_words


def render(kind: str, language: str, city: City, context: dict[str, Any]) -> Content:
    """Return the mail's content. What is not there in a language is sent in Japanese; the first line of a template is the subject."""
    known = language if language in LANGUAGES else "ja"
    template = _environment.select_template([f"{known}/{kind}.txt", f"ja/{kind}.txt"])
    written_in = (template.name or "ja").partition("/")[0]
    with using_language(written_in):
        written = template.render(context, city=city, language=written_in, link=city.origin + context["path"])
    subject, _, body = by_number(ways_of(written_in).when_filled(written)).partition("\n")
    # A title typed by people may contain line breaks; in a header they would begin another header.
    return Content(" ".join(subject.split()), _BLANK_LINES.sub("\n\n", body).strip() + "\n")
