"""What can happen to a document."""

from portal.core.events import EventKind, Subject, declare

EVENTS = declare(
    ("document", "document_switch"),
    {
        "document.requested": EventKind("書類を作ることにしました", keys=("document_id", "kind", "number")),
        "document.made": EventKind(
            "書類を作りました", "書類ができました", keys=("document_id", "kind", "number", "sha256")
        ),
        "document.downloaded": EventKind("書類を受け取りました", keys=("document_id", "number")),
        "document.issued": EventKind("書類を交付しました", keys=("document_id", "rule")),
        "document.superseded": EventKind(
            "交付した書類を新しいものに差し替えました",
            "前に交付した書類が、新しいものに差し替わりました",
            keys=("document_id", "number"),
        ),
        "document.revoked": EventKind(
            "交付した書類を取り消しました", "前に交付した書類が取り消されました", keys=("document_id", "number")
        ),
        "document.receipts_switched": EventKind("領収書を出すかどうかを決めました", keys=("issued",)),
    },
)


def of_document(document_id: int, case_id: int) -> Subject:
    """A document as the subject of an event, which is part of the history of its case."""
    return Subject("document", document_id, within=Subject("case", case_id))


RECEIPTS = Subject("document_switch")
"""Whether the city issues receipts, as the subject of an event."""
