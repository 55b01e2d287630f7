"""What the map gives for a place, in the languages that its layer knows it in."""

import re
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from forms.catalogue.vocabulary import Fact
from forms.fields.place import PlaceField
from forms.routing import Facts
from forms.text.localized import LANGUAGES, Language, Text, Worded
from forms.text.ways import WAYS
from geo.catalogue import entry_of
from geo.layers import properties_with
from portal.core.text import pick, using_language
from portal.maps import collection_days, column_labels, translations, use_of
from portal.residents.map_words import rule_words

_WEEKDAY = re.compile("([月火水木金土日])曜日")


def in_words(session: Session, layer: str, column: str, value: object) -> object:
    """A value of a column of a layer that knows its translations; numbers and truths as they are.

    They are, as on the map (`portal.maps.value_words`), those of the columns beside it and of the words of the layer. Weekdays and days of
    collection need neither.
    """
    if isinstance(value, list):
        return [in_words(session, layer, column, each) for each in value]
    return _worded(session, layer, column, value) if isinstance(value, str) else value


def _worded(session: Session, layer: str, column: str, value: str) -> Worded:
    entry = entry_of(session, layer)
    words = use_of(entry).words.get(value, {}) if entry else {}
    beside = translations(properties_with(session, layer, column, value), column)
    listed: dict[Language, str] = {language: words[language] for language in LANGUAGES if language in words}
    return Worded(Text.model_construct(_days(value) | listed | beside | {"ja": value}))


def is_one_of_several(place: PlaceField, layer: str) -> bool:
    """Whether a question looks up more than one value of the layer, so that each needs its name."""
    return sum(look_up.layer == layer for look_up in place.look_up) > 1


def title_of(session: Session, layer: str) -> str:
    """What residents call a layer."""
    entry = entry_of(session, layer)
    return pick(entry.title) if entry else ""


def label_of_column(session: Session, layer: str, column: str) -> str:
    """What a layer calls one of its columns; "" for one that it does not have."""
    entry = entry_of(session, layer)
    return column_labels(entry).get(column, "") if entry else ""


def facts_in_layer_words(session: Session, facts: Facts, vocabulary: Mapping[str, Fact]) -> Facts:
    """The facts of a plan, those that the map gave in the languages that their layer knows; the others as they are."""
    told = dict(facts)
    for name, known in facts.items():
        source = vocabulary[name].from_map if name in vocabulary else None
        if known.source == "map" and isinstance(known.value, str) and source is not None:
            told[name] = replace(known, value=_worded(session, known.detail, source.property or "", known.value))
    return told


def _days(value: str) -> dict[Language, str]:
    """A weekday, or the days of collection, in every language but Japanese."""
    if (day := _WEEKDAY.fullmatch(value)) is not None:
        number = WAYS["ja"].weekdays.index(day[1])
        return {language: ways.full_weekday(number) for language, ways in WAYS.items()}
    if (rule := collection_days(value)) is None:
        return {}
    days: dict[Language, str] = {}
    for language in LANGUAGES:
        with using_language(language):
            days[language] = rule_words(rule)
    return days
