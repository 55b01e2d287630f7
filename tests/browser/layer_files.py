"""Files of other offices as a department gets them: a shapefile of a surveyor, a table by the municipal open data standard."""

import csv
import io
import zipfile
from pathlib import Path

import numpy
import pyogrio
from shapely import MultiPolygon, Polygon, box, to_wkb

from common.plane import Plane

PLANE = Plane(6677)
"""The plane rectangular coordinate system IX (JGD2011)."""
EAST, NORTH = -38_200.0, -32_300.0
"""The south-western corner of the first lot, in its metres; in 立川市."""
PITCH, SIDE = 20.0, 16.0  # metres between lots, and of a lot
COLUMNS = ("用地の番号", "用地の種別", "使用料単価")
"""Names of the table of a shapefile: ten bytes in CP932, the most that it holds."""
LOTS = [("A-1", "買収済", 300), ("A-2", "買収済", 300), ("A-3", "代替地", 450), ("A-4", "残地", 120)]
"""The lots that are sound, from west to east: number, kind, yen for a square metre."""

_HEAD = [
    "全国地方公共団体コード",
    "ID",
    "地方公共団体名",
    "名称",
    "名称_カナ",
    "所在地_連結表記",
    "所在地_都道府県",
    "所在地_市区町村",
    "緯度",
    "経度",
    "高度の種別",
    "電話番号",
    "利用可能曜日",
    "開始時間",
    "終了時間",
    "備考",
]


class _Cp932Name(zipfile.ZipInfo):
    """A member whose name is written in CP932 without a word about it, as the folders of Windows do."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own name
        return self.filename.encode("cp932"), self.flag_bits


def lots(folder: Path) -> Path:
    """Lots of a road to come, as a ZIP file made on Windows: a folder, names and table in CP932, .prj but no .cpg.

    After the sound ones come one whose outline crosses itself, one without a shape and one with the number of another.
    """
    shapes: list[Polygon | MultiPolygon] = [_lot(n) for n in range(len(LOTS))]
    shapes[2] = MultiPolygon([_lot(2), _lot(2, 30)])
    x, y = EAST + PITCH * len(LOTS), NORTH
    crossing = Polygon([(x, y), (x + SIDE, y + SIDE), (x + SIDE, y), (x, y + SIDE)])
    rows = [*LOTS, ("A-5", "残地", 120), ("A-6", "残地", 120), ("A-1", "代替地", 450)]
    numbers, kinds, prices = (numpy.array(column, dtype=object) for column in zip(*rows, strict=True))
    pyogrio.raw.write(
        folder / "道路予定地.shp",
        numpy.array([*to_wkb([*shapes, crossing]), None, to_wkb(_lot(6))], dtype=object),
        [numbers, kinds, prices.astype("int32")],
        numpy.array(COLUMNS, dtype=object),
        driver="ESRI Shapefile",
        geometry_type="MultiPolygon",
        crs="EPSG:6677",
        encoding="CP932",
    )
    with zipfile.ZipFile(folder / "道路予定地.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.glob("道路予定地.*")):
            if file.suffix in {".shp", ".shx", ".dbf", ".prj"}:
                archive.writestr(_Cp932Name(f"令和8年度/{file.name}"), file.read_bytes())
    return folder / "道路予定地.zip"


def corner_of(n: int, east: float, north: float) -> tuple[float, float]:
    """A spot of a lot, so many metres from its south-western corner: longitude and latitude."""
    [(lon, lat)] = PLANE.locate([(EAST + n * PITCH + east, NORTH + north)])
    return lon, lat


def facilities(folder: Path) -> Path:
    """公共施設一覧 of the municipal open data standard, in CP932: two sound rows; one has latitude and longitude changed over, one an address in
    their place, one letters, and one lies in another country.
    """
    rows = [
        ("F001", "第一詰所", "泉町1156-9", "35.7139", "139.4070"),
        ("F002", "第二詰所", "曙町二丁目", "35.7004", "139.4150"),
        ("F003", "第三詰所", "柴崎町五丁目", "139.4080", "35.6920"),
        ("F004", "第四詰所", "泉町1156-9", "", ""),
        ("F005", "第五詰所", "未定", "北緯35度", "東経139度"),
        ("F006", "第六詰所", "不明", "12.5", "100.4"),
    ]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEAD)
    for number, name, address, lat, lon in rows:
        at = f"東京都立川市{address}"
        writer.writerow(
            [
                "132021",
                number,
                "東京都立川市",
                name,
                "",
                at,
                "東京都",
                "立川市",
                lat,
                lon,
                "",
                "",
                "月火水木金",
                "09:00",
                "17:00",
                "",
            ]
        )
    path = folder / "130001_public_facility.csv"
    path.write_bytes(text.getvalue().encode("cp932"))
    return path


def _lot(n: int, north: float = 0) -> Polygon:
    x, y = EAST + n * PITCH, NORTH + north
    return box(x, y, x + SIDE, y + SIDE)
