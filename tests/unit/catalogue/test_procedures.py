"""Procedures of a city hall as the language says them: no fault, nothing out of reach, and their examples come out."""

from datetime import date
from pathlib import Path

import pytest

from forms import City, check
from forms.definition.example import ExampleCity
from forms.walking.walk import walk
from tests.kit.catalogue import loaded

LARGE = {"nominal-support", "nursery-admission", "septic-tank-grant", "site-occupancy"}
"""Residents take seconds to walk through all of these."""
FILES = [
    pytest.param(file, id=file.stem, marks=[pytest.mark.slow] if file.stem in LARGE else [])
    for file in sorted(Path(__file__).with_name("procedures").glob("*.yaml"))
]
CITY: City = ExampleCity(key="hino", name="日野市", code="132128")
TODAY = date(2026, 5, 11)


@pytest.mark.parametrize("file", FILES)
def test_nothing_is_left_to_improve_but_translations(file: Path) -> None:
    diagnostics = check(file.read_bytes(), CITY, TODAY)
    assert [str(diagnostic) for diagnostic in diagnostics if not diagnostic.items] == []


@pytest.mark.parametrize("file", FILES)
def test_everything_in_it_is_met(file: Path) -> None:
    coverage = walk(loaded(file), today=TODAY, city=CITY)
    assert coverage.covered
    assert not coverage.dead_ends
