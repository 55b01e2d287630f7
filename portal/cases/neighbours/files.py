"""Lists of neighbours as files for mail merge. They name places, nobody who lives there."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from geo.neighbours import town_and_numbers
from portal.cases.neighbours.lists import NeighbourRow, Neighbours, included, of_list
from portal.cases.neighbours.models import NeighbourList
from portal.core.database import city_of
from portal.core.errors import NotFound
from portal.core.events import Actor, record
from portal.core.tenancy import city

ADDRESSEE = "お住まいの方へ"
_ENCODINGS: Mapping[str, str] = {"utf-8": "utf-8-sig", "cp932": "cp932"}
"""What somebody chooses, and Python's name for it; UTF-8 with the mark by which spreadsheets know it."""
_GETA = "〓"
"""Stands, as printers have it, for a character that CP932 lacks."""
_HEAD = ("番号", "住所", "宛名", "町名・丁目", "番地", "距離(m)", "同じ住所の数", "備考")
_REMARKS = {"inside": "距離の境目(内側)", "outside": "距離の境目(外側)", "": ""}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def missing_characters(row: NeighbourList) -> list[tuple[int, str, str]]:
    """Rows that CP932 cannot write, of those that are not left out: number from 0, address, and the characters that are missing."""
    rows = Neighbours.stored(row.content).rows
    written = [(n, rows[n].address, _missing(rows[n].address)) for n in included(row)]
    return [line for line in written if line[2]]


def neighbours_csv(session: Session, row: NeighbourList, encoding: str, actor: Actor, *, by_address: bool) -> bytes:
    """The rows that are not left out, for mail merge. In CP932 a character that it lacks is 〓, and the remark names it.

    Raises NotFound for an encoding that is not offered.
    """
    if encoding not in _ENCODINGS:
        raise NotFound
    chosen = set(included(row))
    rows = [each for n, each in Neighbours.stored(row.content).numbered(by_address=by_address) if n in chosen]
    replaced = encoding == "cp932"
    text = _written(_cells(rows, city(city_of(session)).name, named=replaced))
    if replaced:
        text = "".join(_GETA if _missing(character) else character for character in text)
    record(session, of_list(row), "neighbours.exported", actor, list_id=row.id, kind=encoding, number=len(rows))
    return text.encode(_ENCODINGS[encoding])


def in_full(city_name: str, address: str) -> str:
    """An address as it stands on a letter: with the city, where it does not name it."""
    return address if city_name in address else f"{city_name}{address}"


def _cells(rows: Sequence[NeighbourRow], city_name: str, *, named: bool) -> Iterable[Sequence[Any]]:
    for number, row in enumerate(rows, start=1):
        (town, numbers), missing = town_and_numbers(row.address), _missing(row.address) if named else ""
        codes = " ".join(f"U+{ord(character):04X}" for character in missing)
        remarks = (_REMARKS[row.edge], f"CP932にない文字 {codes}" if codes else "")
        yield (
            number,
            _cell(in_full(city_name, row.address)),
            ADDRESSEE,
            _cell(town),
            numbers,
            row.metres,
            row.features,
            "・".join(filter(None, remarks)),
        )


def _written(rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEAD)
    writer.writerows(rows)
    return out.getvalue()


def _missing(text: str) -> str:
    """The characters of a text that CP932 lacks, each once."""
    return "".join(dict.fromkeys(character for character in text if not _in_cp932(character)))


def _in_cp932(character: str) -> bool:
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def _cell(text: str) -> str:
    """A text that a spreadsheet would compute is marked as a text (CSV injection, OWASP)."""
    return f"'{text}" if text.startswith(_FORMULA) else text
