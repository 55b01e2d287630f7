"""Where things are: map layers and their tiles, place names, and what lies at a drawn place.

A library: it knows SQLAlchemy and PostGIS, but no web framework and nothing of what the city does with places. Tables of callers are
handed over as a `Source`. Every function takes a connection or a session whose search path already points to a city, and neither
commits nor rolls back.

Modules of their own to import from: `tiles`, `clusters`, `layers`, `layer_import`, `feature_source` with `cql2_filter` and `reference_systems`,
`gazetteer`, `maps` (folium) and `basemap`.
"""

from geo.adjustment import MAX_NEIGHBOURS, Adjustment, adjust_place
from geo.layer_rules import LayerFinding, LayerLookup, LayerRule, LayerRuleResult, ListedAddress, Selection
from geo.overlap import Overlap, OverlapQuery
from geo.place_query import PlaceError, PlaceResult, query_place
from geo.pyramid import CELL_LEVEL, MAX_ZOOM, Tile
from geo.source import Clustering, OccupancySource, Source, Subset

__all__ = [
    "CELL_LEVEL",
    "MAX_NEIGHBOURS",
    "MAX_ZOOM",
    "Adjustment",
    "Clustering",
    "LayerFinding",
    "LayerLookup",
    "LayerRule",
    "LayerRuleResult",
    "ListedAddress",
    "OccupancySource",
    "Overlap",
    "OverlapQuery",
    "PlaceError",
    "PlaceResult",
    "Selection",
    "Source",
    "Subset",
    "Tile",
    "adjust_place",
    "query_place",
]
