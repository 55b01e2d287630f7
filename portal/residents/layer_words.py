"""What the map gives for a place, with the words that its layer has for it in other languages."""

import re

from sqlalchemy.orm import Session

from forms.text.localized import LANGUAGES, Language, Text, Worded
from forms.text.ways import WAYS
from geo.catalogue import entry_of
from portal.maps import use_of

_WEEKDAY = re.compile("([月火水木金土日])曜日")


def in_words(session: Session, layer: str, value: object) -> object:
    """A value of a layer that knows its translations; numbers and truths as they are. Weekdays need no words of the layer."""
    if isinstance(value, list):
        return [in_words(session, layer, each) for each in value]
    if not isinstance(value, str):
        return value
    entry = entry_of(session, layer)
    words = use_of(entry).words.get(value, {}) if entry else {}
    known = _weekday(value) | {language: words[language] for language in LANGUAGES if language in words}
    return Worded(Text.model_construct(known | {"ja": value}))


def _weekday(value: str) -> dict[Language, str]:
    if (day := _WEEKDAY.fullmatch(value)) is None:
        return {}
    number = WAYS["ja"].weekdays.index(day[1])
    return {language: ways.full_weekday(number) for language, ways in WAYS.items()}
