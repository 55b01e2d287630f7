"""The dossier of a location: what the layers have at a place, and which cases are near it, frozen with the versions of the layers.

Made of each place of a case when it is sent, and whenever staff ask for one; it stays as it was made. Everything is frozen; what somebody
reads of it is for `readable`: layers that they may see now, and cases of departments whose cases they may see.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Integer, Text, bindparam, delete, func, select
from sqlalchemy.orm import Session

from geo.dossier import layers_at
from portal.cases.dossier_models import LocationDossier
from portal.cases.events import of_case
from portal.cases.models import Case, CasePlace
from portal.cases.place_proposals import proposals_of_case
from portal.cases.queries import places_of
from portal.core.clock import now, today
from portal.core.config import settings
from portal.core.errors import NotFound
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_row
from portal.core.tenancy import plane_of
from portal.files import files_of_case

__all__ = [
    "FREEZE_PLACES",
    "MOST_CASES",
    "Dossier",
    "LocationDossier",
    "dossier_of",
    "dossiers_of_case",
    "forget_spots",
    "freeze_places",
    "make_dossier",
]

FREEZE_PLACES = "cases.freeze_places"
"""The job that makes the dossiers of a case; see `jobs`."""

MOST_FEATURES = 20
MOST_CASES = 50
NEAR_M = 50.0
"""Cases so near to a place belong to its dossier."""

YEARS = 3
"""Cases that were sent, or whose time was, within so many years; older ones say little of a place."""


@dataclass(frozen=True, slots=True)
class NearbyCase:
    """A case near a place: how far, and for which days. `department_id` decides who reads of it."""

    case_id: int
    number: str
    title: str
    status: str
    department_id: int
    distance_m: float
    starts_on: str | None
    ends_on: str | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """What was frozen: the place (GeoJSON), its layers (`geo.dossier.LayerAt` as mappings), cases nearby, pictures of the case (file ids).

    `proposals` are what the office had proposed for the place to the applicant: `made_at`, `sent_at`, `outcome`, and `proposed` (see
    `place_proposals.Proposed`).
    """

    geometry: Mapping[str, Any]
    layers: Sequence[Mapping[str, Any]]
    cases: Sequence[NearbyCase]
    photographs: Sequence[str]
    proposals: Sequence[Mapping[str, Any]] = ()

    @classmethod
    def stored(cls, content: Mapping[str, Any]) -> "Dossier":
        """From a row."""
        cases = [NearbyCase(**case) for case in content["cases"]]
        proposals = content.get("proposals", ())
        return cls(content["geometry"], content["layers"], cases, content["photographs"], proposals)

    def readable(self, sees: Callable[[str], bool], departments: frozenset[int], *, photographs: bool) -> "Dossier":
        """What somebody reads: layers that `sees` lets them see, by their keys, and cases of these departments."""
        layers = [layer for layer in self.layers if sees(layer["key"])]
        cases = [case for case in self.cases if case.department_id in departments]
        return Dossier(self.geometry, layers, cases, self.photographs if photographs else (), self.proposals)


def freeze_places(session: Session, case_id: int) -> None:
    """A dossier for each place of a case that was just sent; safe to repeat."""
    case = lock_row(session, Case, Case.id == case_id)
    if case is None or case.erased_at is not None or dossiers_of_case(session, case_id):
        return
    for place in places_of(session, case_id):
        _freeze(session, place.geometry, case.number, case_id=case_id, field=place.field)


def make_dossier(
    session: Session,
    geometry: Mapping[str, Any],
    title: str,
    actor: Actor,
    *,
    case: Case | None = None,
    field: str = "",
) -> int:
    """A dossier of any spot or outline (GeoJSON) as it is now, or of the place of a case; its id. Raises PlaceError."""
    dossier = _freeze(session, geometry, title, case_id=case.id if case else None, field=field, staff_id=actor.id)
    subject = of_case(case.id) if case else Subject("dossier", dossier.id)
    record(session, subject, "dossier.made", actor, dossier_id=dossier.id)
    return dossier.id


def dossier_of(session: Session, dossier_id: int) -> LocationDossier:
    """A dossier. Raises NotFound."""
    row = session.get(LocationDossier, dossier_id)
    if row is None:
        raise NotFound
    return row


def dossiers_of_case(session: Session, case_id: int) -> Sequence[LocationDossier]:
    """The dossiers of a case, the newest first."""
    query = select(LocationDossier).where(LocationDossier.case_id == case_id).order_by(LocationDossier.id.desc())
    return session.scalars(query).all()


def forget_spots(session: Session) -> None:
    """Forget dossiers of spots that belong to no case and were made long ago (`spot_record_days`); those of a case are erased with it."""
    before = now() - timedelta(days=settings().spot_record_days)
    session.execute(delete(LocationDossier).where(LocationDossier.case_id.is_(None), LocationDossier.made_at < before))


def _freeze(
    session: Session,
    geometry: Mapping[str, Any],
    title: str,
    *,
    case_id: int | None,
    field: str = "",
    staff_id: int | None = None,
) -> LocationDossier:
    srid = plane_of(session).srid
    layers = [asdict(layer) for layer in layers_at(session, geometry, srid=srid, most=MOST_FEATURES)]
    cases = [asdict(near) for near in _cases_near(session, geometry, srid, case_id)]
    files = files_of_case(session, case_id) if case_id is not None else []
    pictures = [file.public_id for file in files if file.media_type.startswith("image/")]
    content = {
        "geometry": dict(geometry),
        "layers": layers,
        "cases": cases,
        "photographs": pictures,
        "proposals": _proposals(session, case_id, field) if case_id is not None else [],
    }
    row = LocationDossier(case_id=case_id, field=field, title=title, content=content, made_at=now(), made_by=staff_id)
    session.add(row)
    session.flush()
    return row


def _proposals(session: Session, case_id: int, field: str) -> list[dict[str, Any]]:
    """What was proposed to the applicant for a place, the newest first."""
    return [
        {
            "made_at": row.made_at.isoformat(),
            "sent_at": row.sent_at.isoformat(),
            "outcome": row.outcome,
            "proposed": row.content,
        }
        for row in proposals_of_case(session, case_id)
        if row.field == field and row.sent_at is not None
    ]


def _cases_near(session: Session, geometry: Mapping[str, Any], srid: int, case_id: int | None) -> list[NearbyCase]:
    """Cases within `NEAR_M`, the nearest first. Plan: Index Scan on ix_case_place_geom."""
    drawn = func.ST_SetSRID(func.ST_GeomFromGeoJSON(bindparam("geometry", json.dumps(geometry), Text)), 4326)
    flat = func.ST_Transform(drawn, bindparam("srid", srid, Integer))
    reach = func.ST_Transform(func.ST_Expand(flat, NEAR_M * 1.001), 4326)
    distance = func.min(func.ST_Distance(func.ST_Transform(CasePlace.geom, srid), flat))
    since = today().replace(year=today().year - YEARS, day=1)
    query = (
        select(
            Case.id,
            Case.number,
            Case.title,
            Case.status,
            Case.department_id,
            distance,
            func.min(CasePlace.starts_on),
            func.max(CasePlace.ends_on),
        )
        .join(CasePlace, CasePlace.case_id == Case.id)
        .where(CasePlace.geom.ST_Intersects(reach), Case.id != (case_id or 0), Case.erased_at.is_(None))
        .where((CasePlace.submitted_at >= since) | (CasePlace.ends_on >= since))
        .group_by(Case.id)
        .having(distance <= NEAR_M)
        .order_by(distance, Case.id)
        .limit(MOST_CASES)
    )
    return [_nearby(*row) for row in session.execute(query)]


def _nearby(
    case_id: int,
    number: str,
    title: str,
    status: str,
    department_id: int,
    metres: float,
    starts: date | None,
    ends: date | None,
) -> NearbyCase:
    first, last = (day.isoformat() if day else None for day in (starts, ends))
    return NearbyCase(case_id, number, title, status, department_id, round(metres, 1), first, last)
