"""What files of banks have in common: their encoding, 全銀 records of one length, and CSV whose columns are recognised by their heading.

Pure: bytes in, values or a fault out.
"""

import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from forms.text.dates import UnreadableDate, parse_date
from portal.core.text import _
from writing.decoding import decode_file
from writing.folding import width

Headings = Mapping[str, Sequence[str]]
"""How banks head their columns, by what the column means."""


class UnreadableBankFile(ValueError):
    """`str` says in Japanese what is wrong, and on which line. `headings` are those of a CSV that was not understood, so that somebody
    can say what they mean."""

    def __init__(self, message: str, headings: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.headings = list(headings)


def decoded(content: bytes) -> str:
    """The text of a file. Raises UnreadableBankFile."""
    text = decode_file(content)
    if text is None:
        raise UnreadableBankFile(_("文字コードが読めません。CP932(Shift_JIS)かUTF-8で保存してください。"))
    return text


def records(text: str, size: int) -> list[bytes]:
    """The records of a 全銀 file, `size` bytes each in CP932, with or without line ends. Raises UnreadableBankFile."""
    raw = re.sub(r"[\r\n\x1a]", "", text).encode("cp932", "replace")
    cut = [raw[at : at + size] for at in range(0, len(raw), size)]
    if cut and len(cut[-1]) != size:
        raise UnreadableBankFile(_("{number}行目の長さが、{size}バイトではありません。", number=len(cut), size=size))
    return cut


def field(record: bytes, at: int, size: int) -> str:
    """A field of a record: `at` counts bytes from 0, and half-width kana are one byte each."""
    return record[at : at + size].decode("cp932", "replace").strip()


def number_in(record: bytes, at: int, size: int, line: int) -> int:
    """A field of digits; blanks are zero. Raises UnreadableBankFile."""
    digits = field(record, at, size) or "0"
    if not re.fullmatch(r"\d+", digits, re.ASCII):
        raise UnreadableBankFile(_("{number}行目：数字のところに「{text}」とあります。", number=line, text=digits))
    return int(digits)


@dataclass(frozen=True)
class CsvRow:
    """One line of a CSV, counted from 1, read by what its columns mean."""

    line: int
    cells: Sequence[str]
    columns: Mapping[str, int]

    def text(self, name: str) -> str:
        """What stands in a column; empty where the file has none."""
        at = self.columns.get(name)
        return self.cells[at].strip() if at is not None and at < len(self.cells) else ""

    def day(self, name: str) -> date:
        """A date in any usual writing, eras too. Raises UnreadableBankFile."""
        text = self.text(name)
        try:
            return parse_date(text)
        except UnreadableDate:
            raise UnreadableBankFile(
                _("{number}行目：日付「{text}」を読めません。", number=self.line, text=text)
            ) from None

    def yen(self, name: str) -> int:
        """An amount, 0 where nothing stands. Raises UnreadableBankFile."""
        text = self.text(name)
        plain = re.sub(r"[,¥\\円\s\"]", "", width(text)).replace("△", "-").replace("▲", "-").replace("−", "-")
        if plain in {"", "-"}:
            return 0
        if not re.fullmatch(r"-?\d{1,13}", plain, re.ASCII):
            raise UnreadableBankFile(_("{number}行目：金額「{text}」を読めません。", number=self.line, text=text))
        return int(plain)


@dataclass(frozen=True)
class CsvLayout:
    """How CSVs of one kind are read: usual `headings`, at least one column of each of `required`, and what is said of a file without them."""

    headings: Headings
    required: Sequence[Collection[str]]
    missing: str
    max_lines: int

    def rows(self, text: str, named: Mapping[str, str] | None = None) -> list[CsvRow]:
        """The lines below the headings that hold anything. `named` says which heading means what, in place of the usual ones.

        Raises UnreadableBankFile, with the file's headings when its columns are not understood.
        """
        table = list(csv.reader(io.StringIO(text, newline="")))
        names: Headings = {name: (heading,) for name, heading in named.items() if heading} if named else self.headings
        head, columns = next(
            ((at, columns) for at, cells in enumerate(table) if self._understands(columns := _columns(cells, names))),
            (None, {}),
        )
        if head is None:
            longest = max(table[:20], key=len, default=[])
            raise UnreadableBankFile(self.missing, [cell.strip() for cell in longest])
        rows = [
            CsvRow(line, cells, columns)
            for line, cells in enumerate(table[head + 1 :], head + 2)
            if any(cell.strip() for cell in cells)
        ]
        if len(rows) > self.max_lines:
            raise UnreadableBankFile(_("1つのファイルは、{count}行までです。", count=self.max_lines))
        return rows

    def _understands(self, columns: Mapping[str, int]) -> bool:
        return all(not columns.keys().isdisjoint(either) for either in self.required)


def _columns(cells: Sequence[str], names: Headings) -> dict[str, int]:
    plain = [_plain(cell) for cell in cells]
    first = {
        name: next((plain.index(h) for h in map(_plain, headings) if h in plain), None)
        for name, headings in names.items()
    }
    return {name: at for name, at in first.items() if at is not None}


def _plain(heading: str) -> str:
    return re.sub(r"[\s()円]", "", width(heading))
