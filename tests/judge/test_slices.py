"""A short slice of what `scripts/judge` does (every door is tried by tests/integration/access), and that the judge says so when a promise was broken."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.judge.report import Report, summary, upheld

SLICE = (
    "--seed",
    "1",
    "--doors",
    "40",
    "--seconds",
    "4",
    "--requests",
    "150",
    "--rounds",
    "1",
    "--clients",
    "2",
    "--kill",
    "web worker",
    "--payments",
    "30",
)
PARTS = ("rights", "races", "fuzz", "kills", "chaos", "books")


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """The judge's reports, by part."""
    file = tmp_path_factory.mktemp("judge") / "reports.json"
    command = [sys.executable, "-m", "tests.judge", *SLICE, "--json", str(file)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert file.exists(), done.stderr[-3000:]
    return {report["part"]: Report(**report) for report in json.loads(file.read_text(encoding="utf-8"))}


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_promises_are_kept(reports: dict[str, Report], part: str) -> None:
    assert reports[part].faults == []
    assert reports[part].requests > 0


@pytest.mark.parametrize(
    "reports_of_a_run",
    [
        [],
        [Report("fuzz")],
        [Report("fuzz", requests=9), Report("kills", requests=9, faults=["lost: application x"])],
    ],
)
def test_a_broken_promise_or_an_empty_run_is_not_upheld(reports_of_a_run: list[Report]) -> None:
    assert not upheld(reports_of_a_run)
    assert "PROMISES WERE BROKEN" in summary(reports_of_a_run, seed=1, seconds=1)


def test_notes_do_not_break_a_promise_but_are_shown() -> None:
    report = Report("fuzz", requests=9, notes=["GET / as anonymous: 200 after 4.0 s"])
    assert upheld([report])
    assert "after 4.0 s" in summary([report], seed=1, seconds=1)
