"""The router of a city, made once for the versions it publishes and kept in the process."""

from collections.abc import Mapping
from threading import Lock

from sqlalchemy.orm import Session

from forms.catalogue.vocabulary import Fact, shipped
from forms.catalogue.windows import Window
from forms.routing import Router
from portal.core.database import city_of
from portal.procedures import Offer, offers

_routers: dict[str, tuple[tuple[int, ...], Router]] = {}
_lock = Lock()


def router_of(session: Session) -> tuple[Router, list[Offer]]:
    """The router of the session's city, with what the city offers now."""
    offered = [offer for offer in offers(session) if offer.definition.based_on is None]
    versions = tuple(offer.version_id for offer in offered)
    city = city_of(session)
    with _lock:
        kept = _routers.get(city)
    if kept is not None and kept[0] == versions:
        return kept[1], offered
    router = Router([offer.definition for offer in offered], _facts(offered))
    with _lock:
        _routers[city] = (versions, router)
    return router, offered


def _facts(offered: list[Offer]) -> Mapping[str, Fact]:
    """The shared facts, and those that the city added for its procedures."""
    facts = dict(shipped().facts)
    for offer in offered:
        vocabulary = offer.definition.vocabulary
        facts |= {name: vocabulary.facts[name] for name in vocabulary.own_facts}
    return facts


def procedures_behind(window: Window, offered: list[Offer]) -> frozenset[str]:
    """The keys of the procedures that stand behind a window and say for whom they are."""
    return frozenset(
        offer.key
        for offer in offered
        if window.holds(offer.definition) and offer.definition.routing and offer.definition.routing.applies_when
    )
