"""日野市 with its demo layers, one layer for staff and one for a department, served over HTTP on this machine."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from geo.catalogue import change_entry
from geo.layer_import import LayerMetadata, import_layer
from portal.core.database import city_session
from tests.integration.geo.stalls import rectangle
from tests.kit.browser import Browser
from tests.kit.city import hire, inhabited
from tests.kit.serving import serving

CITY, THERE = "hino", "mitaka"
PLOTS = 25
CENTRE = (139.3950, 35.6713)


@dataclass
class Town:
    """Who asks: somebody, a clerk of the roads office, a clerk of another office, and a clerk of the other city."""

    anybody: Browser
    roads: Browser
    citizens: Browser
    elsewhere: Browser


def _load(city: str, key: str, visible_to: str) -> None:
    properties = [{"name": f"第{n}区画", "number": n, "open": n % 2 == 0, "note": None} for n in range(PLOTS)]
    features = [
        {"type": "Feature", "properties": row, "geometry": rectangle(20 * n, 0, 10, 10, CENTRE)}
        for n, row in enumerate(properties)
    ]
    title = {"ja": "区画", "en": "Plots", "ja-easy": "区画(くかく)", "zh": "地块", "ko": "구획"}
    with city_session(city) as session:
        import_layer(session, LayerMetadata(key, title, "polygon"), {"type": "FeatureCollection", "features": features})
        owner = "road-management" if visible_to == "groups" else None
        change_entry(session, key, visible_to=visible_to, owner=owner, licence="CC BY 4.0", source="日野市")


@pytest.fixture(scope="package")
def town(app: Flask) -> Iterator[Town]:
    """See above. The other city has a layer of its own, which this one does not know."""
    with inhabited([CITY, THERE], ()):
        for key, visible_to in (("plots", "public"), ("pipes", "staff"), ("defects", "groups")):
            _load(CITY, key, visible_to)
        _load(THERE, "wells", "public")
        hire(CITY, "roads@example.jp", {"road-management": ("clerk", "publisher")})
        hire(CITY, "citizens@example.jp", {"citizens": ("clerk",)})
        hire(THERE, "there@example.jp", {"road-management": ("clerk", "publisher")})
        yield Town(
            Browser(app, CITY),
            Browser(app, CITY).sign_in_at_desk("roads@example.jp"),
            Browser(app, CITY).sign_in_at_desk("citizens@example.jp"),
            Browser(app, THERE).sign_in_at_desk("there@example.jp"),
        )


@pytest.fixture(scope="package")
def served(app: Flask, town: Town) -> Iterator[str]:
    """The address of the city's host, answered by a server on a port of its own."""
    with serving(app) as port:
        yield f"http://{CITY}.localhost:{port}"
