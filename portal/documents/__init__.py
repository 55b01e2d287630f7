"""Papers that the city makes for people as PDF: details of a payment, a confirmation of payment, a payment slip, a receipt; labels for letters.

Documents that a decision issues (`DecisionPaper`) are signed, and anybody may check whether they hold.

Whoever asks for one hands over the `Paper`, everything that it says; it is frozen, sealed, and made by the worker. Asking again for the same
paper gives the same document. `pdf_of` makes PDFs of other pages in the same font. This package's `__all__` is what others may use; its
tables are read and written here alone. Functions take a session and work in the caller's transaction. Row types are for annotations and for
reading attributes.
"""

from portal.documents import events, rights
from portal.documents.actions import (
    download,
    erase_personal_data,
    issues_receipts,
    request_document,
    switch_receipts,
)
from portal.documents.certificates import (
    UnusableCertificate,
    certificates_of_city,
    key_file,
    read_key_file,
    signing_key,
)
from portal.documents.decision_paper import DecisionPaper
from portal.documents.issued_models import IssuedDocument
from portal.documents.issuing import (
    document_with_code,
    document_with_content,
    edition_after,
    issue,
    issued_document,
    issued_documents,
    revoke,
    spaced,
    valid_documents,
)
from portal.documents.labels import SHEETS, LabelSheet, render_labels
from portal.documents.models import Document
from portal.documents.paper import KINDS, Line, Paper, title_of
from portal.documents.queries import document_of_case, documents_by_reference, documents_of_case, documents_of_cases
from portal.documents.renderer import pdf_of
from portal.documents.sealed_columns import SEALED_COLUMNS

__all__ = [
    "KINDS",
    "SEALED_COLUMNS",
    "SHEETS",
    "DecisionPaper",
    "Document",
    "IssuedDocument",
    "LabelSheet",
    "Line",
    "Paper",
    "UnusableCertificate",
    "certificates_of_city",
    "document_of_case",
    "document_with_code",
    "document_with_content",
    "documents_by_reference",
    "documents_of_case",
    "documents_of_cases",
    "download",
    "edition_after",
    "erase_personal_data",
    "events",
    "issue",
    "issued_document",
    "issued_documents",
    "issues_receipts",
    "key_file",
    "pdf_of",
    "read_key_file",
    "render_labels",
    "request_document",
    "revoke",
    "rights",
    "signing_key",
    "spaced",
    "switch_receipts",
    "title_of",
    "valid_documents",
]
