"""What the worker does for maps: has files for layers scanned and looked at, reads them, makes printed maps, forgets what was left lying."""

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from geo.catalogue import Entry, entry_with_id
from geo.paper import TooMuch
from geo.reading import Column, FileError, FileSummary, Plan, look
from portal.core.clock import now
from portal.core.database import city_session
from portal.core.jobs import RETRY, app, periodic
from portal.core.locking import lock_row
from portal.core.rounds import for_each_city_session
from portal.core.tenancy import city as city_of_key
from portal.core.tenancy import plane_of
from portal.documents import pdf_of
from portal.files import RetryUntilAnswered, scan_stream
from portal.maps.editing import expire_drafts
from portal.maps.importing import LOOK_AT_IMPORT, READ_IMPORT, forget_imports
from portal.maps.imports import places_by_address, read_and_compare
from portal.maps.models import LayerImport
from portal.maps.print_models import MapPrint
from portal.maps.print_page import page_of
from portal.maps.prints import PRINT_MAP, PrintOrder, forget_prints, keep
from portal.maps.uploads import drop_upload, write_upload

_SHOWN = 300
"""Rows of a table without coordinates that are looked up before it is read."""


class _GivenUp(Exception):
    """Somebody gave the import up while it was read."""


@app.task(name=LOOK_AT_IMPORT, retry=RetryUntilAnswered())
def look_at_import(*, city: str, import_id: int) -> None:
    """Have a file scanned, and find out what it holds. Raises ScannerUnavailable: the job is then tried again."""
    with TemporaryDirectory() as folder:
        with city_session(city) as session:
            row = _row(session, import_id, "waiting")
            if row is None:
                return
            path, part, plane = write_upload(session, row, Path(folder)), row.part, plane_of(session).srid
        with path.open("rb") as stream:
            verdict = scan_stream(stream)
        try:
            if verdict != "clean":
                raise FileError(verdict)
            summary = look(path, layer=part, plane=plane)
            if summary.address and not summary.has_position:
                summary = _with_some_places(city, path, summary, part)
        except FileError as error:
            parts = error.values["names"] if error.code == "layers" else []
            _put(city, import_id, "waiting", "question" if parts else "failed", parts=parts, problem=_told(error))
        else:
            _put(city, import_id, "waiting", "question", summary=asdict(summary), problem=summary.problem)


def _with_some_places(city: str, path: Path, summary: FileSummary, part: str | None) -> FileSummary:
    """The summary of a table that has only addresses, with points of its first rows to show."""
    with city_session(city) as session:
        places = places_by_address(session, path, summary.address or "", part, most=_SHOWN)
    shown = [{"type": "Point", "coordinates": [lon, lat]} for lon, lat, _code in places.points.values()]
    return replace(summary, shown=shown, kinds={"point": len(shown)} if shown else {})


@app.task(name=READ_IMPORT, retry=RETRY)
def read_import(*, city: str, import_id: int) -> None:
    """Read a file into an intake and compare it with its layer; somebody may give it up meanwhile."""
    with TemporaryDirectory() as folder:
        with city_session(city) as session:
            row = _row(session, import_id, "reading")
            if row is None:
                return
            path, part = write_upload(session, row, Path(folder)), row.part
            plan, entry = _plan(row.plan or {}), entry_with_id(session, row.layer_id)
        try:
            _read(city, import_id, entry, path, plan, part)
        except FileError as error:
            _put(city, import_id, "reading", "question", problem=_told(error))
        except _GivenUp:
            return


def _read(city: str, import_id: int, entry: Entry, path: Path, plan: Plan, part: str | None) -> None:
    with city_session(city) as session:
        progress = _progress(city, import_id)
        intake_id, result, change = read_and_compare(session, entry, path, plan, part, progress)
        row = _row(session, import_id, "reading")
        if row is None:
            raise _GivenUp
        row.state, row.intake_id, row.seen = "preview", intake_id, entry.version
        row.result, row.change, row.progress = asdict(result), asdict(change), result.rows


def _progress(city: str, import_id: int) -> Callable[[int], None]:
    """Writes down in a transaction of its own how far the reading is, for the page to show. Raises _GivenUp."""

    def write(rows: int) -> None:
        with city_session(city) as session:
            query = update(LayerImport).where(LayerImport.id == import_id, LayerImport.state == "reading")
            if session.scalar(query.values(progress=rows).returning(LayerImport.id)) is None:
                raise _GivenUp

    return write


def _row(session: Session, import_id: int, state: str) -> LayerImport | None:
    """An import, locked until the transaction ends; None when somebody moved it on."""
    return lock_row(session, LayerImport, LayerImport.id == import_id, LayerImport.state == state)


def _put(city: str, import_id: int, former: str, state: str, **values: Any) -> None:
    """Move an import on, unless somebody gave it up; of a file that cannot be read nothing is kept but the reason."""
    with city_session(city) as session:
        row = _row(session, import_id, former)
        if row is None:
            return
        row.state = state
        for name, value in values.items():
            setattr(row, name, value)
        if state == "failed":
            drop_upload(session, import_id)


def _plan(kept: dict[str, Any]) -> Plan:
    columns = kept["columns"]
    return Plan(**{**kept, "columns": columns and [Column(**each) for each in columns]})


def _told(error: FileError) -> dict[str, Any]:
    return {"code": error.code, "values": error.values}


@app.task(name=PRINT_MAP, retry=RETRY)
def print_map(*, city: str, print_id: int) -> None:
    """Make a printed map; one with more on it than a sheet holds says so."""
    with city_session(city) as session:
        row = lock_row(session, MapPrint, MapPrint.id == print_id, MapPrint.state.in_(("waiting", "drawing")))
        if row is None:
            return
        row.state = "drawing"
    with city_session(city) as session:
        row = lock_row(session, MapPrint, MapPrint.id == print_id)
        if row is None or row.ordered is None:
            return
        try:
            page = page_of(session, city_of_key(city), PrintOrder.from_stored(row.ordered), now())
        except TooMuch as error:
            row.state, row.problem = "failed", asdict(error.work)
        else:
            keep(session, row, pdf_of(page))


@periodic("23 18 * * *", "maps.forget_imports")  # 3:23 in Japan
def forget_in_cities() -> None:
    """Every night: forget imports, printed maps and changes of layers that were begun long ago."""
    for_each_city_session(forget_imports)
    for_each_city_session(forget_prints)
    for_each_city_session(expire_drafts)
