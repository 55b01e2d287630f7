"""Vector tiles of cases under the filter of the desk: counted cells for the city, pins and shapes for the street."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Select, bindparam, func, literal_column
from sqlalchemy.orm import Session

from common.status import OPEN_STATUSES, STATUSES
from geo import Clustering, Source, Subset, Tile
from geo.tiles import cluster_tile, feature_tile, read_tile
from portal.cases.case_filter import CaseFilter, is_late_place, place_conditions
from portal.cases.models import CasePlace

CLUSTERS_UP_TO = 14
"""The last zoom at which tiles hold counted cells and no pins."""


def case_tile(session: Session, tile: Tile, case_filter: CaseFilter) -> bytes:
    """The places of cases in a tile that pass the filter; empty without any.

    Up to z14: layer `cells`, see `geo.tiles.cluster_tile`, with a count for each status and of the late ones. From z15 on: layers
    `pins` and `areas`, see `geo.tiles.feature_tile`.
    """
    return read_tile(session, tile_statement(tile.z, case_filter.shape()), tile, case_filter.parameters())


@lru_cache(maxsize=256)
def tile_statement(zoom: int, shape: CaseFilter) -> Select[Any]:
    """The statement for all tiles of a zoom and all filters of a shape. Cached: building it takes longer than running it.

    Plans: counted cells, Index Only Scan on ix_case_place_cell; pins of open cases, Bitmap or Index Scan on ix_case_place_open_geom,
    otherwise on ix_case_place_geom.
    """
    if zoom <= CLUSTERS_UP_TO:
        return cluster_tile(_source(shape), _clustering(shape), zoom)
    return feature_tile(_source(shape))


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
