"""`madoguchi procedure reference` writes the pages of the language into a folder."""

from pathlib import Path

from click.testing import CliRunner

from forms import reference_pages
from portal.cli.procedure import procedure


def test_the_pages_are_written_into_a_folder_that_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "docs" / "reference"
    result = CliRunner().invoke(procedure, ["reference", str(folder)])
    assert (result.exit_code, result.output) == (0, "")
    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == dict(reference_pages())
