"""The procedures for which somebody can apply at a spot of the map: their place question takes it, and no rule about a layer speaks against it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from sqlalchemy.orm import Session

from common.geometry import Position
from forms.fields.place import PlaceField
from geo import LayerRule, PlaceError, query_place
from portal.cases.acceptance import acceptance_now
from portal.cases.place_queries import layer_rules
from portal.core.tenancy import plane_of
from portal.procedures import Offer

FROM_MAP: Final = {"from": "map"}
"""Where an answer comes from that was a place on the map, as a draft keeps it (see `portal.cases.carried`)."""
NEAR_M = 30
"""A line or an area that is drawn for a spot lies about so near to it."""
_TOUCHING = frozenset({"inside", "intersects", "touches", "covers", "share", "length"})


@dataclass(frozen=True, slots=True)
class PlaceFit:
    """A procedure and the question that the spot is for. `takes_point`: the spot itself is an answer; else what is drawn around it."""

    offer: Offer
    question: str
    takes_point: bool


def procedures_at(session: Session, offers: Iterable[Offer], position: Position) -> list[PlaceFit]:
    """Those of the procedures that fit a spot, judged in one statement.

    A point answers for itself. What is drawn around the spot must be able to reach what it has to touch; what it has to avoid it may. Rules
    that need a period, other cases or a count of features are left to the application.
    """
    fits = [(fit, list(_rules(fit))) for offer in offers for fit in _fits(offer)]
    every = [rule for _fit, rules in fits for rule in rules]
    try:
        point = {"type": "Point", "coordinates": list(position)}
        results = query_place(session, point, srid=plane_of(session).srid, rules=every).rules
    except PlaceError:
        return []
    holds = iter([each.holds or not each.layer_exists for each in results])
    return [fit for fit, rules in fits if all(list(islice(holds, len(rules))))]


def _fits(offer: Offer) -> Iterator[PlaceFit]:
    """The first place that the form asks for outside rows, of a procedure that can be begun now."""
    definition = offer.definition
    if not definition.has_form or definition.based_on is not None or acceptance_now(definition).is_over:
        return
    places = (question for question in definition.fields.values() if isinstance(question, PlaceField))
    if question := next(places, None):
        yield PlaceFit(offer, question.id, question.geometry_type == "Point")


def _rules(fit: PlaceFit) -> Iterator[LayerRule]:
    question = fit.offer.definition.fields[fit.question]
    if not isinstance(question, PlaceField):
        return
    for rule in layer_rules(question):
        if fit.takes_point:
            yield rule
        elif rule.kind in _TOUCHING and not rule.at_most:
            yield LayerRule("nearer", rule.layer, NEAR_M, selection=rule.selection)
        elif rule.kind == "nearer":
            yield replace(rule, within=rule.within + NEAR_M)
