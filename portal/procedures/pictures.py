"""The pictures of a procedure: added under a name, shown by definitions, kept as they are once a published version shows them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, literal, select, update
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.errors import Conflict, NotFound
from portal.core.locking import lock_row
from portal.procedures.models import Procedure
from portal.procedures.picture_models import ProcedurePicture

MAX_PICTURES = 40
"""Pictures of one procedure."""


@dataclass(frozen=True)
class NewPicture:
    """A picture that was checked and re-encoded; its size is in pixels."""

    name: str
    media_type: str
    content: bytes
    width: int
    height: int


def pictures_of(session: Session, procedure_id: int) -> Sequence[ProcedurePicture]:
    """The pictures of a procedure by their names, without their contents."""
    query = select(ProcedurePicture).where(ProcedurePicture.procedure_id == procedure_id)
    return session.scalars(query.order_by(ProcedurePicture.name)).all()


def picture(session: Session, key: str, name: str, *, published: bool) -> ProcedurePicture:
    """One picture of the procedure of that key; with `published` only one that the public may see. Raises NotFound."""
    query = (
        select(ProcedurePicture)
        .join(Procedure, Procedure.id == ProcedurePicture.procedure_id)
        .where(Procedure.key == key, ProcedurePicture.name == name)
    )
    row = session.scalar(query.where(ProcedurePicture.published) if published else query)
    if row is None:
        raise NotFound
    return row


def add_picture(session: Session, procedure: Procedure, new: NewPicture, staff_id: int | None) -> None:
    """Keep a picture. The same one again changes nothing; another of its name takes its place while no published version shows it.

    Raises Conflict where one does, and for more than `MAX_PICTURES`.
    """
    lock_row(session, Procedure, Procedure.id == procedure.id)
    rows = {row.name: row for row in pictures_of(session, procedure.id)}
    row = rows.get(new.name)
    if row is not None and row.content == new.content:
        return
    if row is not None and row.published:
        raise Conflict(f"「{new.name}」は、公開した版が見せている画像です。直した画像は、別の名前で入れてください。")
    if row is None:
        if len(rows) >= MAX_PICTURES:
            raise Conflict(f"画像は、1つの手続きに{MAX_PICTURES}枚までです。")
        row = ProcedurePicture(procedure_id=procedure.id, name=new.name)
        session.add(row)
    row.media_type, row.content, row.width, row.height = new.media_type, new.content, new.width, new.height
    row.added_by, row.added_at = staff_id, now()
    session.flush()


def remove_picture(session: Session, procedure: Procedure, name: str) -> None:
    """Take out a picture that no published version shows; one that is gone already is no fault. Raises Conflict."""
    lock_row(session, Procedure, Procedure.id == procedure.id)
    row = next((row for row in pictures_of(session, procedure.id) if row.name == name), None)
    if row is not None and row.published:
        raise Conflict(f"「{name}」は、公開した版が見せている画像なので、消せません。")
    session.execute(
        delete(ProcedurePicture).where(
            ProcedurePicture.procedure_id == procedure.id, ProcedurePicture.name == name, ~ProcedurePicture.published
        )
    )


def publish_pictures(session: Session, procedure: Procedure, names: Collection[str]) -> None:
    """Let the public see the pictures that a version shows from now on."""
    if names:
        shown = (ProcedurePicture.procedure_id == procedure.id, ProcedurePicture.name.in_(names))
        session.execute(update(ProcedurePicture).where(*shown).values(published=True))


def copy_pictures(session: Session, source: Procedure, target: Procedure) -> None:
    """Give a new procedure the pictures of the one that it was begun from."""
    columns = ["name", "media_type", "content", "width", "height", "added_by", "added_at"]
    copied = select(literal(target.id), *(getattr(ProcedurePicture, column) for column in columns)).where(
        ProcedurePicture.procedure_id == source.id
    )
    session.execute(insert(ProcedurePicture).from_select(["procedure_id", *columns], copied))
