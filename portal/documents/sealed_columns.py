"""The encrypted columns of documents: the PDFs."""

from portal.core.sealed_columns import SealedBytes, table_of
from portal.documents.actions import content_context
from portal.documents.models import DocumentContent

SEALED_COLUMNS = (
    SealedBytes(table_of(DocumentContent).c.sealed, lambda row: content_context(row["document_id"]), ("document_id",)),
)
