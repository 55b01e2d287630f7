"""Files of banks about paid slips, read into lines: any CSV whose columns are known or named, and 全銀協 預金口座振替 結果 (120 bytes).

Pure: bytes in, lines or a fault out. Names of account holders in a file are not read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.core.text import _
from portal.ledger.bank_files import CsvLayout, CsvRow, UnreadableBankFile, decoded, field, number_in, records
from writing.folding import width

MAX_LINES = 20_000
_RECORD = 120
COLUMNS = ("reference", "day", "amount", "institution", "serial")
"""What a column of a CSV can be: the slip's number, the day it was paid, yen, where, and the bank's own number of the line."""
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "reference": ("納付番号", "納付書番号", "収納番号", "照会番号"),
    "day": ("収納日", "納付日", "領収日", "支払日", "日付"),
    "amount": ("収納金額", "納付金額", "領収金額", "金額"),
    "institution": ("収納機関", "金融機関", "収納店舗", "取扱店"),
    "serial": ("取引番号", "明細番号", "通番", "連番"),
}
RESULTS: Mapping[str, str] = {
    "0": "",
    "1": "資金不足",
    "2": "取引なし",
    "3": "預金者の都合による停止",
    "4": "預金口座振替依頼書なし",
    "8": "委託者の都合による停止",
    "9": "その他",
}
"""Codes of 振替結果: what kept a direct debit from being paid."""


@dataclass(frozen=True)
class FileLine:
    """One slip, or one direct debit: `failure` says why it was not paid, empty for money that came."""

    reference: str
    day: date
    amount: int
    institution: str = ""
    serial: str = ""
    failure: str = ""


@dataclass(frozen=True)
class SlipData:
    """What a file holds: its layout (`csv` or `zengin`) and its lines."""

    layout: str
    lines: Sequence[FileLine]


def read_file(content: bytes, columns: Mapping[str, str] | None = None, *, today: date) -> SlipData:
    """Read a file. `columns` says which heading of a CSV is what (`COLUMNS`); without it, usual headings are recognised. Raises UnreadableBankFile."""
    text = decoded(content)
    if re.match(r"191[01]", text):
        return SlipData("zengin", _zengin(text, today))
    layout = CsvLayout(
        HEADINGS,
        ({"reference"}, {"day"}, {"amount"}),
        _("納付番号と納付日と金額の列が見つかりません。どの列が何かを選んでください。"),
        MAX_LINES,
    )
    return SlipData("csv", [_csv_line(row) for row in layout.rows(text, columns)])


def _zengin(text: str, today: date) -> list[FileLine]:
    """Records with or without line ends: header (1), data (2), trailer (8), end (9). The trailer's counts and sums must be those of the data."""
    lines: list[FileLine] = []
    day, trailer = None, None
    for number, record in enumerate(records(text, _RECORD), 1):
        match record[:1]:
            case b"1":
                day = _month_and_day(field(record, 54, 4), number, today)
            case b"2" if day is not None:
                lines.append(_zengin_line(record, day, number))
            case b"8":
                trailer = tuple(
                    number_in(record, at, size, number) for at, size in ((1, 6), (7, 12), (19, 6), (25, 12))
                )
            case b"9":
                pass
            case _:
                raise UnreadableBankFile(_("{number}行目：データ区分を読めません。", number=number))
    paid = [line.amount for line in lines if not line.failure]
    if trailer != (len(lines), sum(line.amount for line in lines), len(paid), sum(paid)):
        raise UnreadableBankFile(
            _("件数か金額の合計が、ファイルのトレーラーと合いません。ファイルが途中で切れていないか確かめてください。")
        )
    return lines


def _zengin_line(record: bytes, day: date, number: int) -> FileLine:
    code = field(record, 111, 1)
    if code not in RESULTS:
        raise UnreadableBankFile(_("{number}行目：振替結果コード「{text}」を読めません。", number=number, text=code))
    institution = "-".join((field(record, 1, 4), field(record, 20, 3)))
    return FileLine(
        reference=field(record, 91, 20),
        day=day,
        amount=_positive(number_in(record, 80, 10, number), number),
        institution=institution,
        failure=RESULTS[code],
    )


def _month_and_day(digits: str, line: int, today: date) -> date:
    """MMDD in the year in which it is nearest to today."""
    try:
        days = [date(today.year + offset, int(digits[:2]), int(digits[2:])) for offset in (-1, 0, 1)]
    except ValueError as error:
        raise UnreadableBankFile(_("{number}行目：日付「{text}」を読めません。", number=line, text=digits)) from error
    return min(days, key=lambda day: abs(day - today))


def _csv_line(row: CsvRow) -> FileLine:
    return FileLine(
        reference=width(row.text("reference")).lstrip("'"),
        day=row.day("day"),
        amount=_positive(row.yen("amount"), row.line),
        institution=width(row.text("institution")),
        serial=width(row.text("serial")),
    )


def _positive(amount: int, line: int) -> int:
    if amount <= 0:
        raise UnreadableBankFile(_("{number}行目：金額が0円か、マイナスです。", number=line))
    return amount
