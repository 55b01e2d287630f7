"""Words on pages: Japanese in the code is the source, `portal/text/*.yaml` holds the same sentence in the other languages.
Dates and money are formatted here as people write them (`forms.text.ways`).
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Literal

from flask import g, has_request_context, request, session
from markupsafe import Markup

from forms.text.files import texts_in
from forms.text.localized import note_untranslated
from forms.text.plurals import Sentence, form_for
from forms.text.ways import WAYS, ways_of
from portal.core.clock import TOKYO, local_date, today

LANGUAGES = {str(language): ways.name for language, ways in WAYS.items()}
_spoken: ContextVar[str | None] = ContextVar("spoken_language", default=None)
_OFFICE = "/desk"
_TEXT = Path(__file__).resolve().parents[1] / "text"


@cache
def catalogue(language: str) -> Mapping[str, Sentence]:
    """The sentences of one language by their Japanese source; empty for Japanese itself."""
    path = _TEXT / f"{language}.yaml"
    return texts_in(path) if path.exists() else {}


def current_language() -> str:
    """The language of this request: chosen in the address (`?lang=`), else kept in the session or this browser, else Japanese.

    Inside `using_language` it is the one named there. The office's pages are Japanese, whatever their reader chose as a resident.
    """
    if (spoken := _spoken.get()) is not None:
        return spoken
    if not has_request_context() or request.path.startswith(_OFFICE):
        return "ja"
    language: str | None = g.get("language")
    if language is None:  # asked for with every sentence of a page
        language = g.language = _chosen_language()
    return language


def _chosen_language() -> str:
    for chosen in (request.args.get("lang"), session.get("language"), request.cookies.get("language")):
        if chosen in LANGUAGES:
            return chosen
    return "ja"


@contextmanager
def using_language(language: str) -> Iterator[None]:
    """Use another language than the page's own inside the block: for a part of it (a preview), or for another reader."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def _(source: str, **values: object) -> str:
    """The sentence in the language of this request, with `{name}` filled in; untranslated ones stay Japanese."""
    language = current_language()
    translation = catalogue(language).get(source)
    sentence = source if translation is None else form_for(translation, source, values, language)
    filled = sentence.format(**values) if values else sentence
    if translation is None:
        note_untranslated(filled, language)
    return ways_of(language).when_filled(filled)


def pick(texts: Mapping[str, str] | str | None, language: str | None = None) -> str:
    """One text of a `{ja: …, en: …}` mapping, falling back to Japanese."""
    if texts is None or isinstance(texts, str):
        return texts or ""
    reader = language or current_language()
    text = texts.get(reader)
    if not text:
        text = texts.get("ja", "")
        note_untranslated(text, reader)
    return text


def yen(amount: int) -> str:
    """`3,550円`, in English `3,550 yen`; nothing to pay is 無料."""
    if not amount:
        return _("無料")
    return ways_of(current_language()).show_money(amount)


def yen_left(amount: int) -> str:
    """What a sum comes to, or is left of it: `0円` where that is nothing. Only a price of nothing is 無料 (`yen`)."""
    return ways_of(current_language()).show_money(amount)


def date_ja(value: date | datetime | None, *, year: bool = False) -> str:
    """`12月12日(土)`, with the year on request or when it is not this year."""
    if value is None:
        return ""
    day = local_date(value) if isinstance(value, datetime) else value
    with_year = year or day.year != today().year
    return ways_of(current_language()).show_short_date(day, year=with_year)


def short_day(day: date) -> str:
    """A day where there is little room: 11/23, in English 23 Nov."""
    return ways_of(current_language()).show_month_and_day(day)


def weekday_ja(weekday: int) -> str:
    """The short name of a weekday, 0 for Monday: 月, in English Mon, in やさしい日本語 with its reading."""
    ways = ways_of(current_language())
    name, reading = ways.weekdays[weekday], ways.weekday_readings[weekday]
    return f"{name}({reading})" if reading else name


def dot() -> str:
    """What stands between two short things on one line: ・, in English a dot in the middle between spaces."""
    return ways_of(current_language()).dot


def aside(text: str) -> str:
    """A text, or a part of a page, in brackets behind another, with the space and the brackets of the language."""
    around = ways_of(current_language()).aside
    return Markup(around).format(text) if isinstance(text, Markup) else around.format(text)  # noqa: S704 - brackets


def labelled(label: str, text: str) -> str:
    """A label and what is said of it, as the reader's language joins them: 氏名：佐藤 美咲, Name: Sato Misaki."""
    return ways_of(current_language()).labelled(label, text)


def sentences(texts: Iterable[str]) -> str:
    """Sentences one after another: Japanese and Chinese have no space between them."""
    return ("" if current_language() in ("ja", "zh") else " ").join(filter(None, texts))


def html_language(language: str | None = None) -> str:
    """What HTML calls a language: `zh-Hans` for 中文, `ja` for やさしい日本語, too."""
    return ways_of(language or current_language()).tag


def listed(texts: Iterable[str], style: Literal["standard", "or"] = "standard") -> str:
    """Texts one after another, as the reader's language lists them; with `or` a choice among them."""
    return ways_of(current_language()).listed(texts, style)


def moment_ja(value: datetime | None) -> str:
    """`12月12日(土) 10:42`, in the city's time."""
    return f"{date_ja(value)} {value.astimezone(TOKYO):%H:%M}" if value else ""


def days_left(value: date | None) -> int | None:
    """Days from today until a date; negative when it is past."""
    return (value - today()).days if value else None
