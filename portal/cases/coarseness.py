"""How exactly a place is shown to everybody: as it was drawn, as a part of the nearest street, or as a square of the city's plane."""

from typing import Any

from sqlalchemy import ColumnElement, func, literal_column

from forms.definition.case_layers import PublicLayer
from geo.layers import nearest_shape

_FINER = ("exact", "street", "grid")


def coarser(first: PublicLayer, second: PublicLayer) -> PublicLayer:
    """The first, but nowhere more exact than the second."""
    least = max(first.exactness, second.exactness, key=_FINER.index)
    streets = (first if first.streets else second).streets if least == "street" else None
    cell_m = max(first.cell_m, second.cell_m)
    return first.model_copy(update={"exactness": least, "streets": streets, "cell_m": cell_m})


def shown_shape(geom: Any, layer: PublicLayer, plane_srid: int) -> ColumnElement[Any]:
    """A place as the layer shows it, in degrees. The square is the one in which its centre lies, whatever its size."""
    if layer.exactness == "exact":
        shape: ColumnElement[Any] = geom
        return shape
    square = _square(geom, layer.cell_m, plane_srid)
    if layer.exactness == "grid":
        return square
    street = nearest_shape(layer.streets or "", func.ST_Centroid(geom), square)
    # a street that runs past the square says nothing of the place; a square without a street is the best that can be told
    return func.coalesce(func.nullif(street, literal_column("'GEOMETRYCOLLECTION EMPTY'::geometry")), square)


def _square(geom: Any, side: int, srid: int) -> ColumnElement[Any]:
    centre = func.ST_Transform(func.ST_Centroid(geom), literal_column(str(srid)))
    west, south = (func.floor(along(centre) / side) * side for along in (func.ST_X, func.ST_Y))
    box = func.ST_MakeEnvelope(west, south, west + side, south + side, literal_column(str(srid)))
    return func.ST_Transform(box, literal_column("4326"))
