"""Map layers at the terminal: imported, looked at, exported in every format, and brought back as they were."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.core.database import city_session
from tests.integration.cli.test_first_city import madoguchi, run
from tests.kit.city import inhabited

CITY = "hino"
FORMATS = ("gpkg", "geojson", "csv", "kml", "zip")


@pytest.fixture(scope="module")
def city() -> Iterator[None]:
    with inhabited([CITY], ()):
        yield


def lots(folder: Path, *numbers: str) -> Path:
    """A file with a square for each lot."""
    path = folder / "lots.geojson"
    squares = [
        [[139.39 + n / 1e3 + x, 35.67 + y] for x, y in ((0, 0), (5e-4, 0), (5e-4, 5e-4), (0, 5e-4), (0, 0))]
        for n, _number in enumerate(numbers)
    ]
    features = [
        {"type": "Feature", "properties": {"地番": number}, "geometry": {"type": "Polygon", "coordinates": [square]}}
        for number, square in zip(numbers, squares, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_a_layer_is_imported_compared_exported_and_restored(city: None, tmp_path: Path) -> None:
    new = ("--title", "筆", "--kind", "polygon", "--known-by", "地番", "--source", "日野市", "--note", "測量")
    assert "version 1, 2 features (+2 ~0 -0)" in run("layer", "import", CITY, "lots", lots(tmp_path, "1", "2"), *new)
    tried = run("layer", "import", CITY, "lots", lots(tmp_path, "1", "3"), "--known-by", "地番", "--dry-run")
    assert "lots: would change +1 ~0 -1" in tried
    assert "lots\tpolygon\tpublic\t2\t1\t筆" in run("layer", "list", CITY)
    run("layer", "import", CITY, "lots", lots(tmp_path, "1", "3"), "--known-by", "地番")
    for ending in FORMATS:
        path = tmp_path / f"out.{ending}"
        assert run("layer", "export", CITY, "lots", path).endswith("2 features\n")
        assert path.stat().st_size > 0
    first = tmp_path / "first.geojson"
    run("layer", "export", CITY, "lots", first, "--version", "1")
    assert {each["properties"]["地番"] for each in json.loads(first.read_text())["features"]} == {"1", "2"}
    assert "lots: version 3, 2 features" in run("layer", "restore", CITY, "lots", "1", "--note", "まちがい")
    told = [line.split("\t") for line in run("layer", "history", CITY, "lots").splitlines()]
    assert {line[0]: line[2:7] for line in told} == {
        "1": ["import", "2", "+2", "~0", "-0"],
        "2": ["import", "2", "+1", "~0", "-1"],
        "3": ["restore of 1", "2", "+1", "~0", "-1"],
    }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("import", CITY, "new", "FILE"), "new is new: it needs --title and --kind"),
        (("import", CITY, "new", "FILE", "--title", "x", "--kind", "polygon", "--colour", "red"), "not a colour"),
        (("export", CITY, "lots", "out.exe"), "must end in one of"),
        (("export", CITY, "lots", "out.csv", "--version", "99"), "no such version"),
        (("export", CITY, "no-such-layer", "out.csv"), "Error"),
        (("history", CITY, "no-such-layer"), "Error"),
        (("restore", CITY, "lots", "99"), "Error"),
        (("restore", "atlantis", "lots", "1"), "There is no city atlantis"),
    ],
)
def test_what_cannot_be_done_is_one_plain_line(
    city: None, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    file = str(lots(tmp_path, "1"))
    words = [
        file if word == "FILE" else str(tmp_path / word) if word.startswith("out.") else word for word in arguments
    ]
    result = madoguchi("layer", *words)
    assert result.exit_code == 1, result.output
    assert sentence in result.output
    assert "Traceback" not in result.output
    with city_session(CITY) as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM layer WHERE key = 'new'").scalar() == 0
