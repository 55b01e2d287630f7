"""Where the city uses its layers: rules, look-ups and options of procedures, and the search of place names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from forms import Definition
from forms.definition.place_rules import LayerRelation
from forms.definition.source import Path
from forms.evaluation.program import all_fields
from forms.fields.offering import OffersOptions
from forms.fields.place import PlaceField
from geo.place_names import PLACE_NAMES
from portal.procedures import offers

Manner = LayerRelation | Literal["look_up", "options", "streets", "search"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A layer that a definition names: where, how, and which properties of its features it reads."""

    path: Path
    layer: str
    manner: Manner
    properties: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Use:
    """A use of a layer. `procedure` is its key and `title` its title, both empty for what the product itself does with the layer."""

    manner: Manner
    procedure: str
    title: str
    question: str
    properties: frozenset[str]


_OF_PLACE_NAMES = Use("search", "", "", "", frozenset({"name", "kana", "kind", "former", "address"}))


def references(definition: Definition) -> Iterator[Reference]:
    """Every layer that a definition names."""
    for path, field in all_fields(definition):
        if isinstance(field, OffersOptions) and (source := field.source) and source.layer:
            named = {source.id, source.label, source.label_en, source.help}
            read = {name for name in named if name} | {value.property for value in source.values}
            yield Reference((*path, "options", "layer"), source.layer, "options", frozenset(read))
        if not isinstance(field, PlaceField):
            continue
        for number, rule in enumerate(field.rules):
            if rule.layer is not None and rule.kind != "clear_of":
                properties = _named(*rule.only, rule.since, rule.until)
                yield Reference((*path, "rules", number, rule.kind), rule.layer, rule.kind, properties)
        if field.public_layer and field.public_layer.streets:
            yield Reference((*path, "public_layer", "streets"), field.public_layer.streets, "streets")
        for number, look_up in enumerate(field.look_up):
            at = (*path, "look_up", number, "layer")
            yield Reference(at, look_up.layer, "look_up", _named(*look_up.only, look_up.property, look_up.law))


def _named(*names: str | None) -> frozenset[str]:
    return frozenset(name for name in names if name)


def uses(session: Session) -> Mapping[str, list[Use]]:
    """The uses of each layer by its key: in every procedure that takes applications, and in the product itself."""
    by_layer: defaultdict[str, list[Use]] = defaultdict(list)
    by_layer[PLACE_NAMES].append(_OF_PLACE_NAMES)
    for offer in offers(session):
        titles = {path: field.label_in("ja") for path, field in all_fields(offer.definition)}
        for reference in references(offer.definition):
            question = next((title for path, title in titles.items() if reference.path[: len(path)] == path), "")
            title = offer.definition.title.ja
            use = Use(reference.manner, offer.key, title, question, reference.properties)
            by_layer[reference.layer].append(use)
    return by_layer


def properties_needed(of_layer: Iterable[Use]) -> frozenset[str]:
    """The properties that uses of a layer read."""
    return frozenset().union(*(use.properties for use in of_layer))
