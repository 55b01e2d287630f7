"""Files for the city's accounting system: CSV in CP932 or UTF-8, each export an event."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from common.fiscal_years import fiscal_year
from portal.core.csv_files import ENCODINGS, csv_file
from portal.core.errors import Invalid
from portal.core.events import Actor, record
from portal.core.text import _
from portal.ledger.chart import ACCOUNTS
from portal.ledger.codes import account_codes
from portal.ledger.events import BOOKS
from portal.ledger.models import LedgerAccountCode
from portal.ledger.reports import by_code, journal

Names = Callable[[int | None], str]
"""The name of a department by its id."""


def export_csv(
    session: Session, what: str, begin: date, end: date, encoding: str, actor: Actor, *, department: Names
) -> bytes:
    """The file of these days. `what` is `codes` (sums by 款項目節) or `journal` (every posting). Raises Invalid for another one."""
    if what not in EXPORTS or encoding not in ENCODINGS or begin > end:
        raise Invalid(_("書き出す内容を選んでください。"))
    head, rows_of = EXPORTS[what]
    rows = list(rows_of(session, begin, end, department))
    record(
        session,
        BOOKS,
        "ledger.exported",
        actor,
        what=what,
        **{"from": begin.isoformat(), "to": end.isoformat()},
        rows=len(rows),
        encoding=encoding,
    )
    return csv_file(head, rows, encoding)


def _codes(session: Session, begin: date, end: date, department: Names) -> Iterable[Sequence[Any]]:
    titles: dict[str, LedgerAccountCode] = {}
    for year in range(fiscal_year(begin), fiscal_year(end) + 1):
        titles |= {row.code: row for row in account_codes(session, year).values()}
    for line in by_code(session, begin, end):
        parts = (line.code.split("-") + [""] * 5)[:5]
        title = titles[line.code].title if line.code in titles else ("" if line.code else "未設定")
        sign = ACCOUNTS[line.account].sign
        yield (
            *parts,
            title,
            ACCOUNTS[line.account].title,
            line.procedure_key,
            line.fee,
            department(line.department_id),
            line.credit if sign < 0 else line.debit,
            line.debit if sign < 0 else line.credit,
            sign * (line.debit - line.credit),
        )


def _journal(session: Session, begin: date, end: date, department: Names) -> Iterable[Sequence[Any]]:
    for line in journal(session, begin, end):
        yield (
            line.transaction_id,
            line.booked_on.isoformat(),
            line.kind,
            "取消" if line.is_reversal else "",
            ACCOUNTS[line.account].title,
            line.amount if line.amount > 0 else "",
            -line.amount if line.amount < 0 else "",
            line.account_code,
            line.procedure_key,
            line.fee,
            department(line.department_id),
            line.method,
            line.item,
            line.provider_ref,
        )


Rows = Callable[[Session, date, date, Names], Iterable[Sequence[Any]]]
EXPORTS: Mapping[str, tuple[Sequence[str], Rows]] = {
    "codes": (
        (
            *("款", "項", "目", "節", "細節", "名称", "科目", "手続き", "料金", "課"),
            *("増加(円)", "減少(円)", "差引(円)"),
        ),
        _codes,
    ),
    "journal": (
        (
            *("仕訳番号", "日付", "種類", "取消", "科目", "借方(円)", "貸方(円)", "款項目節"),
            *("手続き", "料金", "課", "方法", "対象", "決済の番号"),
        ),
        _journal,
    ),
}
"""What can be exported, with its head."""
