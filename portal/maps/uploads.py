"""Uploads of files for layers: kept sealed in pieces, and put together again on a disk where they are read."""

from pathlib import Path
from typing import BinaryIO

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.crypto import open_sealed, seal
from portal.core.database import city_of
from portal.core.errors import Invalid
from portal.files import clean_name
from portal.maps.models import LayerImport, LayerImportPiece
from portal.maps.sealed_columns import piece_context

MAX_BYTES = 100_000_000
"""What a browser may send; larger files are imported at the terminal."""
_PIECE = 4_000_000


def keep_upload(session: Session, layer_id: int, name: str, stream: BinaryIO, staff_id: int) -> LayerImport:
    """Keep a file for a layer. Raises Invalid (field `file`) for none, an empty one, or one that is too large."""
    row = LayerImport(
        layer_id=layer_id, file_name=clean_name(name), size=0, started_by=staff_id, started_at=now(), state="waiting"
    )
    session.add(row)
    session.flush()
    city = city_of(session)
    for n, piece in enumerate(iter(lambda: stream.read(_PIECE), b"")):
        row.size += len(piece)
        if row.size > MAX_BYTES:
            size = f"{MAX_BYTES // 1_000_000}MB"
            _refuse(
                f"ファイルが大きすぎます。{size}までにしてください。大きいファイルは、運用の担当が端末で取り込めます。"
            )
        sealed = seal(city, piece, piece_context(row.id, n))
        session.execute(insert(LayerImportPiece).values(import_id=row.id, n=n, sealed=sealed))
    if not row.size:
        _refuse("ファイルを選んでください。中身のないファイルは取り込めません。")
    session.flush()
    return row


def write_upload(session: Session, row: LayerImport, folder: Path) -> Path:
    """Put a file together in a folder, under its own name, which says what a table is."""
    path = folder / row.file_name
    city = city_of(session)
    query = select(LayerImportPiece.n, LayerImportPiece.sealed).where(LayerImportPiece.import_id == row.id)
    with path.open("wb") as file:
        for n, sealed in session.execute(query.order_by(LayerImportPiece.n), execution_options={"yield_per": 1}):
            file.write(open_sealed(city, sealed, piece_context(row.id, n)))
    return path


def drop_upload(session: Session, import_id: int) -> None:
    """Forget the content of a file."""
    session.execute(delete(LayerImportPiece).where(LayerImportPiece.import_id == import_id))


def _refuse(sentence: str) -> None:
    raise Invalid(sentence, {"file": sentence})
