"""Places of cases on a piece of ground, for maps on paper."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from common.geometry import Position
from common.status import OPEN_STATUSES, Status
from portal.cases.case_filter import CaseFilter, place_conditions
from portal.cases.models import Case, CasePlace


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """A place (GeoJSON) of a case, with what a list says of the case that names nobody."""

    case_id: int
    number: str
    title: str
    status: Status
    place_label: str
    due_on: date
    geometry: Mapping[str, Any]

    def is_late(self, today: date) -> bool:
        """Whether the case is open and past its due day."""
        return self.status in OPEN_STATUSES and self.due_on < today


def places_on_ground(
    session: Session, case_filter: CaseFilter, ring: Sequence[Position], limit: int
) -> list[SheetPlace]:
    """The places of cases that pass a filter and meet the ground of a closed ring in degrees, by case; at most so many and one more.

    The departments of the filter must be those whose places the reader may see.
    Plan: Index Scan on ix_case_place_open_geom or ix_case_place_geom.
    """
    ground = func.ST_GeomFromText(literal(f"POLYGON(({', '.join(f'{lon} {lat}' for lon, lat in ring)}))"), 4326)
    told = (Case.id, Case.number, Case.title, Case.status, Case.place_label, Case.due_on)
    query = (
        select(*told, func.ST_AsGeoJSON(CasePlace.geom, 7))
        .join(Case, Case.id == CasePlace.case_id)
        .where(*place_conditions(case_filter), CasePlace.geom.ST_Intersects(ground))
        .order_by(CasePlace.case_id, CasePlace.id)
        .limit(limit + 1)
    )
    return [
        SheetPlace(case_id, number, title, cast(Status, status), label, due_on, json.loads(geometry))
        for case_id, number, title, status, label, due_on, geometry in session.execute(query)
    ]
