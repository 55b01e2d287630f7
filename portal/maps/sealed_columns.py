"""The encrypted columns of maps: the content of files on their way into layers, and printed maps."""

from portal.core.sealed_columns import SealedBytes, table_of
from portal.maps.models import LayerImportPiece
from portal.maps.print_models import MapPrintContent
from portal.maps.prints import print_context


def piece_context(import_id: int, n: int) -> bytes:
    """Return what an encrypted piece is bound to."""
    return f"layer import {import_id} {n}".encode()


_PIECE = table_of(LayerImportPiece).c

SEALED_COLUMNS = (
    SealedBytes(_PIECE.sealed, lambda row: piece_context(row["import_id"], row["n"]), ("import_id", "n")),
    SealedBytes(table_of(MapPrintContent).c.sealed, lambda row: print_context(row["print_id"]), ("print_id",)),
)
