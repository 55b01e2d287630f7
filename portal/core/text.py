"""Words on pages: Japanese in the code is the source, `portal/text/*.yaml` holds やさしい日本語 and English for the same sentence.
Dates and money are formatted here as people write them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path

from flask import g, has_request_context, request, session
from ruamel.yaml import YAML

from portal.core.clock import TOKYO, today

LANGUAGES = {"ja": "日本語", "ja-easy": "やさしい日本語", "en": "English"}
_WEEKDAYS = "月火水木金土日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_spoken: ContextVar[str | None] = ContextVar("spoken_language", default=None)
_TEXT = Path(__file__).resolve().parents[1] / "text"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """The sentences of one language by their Japanese source; empty for Japanese itself."""
    path = _TEXT / f"{language}.yaml"
    return YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {} if path.exists() else {}


def current_language() -> str:
    """The language of this request: chosen in the address (`?lang=`), else kept in the session or this browser, else Japanese.

    Inside `using_language` it is the one named there.
    """
    if not has_request_context():
        return _spoken.get() or "ja"
    if (spoken := _spoken.get()) is not None:
        return spoken
    if "language" not in g:
        chosen = request.args.get("lang", "")
        g.language = chosen if chosen in LANGUAGES else session.get("language") or _kept_language()
    return str(g.language)


def _kept_language() -> str:
    chosen = request.cookies.get("language", "")
    return chosen if chosen in LANGUAGES else "ja"


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
    sentence = catalogue(current_language()).get(source, source)
    return sentence.format(**values) if values else sentence


def pick(texts: Mapping[str, str] | str | None, language: str | None = None) -> str:
    """One text of a `{ja: …, en: …}` mapping, falling back to Japanese."""
    if texts is None or isinstance(texts, str):
        return texts or ""
    return texts.get(language or current_language()) or texts.get("ja", "")


def yen(amount: int) -> str:
    """`3,550円`, in English `3,550 yen`; nothing to pay is 無料."""
    if not amount:
        return _("無料")
    return f"{amount:,} yen" if current_language() == "en" else f"{amount:,}円"


def date_ja(value: date | datetime | None, *, year: bool = False) -> str:
    """`12月12日(土)`, with the year on request or when it is not this year."""
    if value is None:
        return ""
    day = value.astimezone(TOKYO).date() if isinstance(value, datetime) else value
    with_year = year or day.year != today().year
    if current_language() == "en":
        return f"{_WEEKDAYS_EN[day.weekday()]} {day:%d %b}" + (f" {day.year}" if with_year else "")
    return (f"{day.year}年" if with_year else "") + f"{day.month}月{day.day}日({_WEEKDAYS[day.weekday()]})"


def moment_ja(value: datetime | None) -> str:
    """`12月12日(土) 10:42`, in the city's time."""
    return f"{date_ja(value)} {value.astimezone(TOKYO):%H:%M}" if value else ""


def days_left(value: date | None) -> int | None:
    """Days from today until a date; negative when it is past."""
    return (value - today()).days if value else None
