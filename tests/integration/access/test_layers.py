"""Every layer at every door, for everybody: pages, tiles, files, paper and the interface for programs have what the reader may see, and nothing else."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from geo.catalogue import change_entry
from geo.layer_import import LayerMetadata, import_layer
from portal.core.database import city_session
from tests.integration.access.routes import FORBIDDEN, IN, MISSING, SIGN_IN, outcome
from tests.integration.access.town import HERE, THERE, Town
from tests.integration.geo.stalls import rectangle
from tests.kit.browser import Browser

CENTRE = (139.3950, 35.6713)
SECRET = "見てはいけない区画"
LAYERS: dict[str, dict[str, Any]] = {
    "of-everybody": {"visible_to": "public", "owner": "road-management"},
    "of-staff": {"visible_to": "staff", "owner": "road-management"},
    "of-roads": {"visible_to": "groups", "owner": "road-management"},
    "of-named": {"visible_to": "groups", "owner": "road-management", "viewers": ["environment"]},
    "of-editors": {"visible_to": "groups", "owner": "road-management", "editors": ["citizens"]},
    "without-owner": {"visible_to": "groups", "owner": None},
}
"""Each way in which a layer says who sees it, in the city HERE."""
ELSEWHERE = "wells"
"""A layer of the city THERE, for everybody."""

OUTSIDE = {"anonymous", "stranger"}
_ALL = set(LAYERS)
SEES = {
    "anonymous": {"of-everybody"},
    "stranger": {"of-everybody"},
    "bystander": {"of-everybody", "of-staff"},
    "neighbour": {"of-everybody", "of-staff", "of-named", "of-editors"},
    "officer": _ALL - {"without-owner"},
}
"""The layers that each of the town sees: somebody, a resident, staff without a role, of other offices, and of the roads office."""
CHANGES = {"neighbour": {"of-editors"}, "officer": _ALL - {"without-owner"}}
"""The layers that they may give new features."""
DECIDES = {"officer": _ALL - {"without-owner"}}
"""The layers about which they decide."""

PUBLIC_DOORS = ("maps.public_layer", "residents.map_feature", "ogc.")
EDITING = ("desk_layer_editing.", "desk_layer_draft.", "desk_layer_imports.")
DECIDING = {"desk_layers.describe", "desk_layers.retire", "desk_layer_use.choose", "desk_layer_use.change"}
RESTORING = {"desk_layers.restoration", "desk_layer_style.choose"}
GONE = {"desk_layer_history.feature", "desk_ogc.item", "ogc.item", "residents.map_feature"}
"""Routes to a feature whose number is not there: they tell nobody more than that."""


@pytest.fixture(scope="module")
def layers(town: Town) -> Iterator[Town]:
    """The layers in their cities, out of use afterwards."""
    cities = [(HERE, key, entry) for key, entry in LAYERS.items()] + [(THERE, ELSEWHERE, {"visible_to": "public"})]
    for city, key, entry in cities:
        feature = {"type": "Feature", "properties": {"name": SECRET}, "geometry": rectangle(0, 0, 40, 40, CENTRE)}
        with city_session(city) as session:
            metadata = LayerMetadata(key, {"ja": f"{SECRET}({key})"}, "polygon")
            import_layer(session, metadata, {"type": "FeatureCollection", "features": [feature]})
            change_entry(session, key, **entry)
    yield town
    for city, key, _entry in cities:
        with city_session(city) as session:
            change_entry(session, key, in_use=False)


def _doors(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Method, endpoint and address (with LAYER for the key) of every route to one layer."""
    values = {
        "z": 15, "x": 29072, "y": 12904, "number": 1, "kind": "geojson", "feature_id": 999_999, "import_id": 999_999,
        "objection_id": 999_999, "item": 999_999, "tms": "WebMercatorQuad", "key": "LAYER",
    }  # fmt: skip
    urls = app.url_map.bind("hino.localhost")
    for rule in app.url_map.iter_rules():
        of_layer = rule.endpoint.startswith(("maps.", "desk_layer", "ogc.", "desk_ogc.", "residents.map_feature"))
        if of_layer and "key" in rule.arguments:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                address = urls.build(rule.endpoint, {name: values[name] for name in rule.arguments})
                yield method, rule.endpoint, str(address)


def _ask(visitor: Browser, method: str, path: str) -> str:
    answer = visitor.get(path) if method == "GET" else visitor.post(path, {})
    return outcome(answer)


def _expected(who: str, method: str, endpoint: str, key: str) -> set[str]:
    for_everybody = endpoint.startswith(PUBLIC_DOORS)
    if not for_everybody and who in OUTSIDE:
        return {SIGN_IN["staff"]}
    seen = {"of-everybody"} if for_everybody else SEES[who]
    if key not in seen:
        return {MISSING, FORBIDDEN}
    if endpoint in GONE:
        return {MISSING}
    if endpoint in DECIDING:
        return {IN} if key in DECIDES.get(who, set()) else {FORBIDDEN}
    if method == "POST" or endpoint.startswith(EDITING) or endpoint in RESTORING:
        return {IN, MISSING} if key in CHANGES.get(who, set()) else {FORBIDDEN}
    return {IN}


@pytest.mark.parametrize("who", SEES)
def test_a_layer_opens_for_those_who_see_it_at_every_door(app: Flask, layers: Town, who: str) -> None:
    wrong = {}
    for method, endpoint, path in _doors(app):
        for key in (*LAYERS, ELSEWHERE):
            told = _ask(layers.people[who], method, path.replace("LAYER", key))
            if told not in _expected(who, method, endpoint, key):
                wrong[f"{method} {path} {key}"] = told
    assert wrong == {}


def _title(key: str) -> str:
    return f"{SECRET}({key})"


def _told(text: str) -> set[str]:
    return {key for key in (*LAYERS, ELSEWHERE) if _title(key) in text}


def _collections(visitor: Browser, door: str) -> set[str]:
    listed = visitor.get(f"{door}/collections?f=json").get_json()["collections"]
    return {each["id"] for each in listed} & {*LAYERS, ELSEWHERE}


@pytest.mark.parametrize("who", ["bystander", "neighbour", "officer"])
def test_lists_maps_dossiers_and_paper_tell_of_the_layers_that_are_seen(layers: Town, who: str) -> None:
    visitor, seen = layers.people[who], SEES[who]
    lon, lat = CENTRE
    keys = ",".join((*LAYERS, ELSEWHERE))
    assert _told(visitor.get("/desk/layers").text) == seen
    assert (
        _told(visitor.get(f"/desk/map/features?at=17/{lat + 0.0001:.5f}/{lon + 0.0001:.5f}&layers={keys}").text) == seen
    )
    assert _collections(visitor, "/desk/ogc") == seen
    for key in (*LAYERS, ELSEWHERE):
        begun = visitor.post("/desk/prints", {"layer": key})
        assert outcome(begun) in ({IN, FORBIDDEN} if key in seen else {MISSING, FORBIDDEN}), key
        features = visitor.get(f"/desk/select?by=layer&layer={key}&words={quote(SECRET)}").text
        assert (f"feature%3A{key}%3A" in features) is (key in seen and who != "bystander"), key
    if who == "bystander":
        return
    begun = visitor.post("/desk/prints", {"layers": keys, "view": f"{lat},{lon},17"})
    assert _told(visitor.get(begun.location).text) == seen
    assert _told(visitor.get("/desk").text) == seen
    dossier = visitor.post("/desk/dossiers", {"positions": f"{lat + 0.0001:.5f}, {lon + 0.0001:.5f}"})
    assert _told(visitor.get(dossier.location).text) == seen


def test_everybody_is_told_of_layers_for_everybody(layers: Town) -> None:
    for who in sorted(OUTSIDE):
        assert _collections(layers.people[who], "/ogc") == {"of-everybody"}
    assert _told(layers.people["officer there"].get("/desk/layers").text) == {ELSEWHERE}
