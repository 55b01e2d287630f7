"""The encrypted columns of documents: the PDFs, and the keys that the installation made to sign them."""

from portal.core.sealed_columns import SealedBytes, table_of
from portal.documents.actions import content_context
from portal.documents.certificates import key_context
from portal.documents.issued_models import SigningCertificate
from portal.documents.models import DocumentContent

SEALED_COLUMNS = (
    SealedBytes(table_of(DocumentContent).c.sealed, lambda row: content_context(row["document_id"]), ("document_id",)),
    SealedBytes(table_of(SigningCertificate).c.sealed_key, lambda row: key_context(row["expires_at"]), ("expires_at",)),
)
