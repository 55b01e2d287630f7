"""Vector tiles of cases under the filter of the desk: counted cells for the city, pins and shapes for the street."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Select, bindparam, case, func, literal_column, select
from sqlalchemy.orm import Session

from common.status import OPEN_STATUSES, STATUSES
from geo import Clustering, Source, Subset, Tile
from geo.clusters import MAX_CLUSTER_ZOOM, cluster_tile, clusters_of
from geo.tiles import constant, feature_tile
from portal.cases import place_counts
from portal.cases.case_filter import CaseFilter, is_late_place, place_conditions
from portal.cases.models import CasePlace
from portal.cases.tile_versions import SNAPSHOT, version_of

CLUSTERS_UP_TO = 14
"""The last zoom at which tiles hold counted cells and no pins."""


MOST = 500
"""Cases of which a closer tile shows each; of more it shows counted cells too, down to `geo.clusters.MAX_CLUSTER_ZOOM`."""


@dataclass(frozen=True)
class CaseTile:
    """A vector tile, empty without any case, and its version for `unchanged_version`, if it has one."""

    content: bytes
    version: str | None


def case_tile(session: Session, tile: Tile, case_filter: CaseFilter) -> CaseTile:
    """The places of cases in a tile that pass the filter, in one statement; in two where only the places tell that they are too many.

    Up to z14: layer `cells`, see `geo.clusters`, with a count for each status and of the late ones. From z15 on: layers `pins` and
    `areas`, see `geo.tiles.feature_tile`, or `cells` where there are more than `MOST`. From z19 on every case is shown, so each is reached
    by going nearer.
    """
    shape, values = case_filter.shape(), {**tile.parameters(), **case_filter.parameters()}
    content: bytes | None = None
    if tile.z > CLUSTERS_UP_TO:
        snapshot, content = session.execute(close_statement(shape, tile.z), values).one()
    if content is None:
        snapshot, content = session.execute(cell_statement(shape, tile.z), values).one()
    return CaseTile(bytes(content), version_of(snapshot, case_filter))


# Both are cached for each shape of a filter: building such a statement takes 4 to 15 ms, running it one.


@lru_cache(maxsize=256)
def close_statement(shape: CaseFilter, zoom: int) -> Select[Any]:
    """A tile from z15 on; NULL where there are too many places to show and what is kept has not told it.

    Plan: what is kept says which of two to run: cells from it, or a Bitmap or Index Scan on ix_case_place_open_geom for open cases,
    otherwise on ix_case_place_geom. Under other filters the latter alone.
    """
    if zoom > MAX_CLUSTER_ZOOM:
        return _with_snapshot(feature_tile(_source(shape)))
    features = feature_tile(_source(shape), MOST)
    if not shape.counted:
        return _with_snapshot(features)
    many = place_counts.number_in_tile(shape, zoom) > constant(MOST)
    cells = _cells(shape, zoom)
    return _with_snapshot(select(case((many, cells.scalar_subquery()), else_=features.scalar_subquery())))


@lru_cache(maxsize=256)
def cell_statement(shape: CaseFilter, zoom: int) -> Select[Any]:
    """Plan: what is kept (`place_counts`) where the filter allows it, otherwise Index Only Scan on ix_case_place_cell."""
    return _with_snapshot(_cells(shape, zoom))


def _cells(shape: CaseFilter, zoom: int) -> Select[Any]:
    if shape.counted and zoom <= place_counts.MAX_ZOOM:
        return clusters_of(place_counts.counted_rows(shape, zoom), _clustering(shape))
    return cluster_tile(_source(shape), _clustering(shape), zoom)


def _with_snapshot(tile: Select[Any]) -> Select[Any]:
    return select(SNAPSHOT, tile.scalar_subquery())


def _source(shape: CaseFilter) -> Source:
    properties = {
        "case_id": CasePlace.case_id,
        "status": CasePlace.status,
        "state": CasePlace.state,
        "due": func.to_char(CasePlace.due_on, literal_column("'YYYY-MM-DD'")),
        "late": func.coalesce(is_late_place(shape.today), literal_column("false")),
        "procedure": CasePlace.procedure_key,
    }
    return Source(CasePlace, CasePlace.id, CasePlace.geom, properties, place_conditions(shape))


def _clustering(shape: CaseFilter) -> Clustering:
    past_due = CasePlace.due_on < bindparam("today", shape.today, Date)
    return Clustering(
        cell=CasePlace.cell,
        category=CasePlace.status,
        categories=STATUSES,
        single=("case_id", CasePlace.case_id),
        subsets={"late": Subset(past_due, OPEN_STATUSES)},
    )
