"""The encrypted columns of files: their content and thumbnails."""

from portal.core.sealed_columns import SealedBytes, table_of
from portal.files.models import FileContent
from portal.files.opening import content_context, thumbnail_context

_CONTENT = table_of(FileContent).c

SEALED_COLUMNS = (
    SealedBytes(_CONTENT.sealed, lambda row: content_context(row["file_id"]), ("file_id",)),
    SealedBytes(_CONTENT.thumbnail, lambda row: thumbnail_context(row["file_id"]), ("file_id",)),
)
