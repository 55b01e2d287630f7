"""The history of the shared schema."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from environment import run

from portal.core.models import SharedBase
from portal.core.tenancy import CityRow
from portal.handover import Handover

assert {CityRow.__table__, Handover.__table__} <= set(SharedBase.metadata.sorted_tables)  # noqa: S101 - importing it is what fills the metadata
run([SharedBase.metadata])
