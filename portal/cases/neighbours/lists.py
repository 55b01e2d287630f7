"""Lists of the addresses near a place: made, read, and narrowed by leaving rows out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from geo.address_points import ADDRESS_POINTS
from geo.catalogue import Entry, city_tolerance, entries
from geo.neighbours import Nearby, TooManyNearby, address_order, addresses_near
from portal.cases.events import of_case
from portal.cases.models import Case
from portal.cases.neighbours.models import NeighbourList
from portal.core.clock import now
from portal.core.config import settings
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_row
from portal.core.tenancy import plane_of
from writing.invisible import visible

MOST_METRES = 500
MOST_FEATURES = 2000
"""Points or shapes of a layer that a list is made of; more are no neighbours of a place but a district."""
MAX_PURPOSE = 200


@dataclass(frozen=True, slots=True)
class Source:
    """A layer that has addresses, the property that holds them, and how far, in metres, it may be off."""

    entry: Entry
    address_property: str
    tolerance_m: float


@dataclass(frozen=True, slots=True)
class NeighbourRow:
    """An address, metres to the nearest feature that has it, and how many have it.

    `edge`: inside or outside, where it would be the other if the layer were off by its tolerance; empty elsewhere.
    """

    address: str
    metres: float
    features: int
    edge: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What was frozen: places (GeoJSON), the layer with its version, the distance, rows with the nearest first, features without an address."""

    geometries: Sequence[Mapping[str, Any]]
    layer: str
    layer_title: str
    layer_version: int
    is_points: bool
    metres: float
    tolerance_m: float
    rows: Sequence[NeighbourRow]
    nameless: int

    @classmethod
    def stored(cls, content: Mapping[str, Any]) -> "Neighbours":
        """From a row."""
        return cls(**{**content, "rows": [NeighbourRow(**row) for row in content["rows"]]})

    def numbered(self, *, by_address: bool) -> list[tuple[int, NeighbourRow]]:
        """Rows with their numbers: in the order of towns and house numbers, or the nearest first."""
        rows = list(enumerate(self.rows))
        return sorted(rows, key=lambda row: address_order(row[1].address)) if by_address else rows


def neighbour_sources(session: Session, sees: Callable[[Entry], bool]) -> list[Source]:
    """The layers of which lists can be made for somebody who `sees` them, address points first."""
    of_city = city_tolerance(session)
    sources = [
        Source(entry, name, of_city if entry.tolerance_m is None else entry.tolerance_m)
        for entry in entries(session)
        if entry.in_use and entry.features and sees(entry)
        for name in [entry.address_property or ("name" if entry.key == ADDRESS_POINTS else None)]
        if name is not None
    ]
    return sorted(sources, key=lambda source: source.entry.key != ADDRESS_POINTS)


def list_neighbours(
    session: Session,
    geometries: Sequence[Mapping[str, Any]],
    title: str,
    source: Source,
    metres: float,
    purpose: str,
    actor: Actor,
    *,
    case: Case | None = None,
) -> int:
    """Make a list of the addresses at most so many metres from any of these places (GeoJSON); its id.

    Addresses beyond the distance by no more than the tolerance of the layer are rows too, left out at first. Raises Invalid (fields
    `metres`, `purpose`), PlaceError.
    """
    words = visible(purpose).replace("\x00", "").strip()
    faults = {}
    if not 0 < metres <= MOST_METRES:
        faults["metres"] = f"距離は、{MOST_METRES}までのメートルの数で入力してください。"
    if not words or len(words) > MAX_PURPOSE:
        faults["purpose"] = f"何のための一覧かを、{MAX_PURPOSE}文字までで書いてください。"
    if faults:
        raise Invalid(next(iter(faults.values())), faults)
    content = _measured(session, geometries, source, metres)
    row = NeighbourList(
        case_id=case.id if case else None,
        title=title,
        purpose=words,
        content=asdict(content),
        excluded=[n for n, each in enumerate(content.rows) if each.edge == "outside"],
        made_at=now(),
        made_by=actor.id,
    )
    session.add(row)
    session.flush()
    number = len(included(row))
    record(session, of_list(row), "neighbours.listed", actor, list_id=row.id, metres=metres, number=number)
    return row.id


def neighbour_list(session: Session, list_id: int) -> NeighbourList:
    """A list. Raises NotFound."""
    row = session.get(NeighbourList, list_id)
    if row is None:
        raise NotFound
    return row


def neighbour_lists_of_case(session: Session, case_id: int) -> Sequence[NeighbourList]:
    """The lists of a case, the newest first."""
    query = select(NeighbourList).where(NeighbourList.case_id == case_id).order_by(NeighbourList.id.desc())
    return session.scalars(query).all()


def exclude_neighbours(
    session: Session, list_id: int, rows: Collection[int], actor: Actor, *, seen: Collection[int]
) -> None:
    """Leave these rows out, and no others; `seen` are those that were out when the person chose.

    Raises NotFound, and Conflict when somebody else has chosen meanwhile.
    """
    row = lock_row(session, NeighbourList, NeighbourList.id == list_id)
    if row is None:
        raise NotFound
    if row.excluded != sorted(seen):
        raise Conflict("外す住所は、ほかの人が先に変えました。いまの一覧を確かめてから、もう一度選んでください。")
    chosen = sorted({n for n in rows if 0 <= n < len(row.content["rows"])})
    if chosen != row.excluded:
        row.excluded = chosen
        record(session, of_list(row), "neighbours.excluded", actor, list_id=row.id, number=len(included(row)))


def forget_spots(session: Session) -> None:
    """Forget lists around spots that belong to no case and were made long ago (`spot_record_days`); those of a case are erased with it."""
    before = now() - timedelta(days=settings().spot_record_days)
    session.execute(delete(NeighbourList).where(NeighbourList.case_id.is_(None), NeighbourList.made_at < before))


def included(row: NeighbourList) -> list[int]:
    """The numbers of the rows that are not left out."""
    out = set(row.excluded)
    return [n for n in range(len(row.content["rows"])) if n not in out]


def of_list(row: NeighbourList) -> Subject:
    """The subject of events about a list: its case, where it has one."""
    return of_case(row.case_id) if row.case_id is not None else Subject("neighbours", row.id)


def _measured(session: Session, geometries: Sequence[Mapping[str, Any]], source: Source, metres: float) -> Neighbours:
    entry, off = source.entry, source.tolerance_m
    try:
        near: Nearby = addresses_near(
            session,
            geometries,
            srid=plane_of(session).srid,
            layer_key=entry.key,
            address_property=source.address_property,
            metres=metres + off,
            most=MOST_FEATURES,
        )
    except TooManyNearby as error:
        sentence = f"この距離には{MOST_FEATURES:,}件をこえる住所があります。距離を短くしてください。"
        raise Invalid(sentence, {"metres": sentence}) from error

    def edge(distance: float) -> str:
        return "outside" if distance > metres else "inside" if off and distance > metres - off else ""

    rows = [NeighbourRow(each.address, each.metres, each.features, edge(each.metres)) for each in near.addresses]
    return Neighbours(
        geometries=[dict(geometry) for geometry in geometries],
        layer=entry.key,
        layer_title=entry.title["ja"],
        layer_version=entry.version,
        is_points=entry.kind == "point",
        metres=metres,
        tolerance_m=off,
        rows=rows,
        nameless=near.nameless,
    )
