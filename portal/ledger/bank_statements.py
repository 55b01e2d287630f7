"""Bank statements as banks give them, read into lines: 全銀協 入出金取引明細 (records of 200 bytes), and any CSV whose columns are named.

Pure: bytes in, lines or a fault out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.core.text import _
from portal.ledger.bank_files import CsvLayout, CsvRow, UnreadableBankFile, decoded, field, number_in, records

MAX_LINES = 50_000
_RECORD = 200
_REIWA = 2018
COLUMNS = ("day", "deposit", "withdrawal", "description", "reference")
"""What a column of a CSV can be. `deposit` may hold withdrawals too, below zero, when there is no column for those."""

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "day": ("勘定日", "取引日", "日付", "年月日", "お取引日", "取引年月日"),
    "deposit": ("入金金額", "お預り金額", "お預かり金額", "預入金額", "入金額", "入金", "お預入れ", "金額", "取引金額"),
    "withdrawal": ("出金金額", "お支払金額", "お支払い金額", "支払金額", "出金額", "出金", "払出金額", "お引出し"),
    "description": ("摘要", "摘要内容", "お取り扱い内容", "お取扱内容", "取引内容", "内容", "振込依頼人名"),
    "reference": ("照会番号", "取引番号", "明細通番", "番号"),
}
"""How banks head their columns."""


@dataclass(frozen=True)
class StatementLine:
    """One movement of the account: above zero it came in. `reference` is the bank's own number, where it gives one."""

    day: date
    amount: int
    description: str
    reference: str = ""


@dataclass(frozen=True)
class Statement:
    """What a file holds: the account as the file names it (empty when it does not), and its lines."""

    account: str
    layout: str
    lines: Sequence[StatementLine]


def read_statement(content: bytes, columns: Mapping[str, str] | None = None, *, this_year: int) -> Statement:
    """Read a file. `columns` says which heading of a CSV is what (`COLUMNS`); without it, usual headings are recognised.

    Raises UnreadableBankFile.
    """
    text = decoded(content)
    if re.match(r"103[01]\d{6}", text):
        return _zengin(text, this_year)
    layout = CsvLayout(
        HEADINGS,
        ({"day"}, {"deposit", "withdrawal"}),
        _("日付と金額の列が見つかりません。どの列が何かを選んでください。"),
        MAX_LINES,
    )
    lines = (_csv_line(row) for row in layout.rows(text, columns))
    return Statement("", "csv", [line for line in lines if line is not None])


def _zengin(text: str, this_year: int) -> Statement:
    lines: list[StatementLine] = []
    account, totals = "", None
    for number, record in enumerate(records(text, _RECORD), 1):
        kind = record[:1]
        if kind == b"1":
            account = "-".join(field(record, at, size) for at, size in ((22, 4), (41, 3), (63, 10)))
        elif kind == b"2":
            lines.append(_zengin_line(record, number, this_year))
        elif kind == b"8":
            totals = tuple(number_in(record, at, size, number) for at, size in ((1, 6), (7, 13), (20, 6), (26, 13)))
    came = [line.amount for line in lines if line.amount > 0]
    went = [-line.amount for line in lines if line.amount < 0]
    if totals is None or totals != (len(came), sum(came), len(went), sum(went)):
        raise UnreadableBankFile(
            _(
                "明細の件数か金額の合計が、ファイルの最後の記録と合いません。ファイルが途中で切れていないか確かめてください。"
            )
        )
    return Statement(account, "zengin", lines)


def _zengin_line(record: bytes, number: int, this_year: int) -> StatementLine:
    amount = number_in(record, 24, 12, number)
    side = field(record, 21, 1)
    if side not in {"1", "2"} or amount == 0:
        raise UnreadableBankFile(_("{number}行目：入払区分か金額を読めません。", number=number))
    words = " ".join(filter(None, (field(record, at, size) for at, size in ((81, 48), (129, 15), (159, 20)))))
    day = _era_day(field(record, 9, 6), number, this_year)
    return StatementLine(day, amount if side == "1" else -amount, words, field(record, 1, 8))


def _era_day(digits: str, line: int, this_year: int) -> date:
    """YYMMDD, where YY is the year of Reiwa; a bank that counts by the Western year is recognised, as Reiwa would be years to come."""
    try:
        year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:])
        return date(_REIWA + year if _REIWA + year <= this_year + 1 else 2000 + year, month, day)
    except ValueError as error:
        raise UnreadableBankFile(_("{number}行目：日付「{text}」を読めません。", number=line, text=digits)) from error


def _csv_line(row: CsvRow) -> StatementLine | None:
    amount = row.yen("deposit") - row.yen("withdrawal")
    if amount == 0:
        return None  # a balance carried forward
    return StatementLine(row.day("day"), amount, row.text("description"), row.text("reference"))
