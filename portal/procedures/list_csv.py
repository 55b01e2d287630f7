"""A list as a CSV file: what a department has in Excel, read with every fault by its line, and written back."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from forms.definition.table import DAYS, Table
from portal.core.errors import Invalid
from writing.decoding import decode_file
from writing.folding import ANSWER

MAX_ROWS = 20_000
MAX_COLUMNS = 40
MAX_LENGTH = 2_000_000
"""Characters of a file."""
_MAX_CELL = 500
_MAX_FAULTS = 20
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_INT = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_DOUBLE = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?")
_BOOLS: Mapping[str, bool] = {"はい": True, "いいえ": False, "true": True, "false": False, "TRUE": True, "FALSE": False}


@dataclass(frozen=True)
class ListContent:
    """The rows of a list, and its columns with their types (bool, int, double, string), in the order of the file.

    The first column is the key; `from` and `until` are the days between which a row holds.
    """

    columns: Sequence[tuple[str, str]]
    rows: Sequence[Mapping[str, Any]]

    @property
    def key(self) -> str:
        """The column by which rows are found."""
        return self.columns[0][0]


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8, or as Excel writes it (Shift_JIS). Raises Invalid for anything else."""
    text = decode_file(content)
    if text is None:
        raise Invalid("ファイルを読めません。CSV(UTF-8 か Shift_JIS)で保存してください。")
    return text


def read_csv(text: str) -> ListContent:
    """Read a file. Raises Invalid with the lines at fault under their numbers (`1` is the line of names)."""
    if len(text) > MAX_LENGTH:
        raise Invalid("ファイルが大きすぎます。200万文字までにしてください。")
    lines = [line for line in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in line)]
    if len(lines) < 2:
        raise Invalid("1行目に列の名前を、2行目から値を書いてください。")
    names = [ANSWER(name).strip() for name in lines[0]]
    wrong = [name for name in names if not _NAME.fullmatch(name)]
    if wrong or len(set(names)) < len(names) or len(names) > MAX_COLUMNS or names[0] in DAYS:
        message = "列の名前は、英小文字で始まる英小文字・数字・「_」で書き、同じ名前を2回使わないでください。"
        raise Invalid(message, {"1": "、".join(wrong) or "、".join(names)})
    if len(lines) - 1 > MAX_ROWS:
        raise Invalid(f"{MAX_ROWS:,}行までにしてください。いまは{len(lines) - 1:,}行です。")
    rows, faults = _rows(names, lines[1:])
    if faults:
        raise Invalid("読めない行があります。", dict(list(faults.items())[:_MAX_FAULTS]))
    kinds = [(name, _kind([row[name] for row in rows if name in row])) for name in names if name not in DAYS]
    typed = [{name: _cell(cell, dict(kinds).get(name, "day")) for name, cell in row.items()} for row in rows]
    try:
        Table.model_validate({"id": "list", "key": [names[0]], "rows": [{**row, "x": 0} for row in typed]})
    except ValidationError as error:
        raise Invalid(str(error.errors()[0]["ctx"]["error"])) from error
    return ListContent(kinds, typed)


def write_csv(content: ListContent) -> str:
    """The file from which `read_csv` reads the same."""
    used = [name for name in DAYS if any(name in row for row in content.rows)]
    names = [name for name, _ in content.columns] + used
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(names)
    for row in content.rows:
        writer.writerow([_written(row.get(name, "")) for name in names])
    return "\ufeff" + target.getvalue()


def _rows(names: Sequence[str], lines: Sequence[Sequence[str]]) -> tuple[list[dict[str, str]], dict[str, str]]:
    rows, faults = [], {}
    for number, line in enumerate(lines, start=2):
        cells = [ANSWER(cell).strip() for cell in line]
        if len(cells) != len(names):
            faults[str(number)] = f"列が{len(cells)}つあります。{len(names)}つにしてください。"
            continue
        row = dict(zip(names, cells, strict=True))
        if not cells[0]:
            faults[str(number)] = f"「{names[0]}」が空です。"
        if any(len(cell) > _MAX_CELL for cell in cells):
            faults[str(number)] = f"1つの欄は{_MAX_CELL}文字までにしてください。"
        if any(row.get(name) and not _is_day(row[name]) for name in DAYS):
            faults[str(number)] = "from と until は、2026-04-01 のように書いてください。"
        rows.append({name: cell for name, cell in row.items() if name not in DAYS or cell})
    return rows, faults


def _kind(cells: Sequence[str]) -> str:
    if all(_INT.fullmatch(cell) for cell in cells):
        return "int"
    if all(_DOUBLE.fullmatch(cell) for cell in cells):
        return "double"
    return "bool" if all(cell in _BOOLS for cell in cells) else "string"


def _cell(cell: str, kind: str) -> Any:
    match kind:
        case "int":
            return int(cell)
        case "double":
            return float(cell)
        case "bool":
            return _BOOLS[cell]
    return cell


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _written(cell: Any) -> str:
    return ("はい" if cell else "いいえ") if isinstance(cell, bool) else str(cell)
