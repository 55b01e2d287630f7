"""The question of an address on the way to a plan: typed or pointed at on a map, then confirmed beside what the map says there.

The plan keeps the town and what the layers answered. A house number, and the point on the map, are forgotten with the request.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request

from forms.catalogue.vocabulary import Fact
from forms.routing import Facts, KnownFact, answer_in_words, label_of
from geo.place_names import PlaceName
from portal.core.access import PUBLIC, allow
from portal.core.errors import NotFound
from portal.core.text import _, current_language
from portal.core.web import db
from portal.residents import plan_places
from portal.residents.blueprint import bp
from portal.residents.layer_words import facts_in_layer_words
from portal.residents.plan_guide import Guide, guide


@dataclass(frozen=True)
class Address:
    """What stands in the question of an address: words, the places that they may mean, the point of the one that is meant.

    `confirmed` says that the person saw that place and goes on with it. `map_facts` is what the map says there.
    """

    words: str = ""
    places: tuple[PlaceName, ...] = ()
    point: plan_places.Point | None = None
    drawn: bool = False
    confirmed: bool = False
    map_facts: Facts | None = None
    error: str = ""

    @property
    def place(self) -> PlaceName | None:
        """The place that is meant; None while it may be one of several."""
        return self.places[0] if self.point is not None else None

    @property
    def geometry(self) -> dict[str, Any] | None:
        """The point as GeoJSON, for the map."""
        return {"type": "Point", "coordinates": list(self.point)} if self.point else None

    def answers(self, name: str) -> dict[str, KnownFact]:
        """The facts that follow from a confirmed address: the place, and what the map says there."""
        return {name: plan_places.as_fact(self.places[0]), **(self.map_facts or {})}


def posted(name: str, vocabulary: Mapping[str, Fact]) -> Address:
    """The address that was posted for the fact `name`. A point on the map counts until something is typed after it."""
    geometry, seen = request.form.get(f"{name}.geometry", ""), request.form.get(f"{name}.seen")
    if geometry and request.form.get(f"{name}.source") == "drawn":
        around = plan_places.around(db(), geometry)
        if around is None:
            return Address(error=_("地図の印は、市の外にあります。市内の場所を押してください。"))
        place, point = around
        return _looked_up(name, Address("", (place,), drawn=True, confirmed=seen == place.name), point, vocabulary)
    words = request.form.get("words", "").strip()
    places = tuple(plan_places.find(db(), words))
    if not places:
        return Address(words, error=_("この住所は、市の中に見つかりませんでした。町の名前から書いてください。"))
    meant = [place for place in places if place.name == request.form.get(name)]
    if len(meant or places) > 1:
        return Address(words, places)
    [place] = meant or places
    return _looked_up(name, Address(words, (place,), confirmed=seen == place.name), (place.lon, place.lat), vocabulary)


def answered(name: str, facts: Facts, vocabulary: Mapping[str, Fact]) -> Address:
    """The address that was answered before, as its question shows it again."""
    value = facts[name].value if name in facts else None
    if not isinstance(value, Mapping):
        return Address()
    label = value["label"]
    places = [place for place in plan_places.find(db(), label) if place.name == label]
    if not places:
        return Address(label)
    answered = {other: facts[other] for other in plan_places.answered_at(name, vocabulary) if other in facts}
    from_map = {other: known for other, known in answered.items() if known.source == "map"}
    return Address(label, (places[0],), (places[0].lon, places[0].lat), map_facts=from_map)


def _looked_up(name: str, address: Address, point: plan_places.Point, vocabulary: Mapping[str, Fact]) -> Address:
    return replace(address, point=point, map_facts=plan_places.facts_at(db(), name, point, address.words, vocabulary))


def facts_in_words(guided: Guide, address: Address) -> list[tuple[str, str]]:
    """What the map says at the place, of the facts that the procedures behind the window ask for."""
    language, vocabulary = current_language(), guided.router.facts
    return [
        (label_of(vocabulary[name], language), answer_in_words(vocabulary[name], known.value, language))
        for name, known in facts_in_layer_words(db(), address.map_facts or {}, vocabulary).items()
        if name in guided.router.facts_of(guided.among)
    ]


@bp.post("/plan/question/place")
@allow(PUBLIC)
def plan_question_place() -> str:
    """What is known of the place while it is typed or set on the map; nothing is kept."""
    guided = guide()
    name = request.form.get("fact", "")
    if name not in guided.router.facts or guided.router.facts[name].type != "place":
        raise NotFound(_("この質問は、いまはありません。計画のページから続けてください。"))
    address = posted(name, guided.router.facts)
    return render_template(
        "residents/plan_place.html", name=name, address=address, facts=facts_in_words(guided, address)
    )
