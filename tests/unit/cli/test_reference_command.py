"""`madoguchi procedure reference` writes the pages of the language into a folder."""

from pathlib import Path

from click.testing import CliRunner

from portal.cli.procedure import procedure

COMMITTED = Path(__file__).parents[3] / "docs" / "reference"
"""What they are is tested in tests/house/test_reference.py."""


def test_the_pages_are_written_into_a_folder_that_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "docs" / "reference"
    result = CliRunner().invoke(procedure, ["reference", str(folder)])
    assert (result.exit_code, result.output) == (0, "")
    written, committed = (
        {path.name: path.read_text("utf-8") for path in place.iterdir()} for place in (folder, COMMITTED)
    )
    assert written == committed
