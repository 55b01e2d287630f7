"""Procedures of a city hall as the language says them: no fault, nothing out of reach, and their examples come out."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from forms import City, check
from forms.checks import reach
from forms.definition.example import ExampleCity
from forms.walking import Coverage, walk

LARGE = {"nominal-support", "nursery-admission", "septic-tank-grant", "site-occupancy"}
"""Residents take seconds to walk through all of these."""
FILES = [
    pytest.param(file, id=file.stem, marks=[pytest.mark.slow] if file.stem in LARGE else [])
    for file in sorted(Path(__file__).with_name("procedures").glob("*.yaml"))
]
CITY: City = ExampleCity(key="hino", name="日野市", code="132128")
TODAY = date(2026, 5, 11)


@pytest.mark.parametrize("file", FILES)
def test_nothing_is_left_to_improve_but_translations_and_everything_in_it_is_met(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks: list[Coverage] = []

    def kept(*arguments: Any, **more: Any) -> Coverage:
        walks.append(walk(*arguments, **more))
        return walks[-1]

    monkeypatch.setattr(reach, "_kept", {})
    monkeypatch.setattr(reach, "walk", kept)
    diagnostics = check(file.read_bytes(), CITY, TODAY)
    assert [str(diagnostic) for diagnostic in diagnostics if not diagnostic.items] == []
    coverage, *_on_other_days = walks  # which is added to it
    assert coverage.covered
    assert not coverage.dead_ends
