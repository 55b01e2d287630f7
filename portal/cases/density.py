"""How dense cases lie under the filter of the desk, in hexagons; where there are few, how many is not said."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from geo import Source
from geo.hexagons import Box, Hexagon, fitting_zoom, hexagon_statement, read_hexagons, spots_of
from portal.cases.case_filter import CaseFilter, place_conditions
from portal.cases.models import CasePlace
from portal.cases.place_counts import counted_spots

_CLASSES = 4


@dataclass(frozen=True)
class DensityClass:
    """Hexagons with `least` to `most` cases; without a `most` for the fullest, without a `least` for those with few."""

    least: int | None
    most: int | None
    hexagons: tuple[Hexagon, ...]


def density_classes(
    session: Session, case_filter: CaseFilter, box: Box, zoom: int, few_below: int
) -> list[DensityClass]:
    """The hexagons of a box with cases that pass the filter, by how many: first those with fewer than `few_below`. Only classes that occur.

    One statement for the hexagons and, where there are any, one that asks whether the place names are still the same.
    """
    zoom = fitting_zoom(box, zoom)
    statement = _statement(case_filter.shape(), zoom)
    hexagons = read_hexagons(session, statement, box, zoom, case_filter.parameters())
    counts = sorted(each.count for each in hexagons if each.count >= few_below)
    # Parts with as many hexagons each tell more than equal steps: cases crowd in the middle of a city.
    limits = sorted({few_below, *(counts[len(counts) * part // _CLASSES] for part in range(1, _CLASSES) if counts)})
    bounds = [(None, few_below - 1), *zip(limits, [limit - 1 for limit in limits[1:]] + [None], strict=True)]
    classes = [
        DensityClass(
            least, most, tuple(h for h in hexagons if (least or 0) <= h.count and (most is None or h.count <= most))
        )
        for least, most in bounds
    ]
    return [each for each in classes if each.hexagons]


@lru_cache(maxsize=256)
def _statement(shape: CaseFilter, zoom: int) -> Select[Any]:
    """Cached, because building it takes longer than running it."""
    spots = counted_spots(shape, zoom) if shape.counted else None
    if spots is None:
        source = Source(CasePlace, CasePlace.id, CasePlace.geom, where=place_conditions(shape))
        spots = spots_of(source, CasePlace.cell, zoom)
    return hexagon_statement(spots, zoom)
