"""Bank statements as banks give them, read into lines: 全銀協 入出金取引明細 (records of 200 bytes), and any CSV whose columns are named.

Pure: bytes in, lines or a fault out.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from forms.text.dates import UnreadableDate, parse_date
from portal.core.text import _

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


class Unreadable(ValueError):
    """A file that is no statement; `str` says in Japanese what is wrong, and on which line. `headings` are those of a CSV that was
    not understood, so that somebody can say what they mean."""

    def __init__(self, message: str, headings: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.headings = list(headings)


def read_statement(content: bytes, columns: Mapping[str, str] | None = None, *, this_year: int) -> Statement:
    """Read a file. `columns` says which heading of a CSV is what (`COLUMNS`); without it, usual headings are recognised.

    Raises Unreadable.
    """
    text, rows = _decoded(content), 0
    if re.match(r"103[01]\d{6}", text):
        return _zengin(text, this_year)
    table = list(csv.reader(io.StringIO(text, newline="")))
    head = next((number for number, row in enumerate(table) if _is_head(row, columns)), None)
    if head is None:
        longest = max(table[:20], key=len, default=[])
        raise Unreadable(
            _("日付と金額の列が見つかりません。どの列が何かを選んでください。"), [cell.strip() for cell in longest]
        )
    places = _places(table[head], columns)
    lines = []
    for number, row in enumerate(table[head + 1 :], head + 2):
        if any(cell.strip() for cell in row):
            lines.append(_csv_line(row, places, number))
            rows += 1
        if rows > MAX_LINES:
            raise Unreadable(_("1つのファイルは、{count}行までです。", count=MAX_LINES))
    return Statement("", "csv", [line for line in lines if line is not None])


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("文字コードが読めません。CP932(Shift_JIS)かUTF-8で保存してください。"))


def _zengin(text: str, this_year: int) -> Statement:
    """Records with or without line ends; a field counts bytes, and half-width kana are one byte each in CP932."""
    packed = "".join(text.split("\r\n")).replace("\n", "").replace("\r", "").rstrip("\x1a")
    raw = packed.encode("cp932", "replace")
    records = [raw[at : at + _RECORD] for at in range(0, len(raw), _RECORD)]
    lines: list[StatementLine] = []
    account, totals = "", None
    for number, record in enumerate(records, 1):
        if len(record) != _RECORD:
            raise Unreadable(_("{number}行目の長さが、200バイトではありません。", number=number))
        kind = record[:1]
        if kind == b"1":
            account = "-".join(_field(record, at, size).strip() for at, size in ((22, 4), (41, 3), (63, 10)))
        elif kind == b"2":
            lines.append(_zengin_line(record, number, this_year))
        elif kind == b"8":
            totals = tuple(_number(record, at, size, number) for at, size in ((1, 6), (7, 13), (20, 6), (26, 13)))
    came = [line.amount for line in lines if line.amount > 0]
    went = [-line.amount for line in lines if line.amount < 0]
    if totals is None or totals != (len(came), sum(came), len(went), sum(went)):
        raise Unreadable(
            _(
                "明細の件数か金額の合計が、ファイルの最後の記録と合いません。ファイルが途中で切れていないか確かめてください。"
            )
        )
    return Statement(account, "zengin", lines)


def _zengin_line(record: bytes, number: int, this_year: int) -> StatementLine:
    amount = _number(record, 24, 12, number)
    side = _field(record, 21, 1)
    if side not in {"1", "2"} or amount == 0:
        raise Unreadable(_("{number}行目: 入払区分か金額を読めません。", number=number))
    words = " ".join(filter(None, (_field(record, at, size).strip() for at, size in ((81, 48), (129, 15), (159, 20)))))
    day = _era_day(_field(record, 9, 6), number, this_year)
    return StatementLine(day, amount if side == "1" else -amount, words, _field(record, 1, 8).strip())


def _field(record: bytes, at: int, size: int) -> str:
    return record[at : at + size].decode("cp932", "replace")


def _number(record: bytes, at: int, size: int, line: int) -> int:
    digits = _field(record, at, size).strip() or "0"
    if not digits.isdecimal():
        raise Unreadable(_("{number}行目: 数字のところに「{text}」とあります。", number=line, text=digits))
    return int(digits)


def _era_day(digits: str, line: int, this_year: int) -> date:
    """YYMMDD, where YY is the year of Reiwa; a bank that counts by the Western year is recognised, as Reiwa would be years to come."""
    try:
        year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:])
        return date(_REIWA + year if _REIWA + year <= this_year + 1 else 2000 + year, month, day)
    except ValueError as error:
        raise Unreadable(_("{number}行目: 日付「{text}」を読めません。", number=line, text=digits)) from error


def _is_head(row: Sequence[str], columns: Mapping[str, str] | None) -> bool:
    places = _places(row, columns)
    return "day" in places and bool({"deposit", "withdrawal"} & places.keys())


def _places(row: Sequence[str], columns: Mapping[str, str] | None) -> dict[str, int]:
    cells = [re.sub(r"[\s()()円]", "", cell) for cell in row]
    if columns:
        chosen = {name: re.sub(r"[\s()()円]", "", heading) for name, heading in columns.items() if heading}
        return {name: cells.index(heading) for name, heading in chosen.items() if heading in cells}
    places = {}
    for name, headings in HEADINGS.items():
        column = next((cells.index(heading) for heading in headings if heading in cells), None)
        if column is not None:
            places[name] = column
    return places


def _csv_line(row: Sequence[str], places: Mapping[str, int], number: int) -> StatementLine | None:
    def cell(name: str) -> str:
        at = places.get(name)
        return row[at].strip() if at is not None and at < len(row) else ""

    deposit, withdrawal = (_yen(cell(name), number) for name in ("deposit", "withdrawal"))
    amount = deposit - withdrawal
    if amount == 0:
        return None  # a balance carried forward
    return StatementLine(_csv_day(cell("day"), number), amount, cell("description"), cell("reference"))


def _yen(text: str, number: int) -> int:
    plain = re.sub(r"[,,¥\\円\s\"]", "", text).replace("△", "-").replace("▲", "-").replace("−", "-")
    if plain in {"", "-"}:
        return 0
    if not re.fullmatch(r"-?\d{1,13}", plain):
        raise Unreadable(_("{number}行目: 金額「{text}」を読めません。", number=number, text=text))
    return int(plain)


def _csv_day(text: str, number: int) -> date:
    try:
        return parse_date(text)
    except UnreadableDate:
        raise Unreadable(_("{number}行目: 日付「{text}」を読めません。", number=number, text=text)) from None
