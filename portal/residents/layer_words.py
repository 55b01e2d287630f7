"""What the map gives for a place, with the words that its layer has for it in other languages."""

import re
from dataclasses import replace

from sqlalchemy.orm import Session

from forms.routing import Facts
from forms.text.localized import LANGUAGES, Language, Text, Worded
from forms.text.ways import WAYS
from geo.catalogue import entry_of
from portal.maps import use_of

_WEEKDAY = re.compile("([月火水木金土日])曜日")


def in_words(session: Session, layer: str, value: object) -> object:
    """A value of a layer that knows its translations; numbers and truths as they are. Weekdays need no words of the layer."""
    if isinstance(value, list):
        return [in_words(session, layer, each) for each in value]
    return _worded(session, layer, value) if isinstance(value, str) else value


def _worded(session: Session, layer: str, value: str) -> Worded:
    entry = entry_of(session, layer)
    words = use_of(entry).words.get(value, {}) if entry else {}
    known = _weekday(value) | {language: words[language] for language in LANGUAGES if language in words}
    return Worded(Text.model_construct(known | {"ja": value}))


def facts_in_layer_words(session: Session, facts: Facts) -> Facts:
    """The facts of a plan, those that the map gave with the words of their layer; the others as they are."""
    told = dict(facts)
    for name, known in facts.items():
        if known.source == "map" and isinstance(known.value, str):
            told[name] = replace(known, value=_worded(session, known.detail, known.value))
    return told


def _weekday(value: str) -> dict[Language, str]:
    if (day := _WEEKDAY.fullmatch(value)) is None:
        return {}
    number = WAYS["ja"].weekdays.index(day[1])
    return {language: ways.full_weekday(number) for language, ways in WAYS.items()}
