"""What waits on the page of a layer: the words of those who say that it is wrong, with what it gave and where."""

from dataclasses import dataclass

from shapely.geometry import shape
from sqlalchemy.orm import Session

from geo.catalogue import Entry
from portal.cases import Case, MapObjection, PlaceFinding
from portal.cases.map_objections import open_objections
from portal.cases.queries import places_of
from portal.core.access import StaffIdentity
from portal.core.text import pick
from portal.desk.place_reasons import staff_reason


@dataclass(frozen=True)
class WaitingLine:
    """An objection: what the map gave by which version, the case, and a point of its place (longitude, latitude)."""

    row: MapObjection
    case: Case
    reason: str
    version: int | None
    spot: tuple[float, float] | None
    may_open: bool


def waiting_lines(session: Session, entry: Entry, staff: StaffIdentity) -> list[WaitingLine]:
    """What waits for whoever keeps a layer, oldest first."""
    return [_line(session, entry, staff, row, case) for row, case in open_objections(session, entry.key)]


def _line(session: Session, entry: Entry, staff: StaffIdentity, row: MapObjection, case: Case) -> WaitingLine:
    finding = PlaceFinding.from_stored(row.finding)
    spot = next((_spot(place.geometry) for place in places_of(session, case.id) if place.field == row.field), None)
    reason = staff_reason(finding, pick(entry.title, "ja"))
    return WaitingLine(row, case, reason, finding.layer_version, spot, staff.may("case.see", case.department_id))


def _spot(geometry: dict[str, object]) -> tuple[float, float]:
    point = shape(geometry).representative_point()
    return round(point.x, 6), round(point.y, 6)
