"""Folium maps that comply with a strict Content-Security-Policy and load nothing from other hosts.

Folium assembles the map; what each layer does in the browser is our own script (`madoguchi.map.…`), so that an element here only
says which function to call with which options. The HTML has no style attribute, event handler or style sheet of its own; its one
script gets the page's nonce.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import folium
from branca.element import Figure, MacroElement
from folium.template import Template
from markupsafe import Markup

MIN_ZOOM = 11
MAX_ZOOM = 21

Bounds = tuple[tuple[float, float], tuple[float, float]]  # south-west and north-east as (lat, lon)


@dataclass(frozen=True, slots=True)
class Assets:
    """URLs of the scripts of a page with a map, in loading order; all on the page's own host."""

    scripts: tuple[str, ...]

    def __post_init__(self) -> None:
        external = [url for url in self.scripts if not url.startswith("/") or url[1:2] == "/"]
        if external:
            raise ValueError(f"not on this host: {', '.join(external)}")


@dataclass(frozen=True, slots=True)
class MapParts:
    """A map as HTML, in the parts that a page template places: elements for its head, the map's own, and its script."""

    head: Markup
    body: Markup
    script: Markup


class CityMap(folium.Map):
    """A map of a city.

    Folium's own header (a viewport that forbids zooming, style elements, switches) is left out: size and position of a map belong to
    our style sheet. Folium's default scripts and styles come from other hosts; ours replace them.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - declared so by folium, replaced for each map
    default_css: list[tuple[str, str]] = []  # noqa: RUF012 - declared so by folium

    _template = Template(
        """
        {% macro html(this, kwargs) %}<div class="map__canvas folium-map" id="{{ this.get_name() }}"></div>{% endmacro %}
        {% macro script(this, kwargs) %}
            const {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {{ this.leaflet_options|tojson }});
            madoguchi.map.ready({{ this.get_name() }}, {{ this.ready_options|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, assets: Assets, city: str, center: tuple[float, float], bounds: Bounds, zoom: int = 14) -> None:
        super().__init__(location=center, zoom_start=zoom, tiles=None, zoom_control=False)
        self.default_js = [(f"script-{n}", url) for n, url in enumerate(assets.scripts)]
        self.assets = assets
        self.leaflet_options = {
            "center": list(center),
            "zoom": zoom,
            "minZoom": MIN_ZOOM,
            "maxZoom": MAX_ZOOM,
            "zoomControl": False,
            "attributionControl": False,
        }
        self.ready_options = {"city": city, "bounds": [list(corner) for corner in bounds]}

    def rendered(self) -> "RenderedMap":
        """The map as text that can be cached and shown under different nonces. To be called once."""
        figure = cast(Figure, self.get_root())
        figure.render()
        return RenderedMap(self.assets, figure.html.render().strip(), _as_block(figure.script.render()))


@dataclass(frozen=True, slots=True)
class RenderedMap:
    """Everything of a map but the nonce. Folium takes several milliseconds to render it."""

    assets: Assets
    body: str
    script: str

    def parts(self, nonce: str) -> MapParts:
        """The parts for a page with that nonce."""
        return MapParts(
            head=_head(self.assets, nonce),
            body=Markup(self.body),  # noqa: S704 - made of our templates and JSON only
            # a module, because only modules wait for the deferred scripts of the head
            script=Markup('<script type="module" nonce="{}">{}</script>').format(nonce, Markup(self.script)),  # noqa: S704 - made of our templates and JSON only
        )


class MapCall(MacroElement):
    """A call of one of our map scripts: `madoguchi.map.<function>(map, options)`, the options in camel case."""

    function: ClassVar[str]

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            madoguchi.map.{{ this.function }}({{ this._parent.get_name() }}, {{ this.options|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, **options: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # branca leaves it untyped
        self._name = type(self).__name__
        self.options = {_camel(name): value for name, value in options.items() if value is not None}


class SchematicBase(MapCall):
    """The schematic base map of this project (geo/basemap), served at `url`."""

    function = "schematicBase"

    def __init__(self, url: str, city: str, attribution: str = "模式図") -> None:
        super().__init__(url=url, city=city, attribution=attribution)


class PlainBase(MapCall):
    """No base map, for a city that the schematic does not show; the page says so in place of the attribution."""

    function = "plainBase"


class TileBase(MapCall):
    """Raster tiles as the base map, such as those of the Geospatial Information Authority of Japan."""

    function = "tileBase"

    def __init__(self, url: str, attribution: str, max_zoom: int = 18) -> None:
        super().__init__(url=url, attribution=attribution, max_zoom=max_zoom)


class BaseChoice(MapCall):
    """The base map that is chosen in the panel of the page among `bases`, each with key, kind (schematic | tiles | none), url and attribution."""

    function = "baseChoice"

    def __init__(self, bases: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(bases=[dict(base) for base in bases])


class OverlayTiles(MapCall):
    """A map layer from vector tiles (`geo.layers.layer_tile`), with its switch in the panel of the map.

    `height` is its place among the layers of a map that lie in an order of their own, from 1 at the bottom; without it areas lie under lines
    under points.
    """

    function = "overlayTiles"

    def __init__(
        self,
        key: str,
        url: str,
        style: Mapping[str, Any],
        *,
        kind: str = "polygon",
        version: int | None = None,
        shown: bool = False,
        opacity: float = 1,
        height: int | None = None,
    ) -> None:
        super().__init__(
            key=key,
            url=url,
            style=dict(style),
            kind=kind,
            version=None if version is None else str(version),
            shown=shown,
            opacity=opacity,
            **({} if height is None else {"zIndex": height}),
        )


class FeatureEditor(MapCall):
    """The features of a layer of one kind (point | line | polygon) below `url`, drawn and changed with Leaflet-Geoman.

    At most `most` are shown at once. The map opens on `bounds` (south-west and north-east) if they are given, no closer than `closest`;
    `meridian` is that of the plane system in which steps of the keys are measured.
    """

    function = "editFeatures"

    def __init__(
        self, *, url: str, kind: str, most: int, bounds: list[list[float]] | None, closest: int, meridian: float
    ) -> None:
        super().__init__(url=url, kind=kind, most=most, bounds=bounds, closest=closest, meridian=meridian)


class FeaturePins(MapCall):
    """What a list beside the map tells of, as numbered pins that lead to it, and the place that it is near to.

    Each of `pins` has lon, lat, number, title and href; `spot` has lon, lat and title. `shape` is the one feature that the page is about, as
    GeoJSON. A press on the map elsewhere sets another place with the form whose id is `form`.
    """

    function = "featurePins"

    def __init__(
        self,
        *,
        pins: Sequence[Mapping[str, Any]],
        spot: Mapping[str, Any] | None,
        shape: Mapping[str, Any] | None,
        form: str,
    ) -> None:
        super().__init__(pins=[dict(pin) for pin in pins], spot=spot, shape=shape, form=form)


class InStep(MapCall):
    """Maps of a page that show the same place: moving one moves the others."""

    function = "inStep"


def make_map(
    assets: Assets, city: str, center: tuple[float, float], bounds: Bounds, layers: Sequence[MapCall]
) -> CityMap:
    """A map with its layers, the base map first. `center` is (lat, lon)."""
    city_map = CityMap(assets, city, center, bounds)
    for call in layers:
        city_map.add_child(call)
    return city_map


def _head(assets: Assets, nonce: str) -> Markup:
    """Deferred: what is written on the page is shown before its map can be."""
    scripts = (Markup('<script src="{}" nonce="{}" defer></script>').format(url, nonce) for url in assets.scripts)
    return Markup("\n").join(scripts)


def _as_block(script: str) -> str:
    """The script in a block, so that its names do not become the page's. Raises ValueError if it could end its element."""
    if "</" in script or "<!--" in script:
        raise ValueError("the script of a map would end its script element")
    return f"{{{script.rstrip()}\n}}"


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
