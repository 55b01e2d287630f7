"""A strip along a side of a road: where scaffolding, a fence or a row of stalls stands, given by its length and width."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal

from shapely import Point, from_wkb
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from common.geometry import Position
from common.plane import Plane
from geo.tables import layer, layer_feature

Side = Literal["near", "north", "east", "south", "west"]
_TOWARDS = {"north": (0.0, 1.0), "east": (1.0, 0.0), "south": (0.0, -1.0), "west": (-1.0, 0.0)}
_NEAR_M = 80.0
"""How far a road may be from the place that somebody names in front of it, in metres."""
_EDGE_M = 3.0
"""An edge that is shorter, as at a rounded corner, gives no direction."""
_PARALLEL = math.cos(math.radians(25))
_DEGREES = _NEAR_M / 80_000
Vector = tuple[float, float]
Edge = tuple[Vector, Vector]


def strip_along_road(
    connection: Connection | Session,
    layers: Sequence[str],
    position: Position,
    length: float,
    width: float,
    side: Side,
    *,
    plane: Plane,
) -> list[Position] | None:
    """The ring of a strip in front of a position, of the nearest road in the first of these layers that has one; None where none is near.

    Areas of roads hold the strip inside their edge; of a road that is drawn as a line it lies beside that line.
    """
    [spot] = plane.project([position])
    for key in layers:
        roads = _roads(connection, key, position, plane)
        strip = strip_beside(roads, spot, length, width, side)
        if strip is not None:
            return plane.locate(strip)
    return None


def strip_beside(
    roads: Sequence[BaseGeometry], spot: Vector, length: float, width: float, side: Side
) -> list[Vector] | None:
    """The same in the plane: the corners of the ring, closed. The middle of its length lies in front of the spot."""
    here = Point(spot)
    near = [(road, road.distance(here)) for road in roads]
    road = min((each for each in near if each[1] <= _NEAR_M), key=lambda each: each[1], default=None)
    if road is None:
        return None
    edges = [edge for edge in _edges(road[0]) if math.dist(*edge) >= _EDGE_M]
    if not edges:
        return None
    is_area = road[0].geom_type.endswith("Polygon")
    edge = min(edges, key=lambda each: _distance(each, spot))
    if side != "near":
        edge = _on_side(edge, edges, spot, length, _TOWARDS[side])
    along = _direction(edge)
    foot = _foot(edge, spot)
    inwards = _across(along, road[0], foot) if is_area else _away(along, _TOWARDS.get(side), spot, foot)
    start = (foot[0] - along[0] * length / 2, foot[1] - along[1] * length / 2)
    end = (foot[0] + along[0] * length / 2, foot[1] + along[1] * length / 2)
    step = (inwards[0] * width, inwards[1] * width)
    return [start, end, (end[0] + step[0], end[1] + step[1]), (start[0] + step[0], start[1] + step[1]), start]


def _roads(connection: Connection | Session, key: str, position: Position, plane: Plane) -> list[BaseGeometry]:
    """The roads of a layer around a position, in the plane. Plan: Index Scan on ix_layer_feature_geom."""
    spot = func.ST_SetSRID(func.ST_MakePoint(*position), 4326)
    flat = func.ST_AsBinary(func.ST_Transform(func.ST_Force2D(layer_feature.c.geom), plane.srid))
    query = (
        select(flat)
        .join(layer, layer.c.id == layer_feature.c.layer_id)
        .where(
            layer.c.key == key,
            layer.c.in_use,
            layer_feature.c.geom.op("&&")(func.ST_Expand(spot, _DEGREES)),
        )
        .order_by(layer_feature.c.geom.op("<->")(spot))
        .limit(5)
    )
    return [from_wkb(bytes(row[0])) for row in connection.execute(query)]


def _edges(shape: BaseGeometry) -> Iterator[Edge]:
    lines = shape.boundary if shape.geom_type.endswith("Polygon") else shape
    for line in getattr(lines, "geoms", [lines]):
        points = [(x, y) for x, y, *_height in line.coords]
        yield from pairwise(points)


def _on_side(edge: Edge, edges: Sequence[Edge], spot: Vector, length: float, towards: Vector) -> Edge:
    """Of the edges that run like the nearest one past the spot, the one that lies furthest in a direction."""
    along = _direction(edge)
    beside = [
        each
        for each in edges
        if abs(_dot(_direction(each), along)) >= _PARALLEL and _distance(each, spot) <= _NEAR_M + length
        if _reaches(each, spot, length)
    ]
    return max(beside or [edge], key=lambda each: _dot(_foot(each, spot), towards))


def _reaches(edge: Edge, spot: Vector, length: float) -> bool:
    """Whether an edge runs past the spot, within half the length that is asked for."""
    along, reach = _direction(edge), _dot(_direction(edge), spot)
    ends = sorted(_dot(along, end) for end in edge)
    return ends[0] - length / 2 <= reach <= ends[1] + length / 2


def _direction(edge: Edge) -> Vector:
    (x1, y1), (x2, y2) = edge
    far = math.dist(*edge)
    return (x2 - x1) / far, (y2 - y1) / far


def _foot(edge: Edge, spot: Vector) -> Vector:
    """Where the spot stands in front of the line through an edge."""
    along = _direction(edge)
    reach = _dot(along, (spot[0] - edge[0][0], spot[1] - edge[0][1]))
    return edge[0][0] + along[0] * reach, edge[0][1] + along[1] * reach


def _across(along: Vector, road: BaseGeometry, foot: Vector) -> Vector:
    """The direction into the road from its edge."""
    left = (-along[1], along[0])
    inside = road.distance(Point(foot[0] + left[0], foot[1] + left[1]))
    outside = road.distance(Point(foot[0] - left[0], foot[1] - left[1]))
    return left if inside < outside else (-left[0], -left[1])


def _away(along: Vector, towards: Vector | None, spot: Vector, foot: Vector) -> Vector:
    """The side of a line that lies in a direction, or else where the spot is."""
    left = (-along[1], along[0])
    direction = towards or (spot[0] - foot[0], spot[1] - foot[1])
    return left if _dot(left, direction) >= 0 else (-left[0], -left[1])


def _distance(edge: Edge, spot: Vector) -> float:
    along, reach = _direction(edge), 0.0
    reach = min(max(_dot(along, (spot[0] - edge[0][0], spot[1] - edge[0][1])), 0.0), math.dist(*edge))
    return math.dist(spot, (edge[0][0] + along[0] * reach, edge[0][1] + along[1] * reach))


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1]
