"""Where things are: map layers, vector tiles, facts and rules of places, place names, and maps drawn by folium.

A library: it knows SQLAlchemy and PostGIS, but no web framework and no portal. Every function takes a connection or a
session whose search path already points to a city, and neither commits nor rolls back.
"""

from geo.filters import CaseFilter
from geo.place import ClearOf, Conflict, LookUp, PlaceAnswer, PlaceError, Rule, RuleResult, ask_place

__all__ = [
    "CaseFilter",
    "ClearOf",
    "Conflict",
    "LookUp",
    "PlaceAnswer",
    "PlaceError",
    "Rule",
    "RuleResult",
    "ask_place",
]
