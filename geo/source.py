"""What callers hand over: features of their own tables, which this library turns into tiles and asks about overlaps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression
from sqlalchemy.types import TypeEngine


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Features of `table`, a table or a model.

    `geom` holds longitude and latitude (EPSG:4326) and should have a GiST index; `properties` are the values shown of a feature, by name.
    Every statement adds `where`. For tiles it may hold named bind parameters, whose values `geo.tiles.read_tile` takes.
    """

    table: Any
    id: SQLColumnExpression[int]
    geom: Any
    properties: Mapping[str, SQLColumnExpression[Any]] = field(default_factory=dict)
    where: Sequence[ColumnElement[bool]] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Subset:
    """A further count of a cluster: features for which `condition` holds, in these categories."""

    condition: ColumnElement[bool]
    categories: Sequence[str]


@dataclass(frozen=True, slots=True, eq=False)
class Clustering:
    """How the features of a source are counted.

    `cell` is the number of the web-map tile at `geo.pyramid.CELL_LEVEL` that holds the feature's centre, in Morton order. Each of the
    `categories` that `category` can have becomes a count of its own; `single`, a name and a column, is shown where a cell holds one feature.
    An index on `cell` that includes every column used here and in the source's `where` answers the whole statement.
    """

    cell: SQLColumnExpression[int | None]
    category: SQLColumnExpression[str]
    categories: Sequence[str]
    single: tuple[str, SQLColumnExpression[int]]
    subsets: Mapping[str, Subset] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class OccupancySource:
    """Features that occupy ground during a period, and how a query chooses among them.

    Both days of a period are included; NULL is an open end. `parameters` are the SQL types of what a query says beside its period, by
    name; `matches` makes a condition of their columns.
    """

    features: Source
    starts_on: SQLColumnExpression[Any]
    ends_on: SQLColumnExpression[Any]
    parameters: Mapping[str, TypeEngine[Any]]
    matches: Callable[[Any], ColumnElement[bool]]
