"""Labels of a list of neighbours as PDF: asked for, made by the worker, fetched."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.neighbours.files import ADDRESSEE, in_full
from portal.cases.neighbours.lists import Neighbours, included, neighbour_list, of_list
from portal.cases.neighbours.models import NeighbourLabels, NeighbourList
from portal.core.clock import now
from portal.core.crypto import open_sealed, seal
from portal.core.database import city_of
from portal.core.errors import Invalid, NotFound
from portal.core.events import Actor, record
from portal.core.jobs import enqueue
from portal.core.locking import lock_row
from portal.core.tenancy import city
from portal.documents import SHEETS, render_labels

MAKE_LABELS = "cases.make_labels"
"""The job that makes the PDF; see `jobs`."""


def request_labels(
    session: Session, row: NeighbourList, sheet: str, first: int, actor: Actor, *, by_address: bool
) -> None:
    """Have labels made of the rows that are not left out. `first` is the place on the first sheet where they begin, from 1.

    Raises Invalid (fields `sheet`, `first`) for a sheet that is not known, a place that it does not have, and a list without rows.
    """
    if sheet not in SHEETS:
        raise Invalid("ラベルの用紙を選んでください。", {"sheet": "ラベルの用紙を選んでください。"})
    if not 1 <= first <= SHEETS[sheet].number:
        sentence = f"はじめる場所は、1から{SHEETS[sheet].number}までの数で入力してください。"
        raise Invalid(sentence, {"first": sentence})
    chosen = set(included(row))
    rows = [n for n, _row in Neighbours.stored(row.content).numbered(by_address=by_address) if n in chosen]
    if not rows:
        raise Invalid("ラベルにする住所がありません。")
    labels = NeighbourLabels(list_id=row.id, sheet=sheet, first=first, rows=rows, requested_at=now())
    session.add(labels)
    session.flush()
    record(
        session, of_list(row), "neighbours.exported", actor, list_id=row.id, kind=f"labels-{sheet}", number=len(rows)
    )
    enqueue(session, MAKE_LABELS, key=f"labels {labels.id}", labels_id=labels.id)


def labels_of_list(session: Session, list_id: int) -> Sequence[NeighbourLabels]:
    """The labels of a list that were asked for, the newest first."""
    query = select(NeighbourLabels).where(NeighbourLabels.list_id == list_id).order_by(NeighbourLabels.id.desc())
    return session.scalars(query).all()


def make_labels(session: Session, labels_id: int) -> None:
    """Make the PDF and keep it sealed; safe to repeat, also when the case was erased meanwhile."""
    labels = lock_row(session, NeighbourLabels, NeighbourLabels.id == labels_id)
    if labels is None or labels.content is not None:
        return
    rows = Neighbours.stored(neighbour_list(session, labels.list_id).content).rows
    name = city(city_of(session)).name
    addresses = [in_full(name, rows[n].address) for n in labels.rows]
    content = render_labels(addresses, ADDRESSEE, SHEETS[labels.sheet], first=labels.first)
    labels.content = seal(city_of(session), content, labels_context(labels.id))


def labels_pdf(session: Session, row: NeighbourList, labels_id: int, actor: Actor) -> bytes:
    """The PDF. Raises NotFound for labels of another list, and while they are being made."""
    labels = session.get(NeighbourLabels, labels_id)
    if labels is None or labels.list_id != row.id or labels.content is None:
        raise NotFound
    record(session, of_list(row), "neighbours.labels_fetched", actor, list_id=row.id, number=len(labels.rows))
    return open_sealed(city_of(session), labels.content, labels_context(labels.id))


def labels_context(labels_id: int) -> bytes:
    """What a sealed PDF is bound to."""
    return f"neighbour labels {labels_id}".encode()
