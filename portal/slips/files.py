"""Files of banks about paid slips, read into lines: any CSV whose columns are known or named, and 全銀協 預金口座振替 結果 (120 bytes).

Pure: bytes in, lines or a fault out. Names of account holders in a file are not read.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from forms.text.dates import UnreadableDate, parse_date
from portal.core.text import _

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


class Unreadable(ValueError):
    """A file that is none of these; `str` says in Japanese what is wrong, and on which line. `headings` are those of a CSV that was not
    understood, so that somebody can say what they mean."""

    def __init__(self, message: str, headings: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.headings = list(headings)


def read_file(content: bytes, columns: Mapping[str, str] | None = None, *, today: date) -> SlipData:
    """Read a file. `columns` says which heading of a CSV is what (`COLUMNS`); without it, usual headings are recognised. Raises Unreadable."""
    text = _decoded(content)
    if re.match(r"191[01]", text):
        return SlipData("zengin", _zengin(text, today))
    table = list(csv.reader(io.StringIO(text, newline="")))
    head = next((number for number, row in enumerate(table) if _is_head(_places(row, columns))), None)
    if head is None:
        longest = max(table[:20], key=len, default=[])
        raise Unreadable(
            _("納付番号と納付日と金額の列が見つかりません。どの列が何かを選んでください。"),
            [cell.strip() for cell in longest],
        )
    places = _places(table[head], columns)
    rows = [
        (number, row) for number, row in enumerate(table[head + 1 :], head + 2) if any(cell.strip() for cell in row)
    ]
    if len(rows) > MAX_LINES:
        raise Unreadable(_("1つのファイルは、{count}行までです。", count=MAX_LINES))
    return SlipData("csv", [_csv_line(row, places, number) for number, row in rows])


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("文字コードが読めません。CP932(Shift_JIS)かUTF-8で保存してください。"))


def _zengin(text: str, today: date) -> list[FileLine]:
    """Records with or without line ends: header (1), data (2), trailer (8), end (9). The trailer's counts and sums must be those of the data."""
    raw = re.sub(r"[\r\n\x1a]", "", text).encode("cp932", "replace")
    records = [raw[at : at + _RECORD] for at in range(0, len(raw), _RECORD)]
    lines: list[FileLine] = []
    day, said = None, None
    for number, record in enumerate(records, 1):
        if len(record) != _RECORD:
            raise Unreadable(_("{number}行目の長さが、120バイトではありません。", number=number))
        match record[:1]:
            case b"1":
                day = _month_and_day(_field(record, 54, 4), number, today)
            case b"2" if day is not None:
                lines.append(_zengin_line(record, day, number))
            case b"8":
                said = tuple(
                    _number(_field(record, at, size), number) for at, size in ((1, 6), (7, 12), (19, 6), (25, 12))
                )
            case b"9":
                pass
            case _:
                raise Unreadable(_("{number}行目: データ区分を読めません。", number=number))
    paid = [line.amount for line in lines if not line.failure]
    if said != (len(lines), sum(line.amount for line in lines), len(paid), sum(paid)):
        raise Unreadable(
            _("件数か金額の合計が、ファイルのトレーラーと合いません。ファイルが途中で切れていないか確かめてください。")
        )
    return lines


def _zengin_line(record: bytes, day: date, number: int) -> FileLine:
    code = _field(record, 111, 1)
    if code not in RESULTS:
        raise Unreadable(_("{number}行目: 振替結果コード「{text}」を読めません。", number=number, text=code))
    institution = "-".join((_field(record, 1, 4), _field(record, 20, 3)))
    return FileLine(
        reference=_field(record, 91, 20),
        day=day,
        amount=_positive(_number(_field(record, 80, 10), number), number),
        institution=institution,
        failure=RESULTS[code],
    )


def _field(record: bytes, at: int, size: int) -> str:
    return record[at : at + size].decode("cp932", "replace").strip()


def _month_and_day(digits: str, line: int, today: date) -> date:
    """MMDD in the year in which it is nearest to today."""
    try:
        days = [date(today.year + offset, int(digits[:2]), int(digits[2:])) for offset in (-1, 0, 1)]
    except ValueError as error:
        raise Unreadable(_("{number}行目: 日付「{text}」を読めません。", number=line, text=digits)) from error
    return min(days, key=lambda day: abs(day - today))


def _is_head(places: Mapping[str, int]) -> bool:
    return {"reference", "day", "amount"} <= places.keys()


def _places(row: Sequence[str], columns: Mapping[str, str] | None) -> dict[str, int]:
    cells = [re.sub(r"[\s()()円]", "", cell) for cell in row]
    wanted = {name: (heading,) for name, heading in columns.items() if heading} if columns else HEADINGS
    places = {}
    for name, headings in wanted.items():
        plain = [re.sub(r"[\s()()円]", "", heading) for heading in headings]
        column = next((cells.index(heading) for heading in plain if heading in cells), None)
        if column is not None:
            places[name] = column
    return places


def _csv_line(row: Sequence[str], places: Mapping[str, int], number: int) -> FileLine:
    def cell(name: str) -> str:
        at = places.get(name)
        return unicodedata.normalize("NFKC", row[at]).strip() if at is not None and at < len(row) else ""

    amount = re.sub(r"[,¥\\円\s]", "", cell("amount"))
    return FileLine(
        reference=cell("reference").lstrip("'"),
        day=_day(cell("day"), number),
        amount=_positive(_number(amount, number), number),
        institution=cell("institution"),
        serial=cell("serial"),
    )


def _number(digits: str, line: int) -> int:
    if not re.fullmatch(r"\d{1,13}", digits, re.ASCII):
        raise Unreadable(_("{number}行目: 数字のところに「{text}」とあります。", number=line, text=digits))
    return int(digits)


def _positive(amount: int, line: int) -> int:
    if amount == 0:
        raise Unreadable(_("{number}行目: 金額が0円です。", number=line))
    return amount


def _day(text: str, line: int) -> date:
    try:
        return parse_date(text)
    except UnreadableDate:
        raise Unreadable(_("{number}行目: 日付「{text}」を読めません。", number=line, text=text)) from None
