"""Imports in the browser, step by step: a file is kept, looked at, read as somebody says, and taken when they have seen what it changes.

What opens the file runs in the worker (`portal.maps.jobs`); everything here is short.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, BinaryIO

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from geo.catalogue import Entry
from geo.reading import Plan
from geo.versions import Change, Provenance, Version, compare, drop_intake, drop_intakes_before
from portal.core.clock import now
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor, record
from portal.core.jobs import enqueue
from portal.core.locking import lock_row
from portal.maps.events import of_layer
from portal.maps.imports import take_compared
from portal.maps.models import OPEN, LayerImport
from portal.maps.uploads import drop_upload, keep_upload

LOOK_AT_IMPORT, READ_IMPORT = "maps.look_at_import", "maps.read_import"
_LOCK = "layer imports"
"""One file of a city is opened at a time: each may take two gigabytes."""
KEPT = timedelta(days=30)


def start_import(session: Session, entry: Entry, name: str, stream: BinaryIO, actor: Actor) -> LayerImport:
    """Keep a file for a layer and have it looked at. Raises Invalid (field `file`), and Conflict for a layer that is out of use."""
    if not entry.in_use:
        raise Conflict("この層は、使用をやめています。また使うことにしてから、取り込んでください。")
    row = keep_upload(session, entry.id, name, stream, actor.id or 0)
    enqueue(session, LOOK_AT_IMPORT, lock=_LOCK, import_id=row.id)
    return row


def import_of(session: Session, entry: Entry, import_id: int, *, lock: bool = False) -> LayerImport:
    """An import of a layer; `lock` keeps others from moving it on meanwhile. Raises NotFound."""
    which = (LayerImport.id == import_id, LayerImport.layer_id == entry.id)
    row = lock_row(session, LayerImport, *which) if lock else session.scalar(select(LayerImport).where(*which))
    if row is None:
        raise NotFound
    return row


def open_imports(session: Session, entry: Entry) -> Sequence[LayerImport]:
    """The imports of a layer that are neither taken nor given up, the newest first."""
    query = select(LayerImport).where(LayerImport.layer_id == entry.id, LayerImport.state.in_(OPEN))
    return session.scalars(query.order_by(LayerImport.id.desc())).all()


def choose_part(session: Session, row: LayerImport, part: str) -> None:
    """Have one of several layers in a file looked at. Raises Invalid for one that there is not."""
    _require(row, "question")
    if part not in row.parts:
        raise Invalid("ファイルの中の層を1つ選んでください。", {"part": "ファイルの中の層を1つ選んでください。"})
    row.part, row.state, row.problem = part, "waiting", None
    enqueue(session, LOOK_AT_IMPORT, lock=_LOCK, import_id=row.id)


def read_import(session: Session, row: LayerImport, plan: Plan) -> None:
    """Have a file read; what an earlier reading brought is forgotten."""
    _require(row, "question", "preview")
    _forget_intake(session, row)
    row.plan, row.state, row.progress, row.problem = asdict(plan), "reading", 0, None
    enqueue(session, READ_IMPORT, lock=_LOCK, import_id=row.id)


def ask_again(session: Session, row: LayerImport) -> None:
    """Go back to the question how a file is to be read."""
    _require(row, "preview")
    _forget_intake(session, row)
    row.state = "question"


def compare_again(session: Session, entry: Entry, row: LayerImport) -> None:
    """Compare with what the layer holds now, when somebody else has changed it."""
    _require(row, "preview")
    row.change = asdict(compare(session, row.intake_id or 0, entry.key, (row.plan or {})["key"]))
    row.seen = entry.version


def cancel_import(session: Session, entry: Entry, row: LayerImport, actor: Actor) -> None:
    """Give a file up; its content is forgotten, the layer stays as it is. A process that reads it ends at its next step."""
    _require(row, *OPEN)
    row.state = "canceled"
    _forget_intake(session, row)
    drop_upload(session, row.id)
    record(session, of_layer(entry.id), "layer.import_canceled", actor, key=entry.key)


def take_import(
    session: Session, entry: Entry, row: LayerImport, actor: Actor, *, note: str, data_date: date | None
) -> Version:
    """Make a file that was read and compared the next version of its layer.

    Raises Conflict when it would change nothing, or the layer has changed since it was compared.
    """
    _require(row, "preview")
    if Change(**(row.change or {})).is_none:
        raise Conflict("層の中身と同じなので、新しい版はつくりません。")
    provenance = Provenance(author=actor.id, note=note, file_name=row.file_name, data_date=data_date)
    result, plan = row.result or {}, row.plan or {}
    version = take_compared(
        session,
        entry,
        row.intake_id or 0,
        plan["key"],
        provenance,
        actor,
        expected_version=row.seen or 0,
        refused=sum(result["refused"].values()),
    )
    row.state, row.version, row.intake_id = "taken", version.number, None
    drop_upload(session, row.id)
    return version


def forget_imports(session: Session) -> None:
    """Remove what was begun more than 30 days ago, finished or not; versions stay."""
    before = now() - KEPT
    session.execute(delete(LayerImport).where(LayerImport.started_at < before))
    drop_intakes_before(session, before)


def _forget_intake(session: Session, row: LayerImport) -> None:
    if row.intake_id is not None:
        drop_intake(session, row.intake_id)
    row.intake_id = row.result = row.change = row.seen = None


def _require(row: LayerImport, *states: str) -> None:
    if row.state not in states:
        raise Conflict(_MOVED_ON.get(row.state, _MOVED_ON["reading"]))


_MOVED_ON: dict[str, Any] = {
    "taken": "このファイルは、もう取り込みました。",
    "canceled": "この取り込みは、やめました。もう一度ファイルを選んでください。",
    "failed": "このファイルは読み取れませんでした。別のファイルを選んでください。",
    "reading": "この取り込みは、ほかの人が進めました。いまの様子を確かめてください。",
}
