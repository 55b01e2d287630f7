"""What a place question asks of the city's layers: its rules and look-ups as `geo` takes them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from forms import Definition
from forms.definition.place_rules import LookUp, PlaceRule
from forms.fields.occurrences import answer_at
from forms.fields.path import head_of
from forms.fields.place import PlaceField
from geo import LayerLookup, LayerRule, ListedAddress, Selection

Period = tuple[date | None, date | None]
ALWAYS: Period = (None, None)


def layer_rules(place: PlaceField, periods: Mapping[str, Period] | None = None) -> list[LayerRule]:
    """The rules of a place about map layers, in their order; `periods` are the days of the questions that they name."""
    return [_layer_rule(rule, (periods or {}).get(rule.period or "", ALWAYS)) for rule in place.rules if rule.layer]


def layer_lookups(place: PlaceField, address: str) -> list[LayerLookup]:
    """What a place looks up in map layers, in the order of the definition; `address` is empty where the place has none."""
    return [
        LayerLookup(
            look_up.layer,
            look_up.property,
            look_up.as_,
            look_up.take,
            look_up.within or 0,
            _selection(look_up),
            ListedAddress(look_up.law, address) if look_up.law and address else None,
        )
        for look_up in place.look_up
    ]


def periods_named(definition: Definition, answers: Mapping[str, Any], path: str) -> dict[str, Period]:
    """The days that the rules of a place compare with those of features, by the question that they name."""
    place = definition.question_at(path)
    rules = place.rules if isinstance(place, PlaceField) else []
    named = {rule.during for rule in rules if rule.during}
    row = answer_at(answers, path.rpartition(".")[0]) if head_of(path) != path else None
    return {name: _days((row or {}).get(name, answers.get(name))) for name in named}


def _days(value: object) -> Period:
    """The first and the last day of the answer to a question about a day or a period."""
    if isinstance(value, dict):
        return date.fromisoformat(value["start"]), date.fromisoformat(value["end"])
    return (date.fromisoformat(value),) * 2 if isinstance(value, str) else ALWAYS


def _layer_rule(rule: PlaceRule, period: Period) -> LayerRule:
    if rule.kind == "clear_of" or rule.layer is None:
        raise ValueError("a rule about other cases asks no layer")
    selection = _selection(rule)
    if rule.during is not None:
        selection = Selection(selection.only, rule.since, rule.until, *period)
    return LayerRule(rule.kind, rule.layer, rule.within or 0, rule.at_least, rule.at_most, selection)


def _selection(part: PlaceRule | LookUp) -> Selection:
    return Selection(only=part.only)
