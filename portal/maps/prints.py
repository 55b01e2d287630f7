"""Printed maps: begun with a choice of what they show, ordered, made by the worker, fetched by whoever ordered them, forgotten."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.crypto import open_sealed, seal
from portal.core.database import city_of
from portal.core.errors import Conflict, NotFound
from portal.core.events import Actor, Subject, record
from portal.core.jobs import enqueue
from portal.core.locking import lock_row
from portal.maps.print_models import MapPrint, MapPrintContent
from portal.maps.print_order import PrintedLayer, PrintedPlace, PrintedTable, PrintOrder

__all__ = [
    "KEPT",
    "PRINT_MAP",
    "MapPrint",
    "PrintOrder",
    "PrintedLayer",
    "PrintedPlace",
    "PrintedTable",
    "again",
    "begin",
    "erase_personal_data",
    "fetch",
    "forget_prints",
    "order",
    "own_print",
    "own_prints",
]

PRINT_MAP = "maps.print_map"
"""The task of the worker."""
_LOCK = "map prints"
"""One map of a city is made at a time: each may take some hundred megabytes."""
KEPT = timedelta(days=7)
_LISTED = 50


def begin(session: Session, staff_id: int, choice: Mapping[str, Any]) -> MapPrint:
    """Begin a printed map with what its form is to show first."""
    row = MapPrint(staff_id=staff_id, state="draft", choice=dict(choice), begun_at=now())
    session.add(row)
    session.flush()
    return row


def again(session: Session, row: MapPrint) -> MapPrint:
    """Begin another one with the same choice."""
    return begin(session, row.staff_id, row.choice)


def own_print(session: Session, staff_id: int, print_id: int, *, lock: bool = False) -> MapPrint:
    """A printed map of this person. Raises NotFound, also for one of somebody else."""
    which = (MapPrint.id == print_id, MapPrint.staff_id == staff_id)
    row = lock_row(session, MapPrint, *which) if lock else session.scalar(select(MapPrint).where(*which))
    if row is None:
        raise NotFound
    return row


def own_prints(session: Session, staff_id: int) -> Sequence[MapPrint]:
    """The newest printed maps that this person has ordered."""
    query = select(MapPrint).where(MapPrint.staff_id == staff_id, MapPrint.state != "draft")
    return session.scalars(query.order_by(MapPrint.id.desc()).limit(_LISTED)).all()


def order(session: Session, row: MapPrint, choice: Mapping[str, Any], ordered: PrintOrder, actor: Actor) -> None:
    """Have a map made as its form says; the row must be locked. Raises Conflict for one that was ordered already."""
    if row.state not in {"draft", "failed"}:
        raise Conflict("この地図は、もう印刷を頼んでいます。")
    row.choice, row.ordered, row.case_ids = dict(choice), ordered.as_stored(), list(ordered.case_ids)
    row.state, row.problem = "waiting", None
    layers = [layer.key for layer in ordered.layers]
    data = {"scale": ordered.scale, "layers": layers, "places": len(ordered.places)}
    record(session, Subject("map_print", row.id), "map_print.ordered", actor, **data)
    enqueue(session, PRINT_MAP, lock=_LOCK, print_id=row.id)


def keep(session: Session, row: MapPrint, content: bytes) -> None:
    """Keep the PDF of a map that was made."""
    row.state, row.made_at = "made", now()
    sealed = seal(city_of(session), content, print_context(row.id))
    session.execute(insert(MapPrintContent).values(print_id=row.id, sealed=sealed))


def fetch(session: Session, row: MapPrint, actor: Actor) -> bytes:
    """The PDF; that it was fetched is kept. Raises NotFound before it is made."""
    sealed = session.scalar(select(MapPrintContent.sealed).where(MapPrintContent.print_id == row.id))
    if sealed is None:
        raise NotFound
    record(session, Subject("map_print", row.id), "map_print.fetched", actor)
    return open_sealed(city_of(session), sealed, print_context(row.id))


def erase_personal_data(session: Session, case_ids: Collection[int]) -> None:
    """Forget every printed map on which a place of one of these cases is."""
    session.execute(delete(MapPrint).where(MapPrint.case_ids.overlap(list(case_ids))))


def forget_prints(session: Session) -> None:
    """Forget printed maps that were begun long ago."""
    session.execute(delete(MapPrint).where(MapPrint.begun_at < now() - KEPT))


def print_context(print_id: int) -> bytes:
    """What the sealed PDF of a printed map is bound to."""
    return f"map print {print_id}".encode()
