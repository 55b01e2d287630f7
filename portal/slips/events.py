"""What accountants do with files of paid slips. What each line pays is in the history of its case."""

from portal.core.events import EventKind, Subject, declare

EVENTS = declare(
    ("slip_file",),
    {
        "slip.file_taken": EventKind("納付書の収納データを取り込みました", keys=("lines", "new", "amount")),
        "slip.assigned": EventKind(
            "納付番号の分からない入金を料金に当てました", keys=("line_id", "order_id", "amount")
        ),
    },
)


def of_file(file_id: int) -> Subject:
    """A file as the subject of an event."""
    return Subject("slip_file", file_id)
