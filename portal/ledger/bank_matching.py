"""Which line of a bank statement is which movement of the books: the same amount, on the nearest day, each matched once."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

WINDOWS = (0, 3, 10)
"""Days by which the bank may be away from the books, tried one after another: the provider's payouts arrive some days later."""
GRACE = 10
"""Days after which a movement that the bank does not have is a difference, if the statements go on so far."""

_EXPECTED = """
    SELECT coalesce(nullif(provider_ref, ''), nullif(item, ''), 'transaction:' || transaction_id) AS ref,
        min(booked_on) AS day, sum(amount) AS amount,
        array_agg(DISTINCT case_id ORDER BY case_id) FILTER (WHERE case_id IS NOT NULL) AS case_ids
    FROM journal_posting WHERE account = 'bank' GROUP BY 1 HAVING sum(amount) <> 0
"""
"""What the bank must show. Transfers of one file carry the file's reference, and leave the account as one sum."""

_MATCH = text(
    f"""
    WITH expected AS MATERIALIZED (
        SELECT expected.* FROM ({_EXPECTED}) AS expected
        WHERE NOT EXISTS (SELECT FROM bank_statement_line AS line WHERE line.ledger_ref = expected.ref)
    ), line AS MATERIALIZED (
        SELECT id, day, amount FROM bank_statement_line WHERE ledger_ref = ''
    ), wanted AS (
        SELECT ref, day, amount, row_number() OVER (PARTITION BY amount ORDER BY day, ref) AS turn FROM expected
        WHERE EXISTS (SELECT FROM line WHERE line.amount = expected.amount AND abs(line.day - expected.day) <= :days)
    ), offered AS (
        SELECT id, day, amount, row_number() OVER (PARTITION BY amount ORDER BY day, id) AS turn FROM line
        WHERE EXISTS (SELECT FROM expected WHERE line.amount = expected.amount AND abs(line.day - expected.day) <= :days)
    )
    UPDATE bank_statement_line SET ledger_ref = wanted.ref
    FROM wanted JOIN offered USING (amount, turn)
    WHERE offered.id = bank_statement_line.id AND abs(offered.day - wanted.day) <= :days
    """  # noqa: S608 - made of constants
)
"""Of equal amounts the first goes to the first. Those without a partner in reach are left out, so that they put nobody out of turn."""

_MISSING = text(
    f"""
    SELECT expected.ref, expected.amount, NULL::bigint, expected.day, expected.case_ids
    FROM ({_EXPECTED}) AS expected, (SELECT min(day) AS first, max(day) AS last FROM bank_statement_line) AS known
    WHERE expected.day BETWEEN known.first AND known.last - CAST(:grace AS integer)
        AND NOT EXISTS (SELECT FROM bank_statement_line AS line WHERE line.ledger_ref = expected.ref)
    ORDER BY expected.day, expected.ref
    """  # noqa: S608 - made of constants
)

_UNEXPECTED = text(
    "SELECT 'line:' || id, NULL::bigint, amount, day, NULL::bigint[] FROM bank_statement_line WHERE ledger_ref = ''"
    " ORDER BY day, id"
)

Row = tuple[str, int | None, int | None, date | None, list[int]]


def match_bank_lines(session: Session) -> int:
    """Match what can be matched, round by round; return how many lines were."""
    matched = 0
    for days in WINDOWS:
        while count := _rowcount(session, days):
            matched += count
    return matched


def _rowcount(session: Session, days: int) -> int:
    result = session.execute(_MATCH, {"days": days})
    return int(getattr(result, "rowcount", 0))


def missing_at_bank(session: Session) -> Iterator[Row]:
    """Movements of the books that the statements should show and do not: reference, ours, theirs, day, cases."""
    for row in session.execute(_MISSING, {"grace": GRACE}):
        yield row[0], int(row[1]), None, row[3], list(row[4] or ())


def only_at_bank(session: Session) -> Iterator[Row]:
    """Lines of the statements that the books do not expect: reference, ours, theirs, day, cases."""
    for row in session.execute(_UNEXPECTED):
        yield row[0], None, int(row[2]), row[3], []
