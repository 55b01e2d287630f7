"""Versions of tiles of cases: whether what a browser has is still what it would get, known without making the tile.

A version names the snapshot in which a tile was made. The tile is the same for as long as no change of a place in it (`CasePlaceChange`) is
visible now and was not then. No counter is kept, so writers do not wait for each other, and a change counts from its commit.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from sqlalchemy import BigInteger, Select, Text, bindparam, cast, exists, func, literal, select
from sqlalchemy.orm import Session

from geo import Tile
from geo.tiles import envelope
from portal.cases.case_filter import CaseFilter
from portal.cases.count_models import CaseCountState, CasePlaceChange

FORMAT = "1"
"""Raised whenever tiles of the same cases become others."""
SNAPSHOT = cast(func.pg_current_snapshot(), Text)
"""The snapshot of the statement that it stands in, as text."""
_NEXT_XID = cast(cast(func.pg_snapshot_xmax(func.pg_current_snapshot()), Text), BigInteger)
_OF_PLACES = (
    "today",
    "statuses",
    "procedures",
    "departments",
    "assignee_id",
    "unassigned",
    "late",
    "due",
    "period",
    "area",
)
"""What a filter may ask for if places alone decide what passes."""
_VERSION = re.compile(
    r"(?P<xmin>\d{1,18})-(?P<xmax>\d{1,18})-(?P<running>(\d{1,18}(_\d{1,18}){0,49})?)-(?P<filter>[0-9a-f]{24})",
    re.ASCII,
)


@dataclass(frozen=True)
class _Snapshot:
    xmin: int
    xmax: int
    running: tuple[int, ...]

    @property
    def well_formed(self) -> bool:
        inside = all(self.xmin <= xid < self.xmax for xid in self.running)
        return 0 < self.xmin <= self.xmax and inside and list(self.running) == sorted(set(self.running))

    def __str__(self) -> str:
        return f"{self.xmin}:{self.xmax}:{','.join(map(str, self.running))}"


def version_of(snapshot: str, case_filter: CaseFilter) -> str | None:
    """The version of a tile made in a snapshot; None where more than places decides what the filter lets pass."""
    version = f"{snapshot.replace(':', '-').replace(',', '_')}-{_digest(case_filter)}"
    return version if _reads_places_alone(case_filter) and _VERSION.fullmatch(version) else None


def unchanged_version(session: Session, tile: Tile, case_filter: CaseFilter, versions: Iterable[str]) -> str | None:
    """The first of these versions whose tile is what the filter shows now; what is no version of it is passed over."""
    if not _reads_places_alone(case_filter):
        return None
    digest = _digest(case_filter)
    for version in versions:
        match = _VERSION.fullmatch(version)
        if match is None or match["filter"] != digest:
            continue
        running = tuple(int(xid) for xid in match["running"].split("_") if xid)
        snapshot = _Snapshot(int(match["xmin"]), int(match["xmax"]), running)
        values = {"snapshot": str(snapshot), "xmin": snapshot.xmin, "xmax": snapshot.xmax, **tile.parameters()}
        if snapshot.well_formed and session.scalar(_UNCHANGED, values):
            return version
    return None


def _reads_places_alone(case_filter: CaseFilter) -> bool:
    return case_filter == CaseFilter(**{name: getattr(case_filter, name) for name in _OF_PLACES})


def _digest(case_filter: CaseFilter) -> str:
    return blake2b(repr((FORMAT, case_filter.parameters())).encode(), digest_size=12).hexdigest()


def _unchanged() -> Select[tuple[bool]]:
    """Whether every change that is gone was in the snapshot, the snapshot is of this database's past, and no change in the tile came later.

    Plan: Seq Scan on case_place_change, which holds the changes of some minutes.
    """
    folded = func.coalesce(select(CaseCountState.folded_through).scalar_subquery(), literal(0))
    later = exists().where(
        CasePlaceChange.ground.intersects(envelope()),
        ~func.is_in_snapshot(CasePlaceChange.xid, bindparam("snapshot", type_=Text)),
    )
    past = bindparam("xmax", type_=BigInteger) <= _NEXT_XID
    return select((folded <= bindparam("xmin", type_=BigInteger)) & past & ~later)


_UNCHANGED = _unchanged()
