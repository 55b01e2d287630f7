"""The history that every city's schema follows."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from environment import run

import portal.models
from geo.tables import metadata as map_metadata
from portal.core.models import CityBase

assert portal.models  # noqa: S101 - importing it is what fills the metadata
run([CityBase.metadata, map_metadata])
