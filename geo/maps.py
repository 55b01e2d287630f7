"""Maps drawn by folium that live under a strict Content-Security-Policy and load nothing from other hosts.

Folium puts the map together; what each layer does in the browser is our own script (`madoguchi.map.…`), so that an
element here only says which function to call with which options. Nothing emitted carries a style attribute, a handler,
a style sheet or the text of a user; the one script gets the page's nonce.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import folium
from branca.element import Figure, MacroElement
from folium.template import Template
from markupsafe import Markup

from common.status import STATUSES

MIN_ZOOM = 11
MAX_ZOOM = 21

Bounds = tuple[tuple[float, float], tuple[float, float]]  # south-west and north-east as (lat, lon)


@dataclass(frozen=True, slots=True)
class Assets:
    """Addresses of the scripts and style sheets a map page needs, in loading order; all on the portal's own host."""

    scripts: tuple[str, ...]
    styles: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        foreign = [
            address for address in self.scripts + self.styles if not address.startswith("/") or address[1:2] == "/"
        ]
        if foreign:
            raise ValueError(f"not on this host: {', '.join(foreign)}")


@dataclass(frozen=True, slots=True)
class MapParts:
    """The pieces of a map, for a template of ours to put in their places."""

    head: Markup
    body: Markup
    script: Markup


class CityMap(folium.Map):
    """A map of a city.

    Folium's own header (a viewport that forbids zooming, style elements, switches) is left out: size and position of a
    map are matters of our style sheet. Folium's default scripts and styles come from other hosts; ours replace them.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - declared so by folium, replaced for each map
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    _template = Template(
        """
        {% macro html(this, kwargs) %}<div class="map-canvas folium-map" id="{{ this.get_name() }}"></div>{% endmacro %}
        {% macro script(this, kwargs) %}
            const {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {{ this.leaflet_options|tojson }});
            madoguchi.map.ready({{ this.get_name() }}, {{ this.ready_options|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, assets: Assets, city: str, center: tuple[float, float], bounds: Bounds, zoom: int = 14) -> None:
        super().__init__(location=center, zoom_start=zoom, tiles=None, zoom_control=False)
        self.default_js = [(f"script-{n}", address) for n, address in enumerate(assets.scripts)]
        self.default_css = [(f"style-{n}", address) for n, address in enumerate(assets.styles)]
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

    def drawn(self) -> "Drawing":
        """The map as text that can be kept and shown again under other nonces. To be called once."""
        figure = cast(Figure, self.get_root())
        figure.render()
        return Drawing(self.assets, figure.html.render().strip(), _closed(figure.script.render()))

    def parts(self, nonce: str) -> MapParts:
        """The map as pieces of HTML whose script carries the nonce. To be called once."""
        return self.drawn().parts(nonce)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map that folium has rendered, which takes it several milliseconds: everything but the nonce."""

    assets: Assets
    body: str
    script: str

    def parts(self, nonce: str) -> MapParts:
        """The pieces of HTML for a page with that nonce."""
        return MapParts(
            head=_head(self.assets, nonce),
            body=Markup(self.body),  # noqa: S704 - made of our templates and JSON only
            script=Markup('<script nonce="{}">{}</script>').format(nonce, Markup(self.script)),  # noqa: S704
        )


class _Call(MacroElement):
    """One call of a function of ours: `madoguchi.map.<function>(map, options)`."""

    function: ClassVar[str]

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            madoguchi.map.{{ this.function }}({{ this._parent.get_name() }}, {{ this.options|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, **options: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = type(self).__name__
        self.options = {_camel(name): value for name, value in options.items() if value is not None}


class SchematicBase(_Call):
    """The drawing of this project as the ground (geo/basemap), served at `url`."""

    function = "schematicBase"

    def __init__(self, url: str, city: str, attribution: str = "模式図") -> None:
        super().__init__(url=url, city=city, attribution=attribution)


class PlainBase(_Call):
    """No ground at all, for a city that the schematic does not show; the page says so in the place of the attribution."""

    function = "plainBase"


class TileBase(_Call):
    """Raster tiles as the ground, such as those of the Geospatial Information Authority."""

    function = "tileBase"

    def __init__(self, url: str, attribution: str, max_zoom: int = 18) -> None:
        super().__init__(url=url, attribution=attribution, max_zoom=max_zoom)


class CaseTiles(_Call):
    """Cases from vector tiles (`geo.tiles.case_tile`), under the filter of the list that stands on the same page."""

    function = "caseTiles"

    def __init__(self, url: str, cells_up_to: int = 14) -> None:
        super().__init__(url=url, cells_up_to=cells_up_to, statuses=list(STATUSES))


class OverlayTiles(_Call):
    """A map layer from vector tiles (`geo.tiles.layer_tile`), with its switch in the panel of the map."""

    function = "overlayTiles"

    def __init__(
        self,
        key: str,
        title: str,
        url: str,
        style: Mapping[str, Any],
        *,
        kind: str = "polygon",
        version: int | None = None,
        min_zoom: int | None = None,
        shown: bool = False,
    ) -> None:
        super().__init__(
            key=key,
            title=title,
            url=url,
            style=dict(style),
            kind=kind,
            version=None if version is None else str(version),
            min_zoom=min_zoom,
            shown=shown,
        )


def city_map(
    assets: Assets, city: str, center: tuple[float, float], bounds: Bounds, layers: Sequence[_Call]
) -> CityMap:
    """A map with its layers, from the ground up. `center` is (lat, lon)."""
    found = CityMap(assets, city, center, bounds)
    for part in layers:
        found.add_child(part)
    return found


def _head(assets: Assets, nonce: str) -> Markup:
    styles = (Markup('<link rel="stylesheet" href="{}">').format(address) for address in assets.styles)
    scripts = (Markup('<script src="{}" nonce="{}"></script>').format(address, nonce) for address in assets.scripts)
    return Markup("\n").join([*styles, *scripts])


def _closed(script: str) -> str:
    """The script as a block of its own, so that its names do not become the page's; nothing in it can end the element."""
    if "</" in script or "<!--" in script:
        raise ValueError("the script of a map would end its element")
    return f"{{{script.rstrip()}\n}}"


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
