"""The ground that cases occupy: the source of conflicts with other permits, and the first day on which ground is free."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.types import ARRAY, BigInteger, Text

from forms.fields.place import PlaceField
from forms.text.ways import ways_of
from geo import OccupancySource, Overlap, OverlapQuery, Source
from portal.cases.models import Case, CasePlace
from portal.core.text import pick


@dataclass(frozen=True, slots=True)
class OccupancyConflict:
    """A place of another case that overlaps in space and in time. `overlap` is the shared part; both geometries are GeoJSON.

    `works` and `office` are what other applicants are told of it, by language (`portal.cases.works_told`); the number is for the office alone.
    """

    case_id: int
    number: str
    starts_on: date | None
    ends_on: date | None
    overlap_m2: float  # 0 where lines or points meet
    overlap: dict[str, Any]
    geometry: dict[str, Any]
    works: Mapping[str, str] = field(default_factory=dict)
    office: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, overlap: Overlap) -> "OccupancyConflict":
        """From an overlap with `CASE_PLACES`."""
        return cls(
            **overlap.properties,
            starts_on=overlap.starts_on,
            ends_on=overlap.ends_on,
            overlap_m2=overlap.area_m2,
            overlap=overlap.shared,
            geometry=overlap.geometry,
        )

    def told(self, period: str, language: str) -> str:
        """What other applicants read of it, with its period in words: 足場・12月1日(火)〜20日(日)・道路課."""
        return ways_of(language).dot.join(
            text for text in (pick(self.works, language), period, pick(self.office, language)) if text
        )


def _matches(query: Any) -> ColumnElement[bool]:
    """Places of a procedure in one of the states; not those of the excluded case."""
    return and_(
        CasePlace.procedure_key == query.procedure_key,
        CasePlace.state == query.states.any_(),
        or_(query.exclude_case.is_(None), CasePlace.case_id != query.exclude_case),
    )


_NUMBER = select(Case.number).where(Case.id == CasePlace.case_id).scalar_subquery()

CASE_PLACES = OccupancySource(
    features=Source(CasePlace, CasePlace.id, CasePlace.geom, {"case_id": CasePlace.case_id, "number": _NUMBER}),
    starts_on=CasePlace.starts_on,
    ends_on=CasePlace.ends_on,
    parameters={"procedure_key": Text(), "states": ARRAY(Text), "exclude_case": BigInteger()},
    matches=_matches,
)
"""Every place of every case. A final state such as "approved" may belong to a closed case."""


def conflict_queries(
    place: PlaceField, starts: date | None, ends: date | None, *, exclude_case: int | None = None, limit: int = 20
) -> list[OverlapQuery]:
    """What the rules of a place about other cases ask of `CASE_PLACES`, in their order."""
    return [
        OverlapQuery(
            starts,
            ends,
            {
                "procedure_key": rule.clear_of.procedure,
                "states": list(rule.clear_of.states),
                "exclude_case": exclude_case,
            },
            limit,
        )
        for rule in place.rules
        if rule.clear_of is not None
    ]


def first_free_day(periods: Iterable[tuple[date | None, date | None]], starts_on: date, ends_on: date) -> date | None:
    """The first day, not before `starts_on`, from which a period of that length touches none of the given ones.

    Both days of every period are included; None is an open end. None when there is no such day.
    """
    length = ends_on - starts_on
    day = starts_on
    for first, last in sorted(periods, key=lambda period: period[0] or date.min):
        if first is not None and first - day > length:
            break
        if last is None or last == date.max:
            return None
        day = max(day, last + timedelta(days=1))
    return day if length <= date.max - day else None
