"""What accountants do with the books. What is posted is not an event: the journal itself is append-only and says everything."""

from portal.core.events import EventKind, Subject, declare

EVENTS = declare(
    ("ledger", "ledger_closing", "bank_statement", "ledger_difference"),
    {
        "ledger.closed": EventKind("帳簿を締めました", keys=("period", "first_day", "last_day")),
        "ledger.reopening_asked": EventKind("締めを開けることを求めました", keys=("period", "first_day")),
        "ledger.reopening_withdrawn": EventKind("締めを開ける求めを取り下げました", keys=("period", "first_day")),
        "ledger.reopened": EventKind("締めを開けました", keys=("period", "first_day")),
        "ledger.code_set": EventKind("款項目節を決めました", keys=("procedure", "fee", "fiscal_year", "code", "moved")),
        "ledger.exported": EventKind("帳簿を書き出しました", keys=("what", "from", "to", "rows", "encoding")),
        "ledger.statement_imported": EventKind("入出金明細を取り込みました", keys=("lines", "new", "amount")),
        "ledger.difference_explained": EventKind("帳簿のちがいを説明しました", keys=("kind", "reference", "amount")),
    },
)

BOOKS = Subject("ledger")
"""The city's books as the subject of an event."""


def of_closing(closing_id: int) -> Subject:
    """A closing as the subject of an event."""
    return Subject("ledger_closing", closing_id)
