"""The process that opens files: what it says of one, how rows become tuples, and that it can do no more than that."""

import subprocess
import sys
from pathlib import Path

import pytest

from geo.reading import Column, FileError, Plan, look, read

pytestmark = pytest.mark.slow  # each file is opened in a process of its own
TABLE = "番号,施設,緯度,経度,広さ,予約\n01,公園,35.67,139.39,12.5,有\n02,広場,35.68,139.4,ひろい,無\n03,なし,,,1,有\n"
CONFINED = """
import socket
from geo.reading.confinement import confine
confine()
try:
    socket.create_connection(("127.0.0.1", 9))
except PermissionError:
    print("no sockets")
try:
    bytearray(3_000_000_000)
except MemoryError:
    print("no memory")
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "places.csv"
    path.write_bytes(TABLE.encode("cp932"))
    return path


def test_a_file_is_looked_at_before_it_is_read(table: Path) -> None:
    look_result = look(table, plane=6677)
    assert (look_result.format, look_result.encoding, look_result.features, look_result.kinds) == (
        "CSV",
        "cp932",
        3,
        {"point": 2},
    )
    assert [tuple(each) for each in look_result.columns] == [
        ("番号", "string"), ("施設", "string"), ("広さ", "string"), ("予約", "string"),
    ]  # fmt: skip
    assert look_result.rows[0] == {"番号": "01", "施設": "公園", "広さ": "12.5", "予約": "有"}
    assert look_result.datum == {"epsg": 6668, "name": "JGD2011", "swapped": False}
    assert look_result.shown[0] == {"type": "Point", "coordinates": [139.39, 35.67]}


def test_columns_are_renamed_typed_and_left_out(table: Path) -> None:
    columns = [Column("番号", "no", "string"), Column("広さ", "area", "number"), Column("予約", "booking", "boolean")]
    written: list[bytes] = []
    result = read(table, Plan("point", columns=columns, key="no"), written.append)
    assert (result.rows, result.accepted, result.refused, result.fixes) == (3, 2, {"empty": 1}, {"value": 1})
    assert [list(each) for each in result.remarks] == [[2, ["value"], None, "02"], [3, [], "empty", "03"]]
    content = b"".join(written)
    assert b'{"no":"01","area":12.5,"booking":true}' in content
    assert b'{"no":"02","area":null,"booking":false}' in content


def test_the_order_of_the_axes_can_be_chosen(table: Path) -> None:
    assert read(table, Plan("point", swapped=True), lambda _block: None).refused == {"outside": 2, "empty": 1}


def test_a_file_that_cannot_be_read_is_a_code(tmp_path: Path) -> None:
    (tmp_path / "a.gpkg").write_bytes(b"SQLite format 3\0" + b"\0" * 200)
    with pytest.raises(FileError, match="broken"):
        look(tmp_path / "a.gpkg")


def test_the_process_has_neither_network_nor_much_memory() -> None:
    done = subprocess.run([sys.executable, "-c", CONFINED], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["no sockets", "no memory"]
